package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
	"github.com/zhijian-qa/zhijian/worker"
)

// Transcribe prints what is said in each of the files: as text, as subtitles, or as JSON Lines in
// the form of a scored call without a score. Nothing is kept. Files that fail are named on env.Err;
// then the error is ErrSomeFailed.
func Transcribe(ctx context.Context, env Env, paths []string) (err error) {
	mask, err := env.mask("transcribe")
	if err != nil {
		return err
	}
	items, problems, err := source.Scan(ctx, paths, env.sourceConfig())
	if err != nil {
		return err
	}
	if len(items)+len(problems) == 0 {
		return ErrNothingFound
	}
	var open closers
	defer func() { err = joinClose(err, &open) }()
	s, err := env.openScribe(ctx, &open)
	if err != nil {
		return err
	}
	s.lines = report.NewLines(env.Out, mask)
	for _, p := range problems {
		if err := s.failed(call.Failure{Path: p.Path, Code: p.Err.Code, Message: p.Err.Error()}); err != nil {
			return err
		}
	}
	for _, item := range items {
		record, err := s.record(ctx, item)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			err = s.failed(call.Failure{Path: item.Path, Code: call.FaultCode(err), Message: err.Error()})
		default:
			err = s.print(record, mask)
		}
		if err != nil {
			return err
		}
	}
	if s.failures > 0 {
		return ErrSomeFailed
	}
	return nil
}

// scribe transcribes one file after another.
type scribe struct {
	env         Env
	listener    *worker.Listener
	transcriber *transcribe.Transcriber
	roles       *score.Scorer // puts swapped ones right, if the settings say so
	lines       *report.Lines
	failures    int
}

// failed names a file that could not be transcribed.
func (s *scribe) failed(f call.Failure) error {
	s.failures++
	s.env.sayFailure(f)
	if s.env.printsJSON() {
		return s.lines.Failure(f)
	}
	return nil
}

func (e Env) printsJSON() bool { return e.Config.JSON || e.Config.Format == "json" }

func (e Env) openScribe(ctx context.Context, open *closers) (*scribe, error) {
	model, weights, err := e.openModel(ctx, open)
	if err != nil {
		return nil, err
	}
	cfg, err := e.workerConfig(weights)
	if err != nil {
		return nil, err
	}
	if err := e.checkHotWords(open); err != nil {
		return nil, err
	}
	if err := whisper.CheckOptions(cfg.Transcribe.Options); err != nil {
		return nil, err
	}
	engines, err := worker.OpenEngines(ctx, 1, e.workers(), func() (worker.Recogniser, error) { return model.NewEngine() }, e.Log)
	if err != nil {
		return nil, err
	}
	open.add(engines.Close)
	s := &scribe{env: e, listener: worker.NewListener(cfg), transcriber: transcribe.NewShared(engines.ForCall(), cfg.Transcribe)}
	if cfg.FixSwapped {
		s.roles, err = e.openScorer(open)
	}
	return s, err
}

func (s *scribe) record(ctx context.Context, item source.Item) (score.Record, error) {
	recording, err := s.listener.Identify(ctx, item)
	if err != nil {
		return score.Record{}, err
	}
	heard, err := s.listener.Listen(ctx, s.transcriber, recording, item.File())
	if err != nil {
		return score.Record{}, err
	}
	if s.roles != nil {
		heard.Health, heard.Transcript = s.roles.PutRight(heard.Health, heard.Transcript)
	}
	return score.Record{Recording: heard.Recording, Health: heard.Health, Transcript: heard.Transcript}, nil
}

func (s *scribe) print(record score.Record, mask func(string) string) error {
	if s.env.printsJSON() {
		return s.lines.Transcript(record)
	}
	record = report.MaskRecord(record, mask)
	if s.env.Config.Format == "srt" {
		return s.env.writeSRT(record.Transcript)
	}
	for _, turn := range record.Transcript.Turns() {
		if _, err := fmt.Fprintf(s.env.Out, "%s %s  %s\n", turn.Start, s.env.party(turn.Role), turn.Text()); err != nil {
			return fmt.Errorf("print transcript: %w", err)
		}
	}
	return nil
}

func (e Env) party(role call.Role) string {
	switch role {
	case call.RoleAgent:
		return e.text("坐席", "agent   ")
	case call.RoleCustomer:
		return e.text("客户", "customer")
	}
	return e.text("未知", "unknown ")
}

func (e Env) writeSRT(transcript call.Transcript) error {
	var text strings.Builder
	n := 0
	for _, turn := range transcript.Turns() {
		for _, u := range turn.Utterances {
			n++
			fmt.Fprintf(&text, "%d\n%s --> %s\n[%s] %s\n\n", n, srtTime(u.Start), srtTime(u.End), strings.TrimSpace(e.party(u.Role)), u.Text)
		}
	}
	if _, err := io.WriteString(e.Out, text.String()); err != nil {
		return fmt.Errorf("print subtitles: %w", err)
	}
	return nil
}

func srtTime(m call.Millis) string {
	return fmt.Sprintf("%02d:%02d:%02d,%03d", m/3_600_000, m/60_000%60, m/1000%60, m%1000)
}
