package app

import (
	"context"
	"errors"

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
	_, _, err = source.Scan(ctx, nil, env.sourceConfig())
	report("文件名规则", "file-name patterns", err)
	lex, err := env.openLexicon(&open)
	report("词库", "lexicons", err)
	if err == nil {
		report("热词", "hot words", checkHotWords(env.Config.HotWords, lex))
	}
	card, cardErr := score.LoadScorecard(env.Config.Scorecard)
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
