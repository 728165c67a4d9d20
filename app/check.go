package app

import (
	"context"
	"errors"
	"time"

	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
)

// ErrCheckFailed says that a check found faults; each has been named.
var ErrCheckFailed = errors.New("the check found faults")

// Check reads the lexicons, the scorecard and the file-name patterns and runs the examples that every
// rule carries. The settings themselves were checked when env was made. All faults are named on env.Err.
func Check(ctx context.Context, env Env) (err error) {
	var open closers
	defer func() { err = joinClose(err, &open) }()
	faults := 0
	report := func(zh, en string, err error) {
		if err == nil {
			env.say("✔ "+zh, "✔ "+en)
			return
		}
		faults++
		env.say("✘ %s：\n%v", "✘ %s:\n%v", env.text(zh, en), err)
	}
	report("设置", "settings", nil)
	_, err = env.policy()
	report("保存期限", "keeping times", err)
	if env.Config.Store != "" {
		report("数据库", "database", store.Reach(ctx, env.Config.Store))
	}
	if env.Config.Queue != "" {
		report("队列", "queue", queue.Reach(ctx, env.queueConfig(workerName())))
	}
	_, _, err = source.Scan(ctx, nil, env.sourceConfig())
	report("文件名规则", "file-name patterns", err)
	env.checkService(ctx, report)
	lex, err := env.openLexicon(&open)
	report("词库", "lexicons", err)
	if err == nil {
		report("热词", "hot words", checkHotWords(env.Config.HotWords, lex))
	}
	card, cardErr := score.CheckScorecard(env.Config.Scorecard, lexicon.NamesIn(env.Config.Lexicons))
	report("评分卡", "scorecard", cardErr)
	if err == nil && cardErr == nil {
		scorer, err := score.New(lex, card, env.scoreConfig())
		if err == nil {
			err = scorer.CheckExamples()
		}
		report("规则与示例", "rules and their examples", err)
	}
	if faults > 0 {
		return ErrCheckFailed
	}
	return nil
}

// sourceLimit is how long a source may take to show that it can be reached.
const sourceLimit = 20 * time.Second

// checkService looks at what serve needs: who may use it, and where recordings come from.
func (e Env) checkService(ctx context.Context, report func(zh, en string, err error)) {
	_, err := e.openAccess()
	report("访问控制", "access", err)
	for _, set := range e.Config.Sources {
		report("录音来源 "+set.Name, "source "+set.Name, e.reachSource(ctx, set))
	}
}

func (e Env) reachSource(ctx context.Context, set config.Source) error {
	ctx, cancel := context.WithTimeout(ctx, sourceLimit)
	defer cancel()
	bucket, err := source.OpenBucket(ctx, e.bucketConfig(set))
	if err != nil {
		return err
	}
	return bucket.Reach(ctx)
}
