package app

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/worker"
)

// progress shows how far a day is: calls, hours of audio, times real time and the time to go. Its
// bar moves with the bytes of the recordings, since their lengths are not known before.
type progress struct {
	env     Env
	bar     *progressbar.ProgressBar // nil when nobody watches
	started time.Time
	total   int
	done    int
	failed  int
	fresh   int
	audio   call.Millis // of the recordings transcribed in this run
}

func newProgress(env Env, items []source.Item, started time.Time) *progress {
	p := &progress{env: env, started: started, total: len(items)}
	if !env.Terminal {
		return p
	}
	var bytes int64
	for _, item := range items {
		bytes += size(item.Path)
	}
	p.bar = progressbar.NewOptions64(max(1, bytes),
		progressbar.OptionSetWriter(env.Err),
		progressbar.OptionSetDescription(p.describe()),
		progressbar.OptionSetWidth(24),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(200*time.Millisecond),
	)
	return p
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// add counts one recording that is done.
func (p *progress) add(done worker.Done) {
	p.done++
	switch {
	case done.Err != nil:
		p.failed++
	case done.Fresh:
		p.fresh++
		p.audio += done.Record.Recording.Duration
	}
	if p.bar != nil {
		p.bar.Describe(p.describe())
		_ = p.bar.Add64(size(done.Item.Path)) // a terminal that is gone stops no work
	}
}

func (p *progress) describe() string {
	return fmt.Sprintf(p.env.text("质检 %d/%d 通 · 录音 %.1f 小时 · %.0f 倍实时", "scoring %d/%d calls · %.1f h audio · %.0f× real time"),
		p.done, p.total, p.audio.Seconds()/3600, p.speed())
}

// speed is the length of the recordings transcribed in this run ÷ the time it took, model load included.
func (p *progress) speed() float64 {
	took := time.Since(p.started).Seconds()
	if took <= 0 {
		return 0
	}
	return p.audio.Seconds() / took
}

// finish takes the bar away and says what was done.
func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	p.env.say("完成 %d/%d 通（新转写 %d 通，失败 %d 通），新转写录音 %.2f 小时，%.0f 倍实时，用时 %s",
		"%d of %d calls done (%d newly transcribed, %d failed), %.2f h of audio transcribed, %.0f× real time, took %s",
		p.done, p.total, p.fresh, p.failed, p.audio.Seconds()/3600, p.speed(), time.Since(p.started).Round(100*time.Millisecond))
}
