package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
)

// Report writes report.xlsx, report.csv, report.json and report.html of the stored calls into the
// folder that is set (default: report), and prints the group that is asked for. With JSON it prints
// the report as JSON and writes no files.
func Report(ctx context.Context, env Env) error {
	mask, err := env.mask("report")
	if err != nil {
		return err
	}
	return env.reading(ctx, func(st *store.Store) error { return env.report(ctx, st, mask) })
}

func (e Env) report(ctx context.Context, st *store.Store, mask func(string) string) error {
	filter := e.filter()
	failures, err := st.Failures(ctx, store.FailureFilter{Since: filter.Since, Until: filter.Until})
	if err != nil {
		return err
	}
	built, err := report.Build(st.Calls(ctx, filter), failures, report.Options{
		Lang: e.Config.Lang, Mask: mask, MinCalls: e.Config.MinCalls, Colour: e.Colour, Zone: e.zone(), Now: time.Now(),
	})
	if err != nil {
		return err
	}
	if e.Config.JSON {
		return built.WriteJSON(e.Out)
	}
	var clips report.Clips
	if e.Config.Clips {
		if clips, err = e.clipsOf(ctx, st, built.DetailIDs()); err != nil {
			return err
		}
	}
	if err := e.writeReport(built, clips); err != nil {
		return err
	}
	return built.WriteGroups(e.Out, e.Config.By)
}

// filter turns the days that are set into instants of the configured zone; until is inclusive.
func (e Env) filter() store.CallFilter {
	var filter store.CallFilter
	if day, err := time.ParseInLocation(time.DateOnly, e.Config.Since, e.zone()); err == nil {
		filter.Since = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, e.Config.Until, e.zone()); err == nil {
		filter.Until = day.AddDate(0, 0, 1)
	}
	return filter
}

func (e Env) writeReport(built *report.Report, clips report.Clips) error {
	folder := cmp.Or(e.Config.Out, "report")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make report folder: %w", err)
	}
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.xlsx", built.WriteXLSX},
		{"report.csv", func(w io.Writer) error { return built.WriteCSV(w, "") }},
		{"report.json", built.WriteJSON},
		{"report.html", func(w io.Writer) error { return built.WriteHTML(w, clips) }},
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(folder, f.name), f.write); err != nil {
			return err
		}
	}
	e.say("报告已写入 %s", "report written to %s", folder)
	return nil
}

// writeFile writes a file whole or not at all.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer os.Remove(file.Name())
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// clipsOf cuts the audio behind every lost point of the calls whose scorecards the page shows. A
// recording that is gone or cannot be read has none.
func (e Env) clipsOf(ctx context.Context, st *store.Store, ids []string) (report.Clips, error) {
	clips := report.Clips{}
	for _, id := range ids {
		record, err := st.FindCall(ctx, id)
		if err != nil {
			return nil, err
		}
		err = e.clip(ctx, st, record, clips)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			e.sayWarning(call.Failure{Path: record.Recording.Path, Code: call.FaultCode(err), Message: err.Error()})
		}
	}
	return clips, nil
}

func (e Env) clip(ctx context.Context, st *store.Store, record score.Record, clips report.Clips) error {
	findings, err := findingsOf(record, "", e.Config.Lang)
	if err != nil {
		return nil // nothing was lost in this call
	}
	cutter, err := e.openCutter(ctx, st, record)
	if err != nil {
		return err
	}
	defer cutter.close()
	for _, f := range findings {
		if f.figure && f.span.Length() > maxReportClip {
			continue // a share of the whole call is nothing to listen to
		}
		wav, err := cutter.cut(ctx, f.span, maxReportClip)
		if err != nil {
			return err
		}
		clips.Add(record.Recording.ID, f.rule, f.number, wav)
	}
	return nil
}
