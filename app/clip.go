package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// The longest clips: evidence of an absence may be the whole call. Those inside a report are shorter,
// since the page carries them all.
const (
	maxClip       = call.Millis(60_000)
	maxReportClip = call.Millis(20_000)
)

// Clip writes the audio behind the findings of the call that ref names: of the rule that is set, else
// of every criterion that lost points or awaits review. Both channels are kept, each finding is a WAV
// file of its own, and the names of the files are printed. Personal data are silenced unless the
// settings say otherwise, which is audited.
func Clip(ctx context.Context, env Env, ref string) error {
	if _, err := env.mask("clip " + ref); err != nil {
		return err
	}
	return env.reading(ctx, func(st *store.Store) error {
		record, err := st.FindCall(ctx, ref)
		if err != nil {
			return err
		}
		findings, err := findingsOf(record, env.Config.Rule, env.Config.Lang)
		if err != nil {
			return err
		}
		return env.writeClips(ctx, st, record, findings)
	})
}

func (e Env) writeClips(ctx context.Context, st *store.Store, record score.Record, findings []finding) error {
	folder := cmp.Or(e.Config.Out, ".")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	cutter, err := e.openCutter(ctx, st, record)
	if err != nil {
		return err
	}
	defer cutter.close()
	for _, f := range findings {
		wav, err := cutter.cut(ctx, f.span, maxClip)
		if err != nil {
			return err
		}
		name := filepath.Join(folder, fmt.Sprintf("%s-%s-%d.wav", record.Recording.ID, f.rule, f.number))
		if err := writeFile(name, func(w io.Writer) error { _, err := w.Write(wav); return err }); err != nil {
			return err
		}
		fmt.Fprintf(e.Out, "%s\t%s–%s\t%s\n", name, f.span.Start, f.span.End, f.name)
	}
	return nil
}

// finding is one piece of evidence of one criterion, counted from 1.
type finding struct {
	rule, name string
	number     int
	span       call.Span
	figure     bool // the evidence is a figure over the span, not a place in it
}

func findingsOf(record score.Record, rule, lang string) ([]finding, error) {
	var found []finding
	known := false
	for _, c := range record.Score.Criteria {
		known = known || c.Rule == rule
		lost := c.Outcome == score.OutcomeFail || c.Outcome == score.OutcomeReview || c.Points < c.Potential
		if (rule == "" && lost) || c.Rule == rule {
			for i, e := range c.Evidence {
				found = append(found, finding{rule: c.Rule, name: report.RuleName(lang, c), number: i + 1, span: e.Span, figure: e.Measure != nil})
			}
		}
	}
	switch {
	case rule != "" && !known:
		return nil, fmt.Errorf("the scorecard of this call has no rule %s: %w", rule, call.ErrNotFound)
	case len(found) == 0:
		return nil, fmt.Errorf("this call has no evidence to cut: %w", call.ErrNotFound)
	}
	return found, nil
}

// cutter cuts WAV clips out of one recording.
type cutter struct {
	file    *audio.File
	margin  call.Millis
	muted   []call.Span  // where personal data are spoken
	release func() error // of a copy
}

// openCutter opens the recording where it was seen and still is what was scored: evidence is never
// cut from another recording that has taken its name.
func (e Env) openCutter(ctx context.Context, st *store.Store, record score.Record) (*cutter, error) {
	paths, err := st.Paths(ctx, record.Recording.SHA256)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		name, release := e.reach(ctx, path)
		if hash, err := audio.Hash(ctx, name); err != nil || hash != record.Recording.SHA256 {
			_ = release() // a copy of our own
			continue
		}
		file, err := audio.Open(ctx, name, e.audioConfig())
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open recording: %w", err), release())
		}
		c := &cutter{file: file, margin: call.Millis(e.Config.Margin * 1000), release: release}
		if !e.Config.Unmasked {
			c.muted = personalSpans(record.Transcript)
		}
		return c, nil
	}
	return nil, call.NewFault("recording_gone", "the recording is not where it was seen, or is another one by now; score it at its new place", call.ErrNotFound)
}

func (c *cutter) close() {
	_ = c.file.Close() // it was only read
	_ = c.release()
}

// cut returns span with the margin on both sides, no more than limit, as a WAV file.
func (c *cutter) cut(ctx context.Context, span call.Span, limit call.Millis) ([]byte, error) {
	info := c.file.Info()
	span = span.Widen(c.margin, info.Duration)
	span.End = min(span.End, span.Start+limit)
	channels, err := c.file.Excerpt(ctx, span)
	if err != nil {
		return nil, fmt.Errorf("cut clip: %w", err)
	}
	mute(channels, info.Rate, span.Start, c.muted)
	var wav bytes.Buffer
	if err := audio.WriteWAV(&wav, info.Rate, channels); err != nil {
		return nil, err
	}
	return wav.Bytes(), nil
}
