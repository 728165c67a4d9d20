package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/store"
)

// maxLabels is how large a file of labels may be: some 10,000 calls with their words.
const maxLabels = 64 << 20

// Eval holds stored results against the labels in files and prints how far they agree. Labelled calls that
// have no result are named and left out; the error is then ErrSomeFailed.
func Eval(ctx context.Context, env Env, files []string) error {
	mask, err := env.mask("eval")
	if err != nil {
		return err
	}
	labels, err := readLabels(files)
	if err != nil {
		return env.labelFaults(err)
	}
	return env.reading(ctx, func(st *store.Store) error {
		calls, missing, err := env.labelled(ctx, st, labels)
		if err != nil {
			return err
		}
		if len(calls) == 0 {
			return fmt.Errorf("没有可以对比的通话：先用 zhijian score 为这些录音评分，或用 --data-dir 指明结果所在；call 写编号、编号开头或文件名 "+
				"nothing to compare: score these recordings first, or name the folder of results by --data-dir; call is an ID, the beginning of one, or a file name: %w", call.ErrNotFound)
		}
		if err := eval.Check(calls); err != nil {
			return env.labelFaults(err)
		}
		evaluation := eval.Evaluate(calls)
		evaluation.Missing = append(evaluation.Missing, missing...)
		if err := env.showEvaluation(evaluation, mask); err != nil {
			return err
		}
		if len(missing) > 0 {
			return missingCalls(len(missing))
		}
		return nil
	})
}

func (e Env) showEvaluation(evaluation *eval.Evaluation, mask func(string) string) error {
	if e.Config.JSON {
		return report.WriteEvaluationJSON(e.Out, evaluation, e.reportOptions(mask))
	}
	return report.WriteEvaluation(e.Out, evaluation, e.reportOptions(mask))
}

// readLabels reads every file; the error joins the faults of all.
func readLabels(files []string) ([]eval.Labels, error) {
	var all []eval.Labels
	var faults eval.Faults
	for _, file := range files {
		data, err := readBounded(file)
		if err != nil {
			faults.Add(eval.Fault{File: file, Message: err.Error()})
			continue
		}
		labels, err := eval.Read(file, data)
		var found *eval.Faults
		if errors.As(err, &found) {
			for _, f := range found.All() {
				faults.Add(f)
			}
		}
		all = append(all, labels...)
	}
	return all, faults.Err()
}

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("找不到该文件 there is no such file")
	case err != nil:
		return nil, errors.New("无法读取 it cannot be read")
	case info.IsDir():
		return nil, errors.New("这是文件夹，请列出其中的文件，如 labels/*.json this is a folder: name its files, as in labels/*.json")
	case info.Mode().IsRegular() && info.Size() > maxLabels:
		return nil, fmt.Errorf("超过 %d MB，不像标注文件 it is larger than %[1]d MB", maxLabels>>20)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, errors.New("无法读取，请检查权限 it cannot be read: check its permissions")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxLabels+1))
	if err != nil {
		return nil, errors.New("无法读取 it cannot be read")
	}
	return data, nil
}

// labelFaults hides personal data that a path or a message may hold.
func (e Env) labelFaults(err error) error {
	var found *eval.Faults
	if !errors.As(err, &found) {
		return err
	}
	lines := []string{"标注有误，未作对比 the labels have faults, nothing was compared:"}
	for _, f := range found.All() {
		f.File = report.MaskPath(f.File, "", e.hide())
		lines = append(lines, report.Printable(f.Error()))
	}
	return fmt.Errorf("%s\n%w", strings.Join(lines, "\n"), errLabels)
}

// errLabels says that labels cannot be used.
var errLabels = errors.New("格式见 docs/eval.md see docs/eval.md for the form of labels")

// labelled finds the result of each labelled call; those without one are named.
func (e Env) labelled(ctx context.Context, st *store.Store, labels []eval.Labels) ([]eval.Labelled, []eval.Missing, error) {
	var found []eval.Labelled
	var missing []eval.Missing
	for _, l := range labels {
		record, err := st.FindJudged(ctx, l.Call)
		switch {
		case errors.Is(err, call.ErrNotFound):
			missing = append(missing, eval.Missing{Call: l.Call, Place: l.At.String(), Reason: "not_found"})
			e.sayMissing(missing, e.text("没有这通电话的评分结果", "there is no result of this call"))
		case errors.Is(err, call.ErrConflict):
			missing = append(missing, eval.Missing{Call: l.Call, Place: l.At.String(), Reason: "ambiguous"})
			e.sayMissing(missing, e.text("不止一通电话叫这个名字，请写编号", "several calls are called that: write the ID"))
		case err != nil:
			return nil, nil, err
		default:
			record.Recording.Path = report.MaskPath(record.Recording.Path, record.Recording.Customer, e.hide())
			found = append(found, eval.Labelled{Labels: l, Record: record})
		}
	}
	if more := len(missing) - namedMissing; more > 0 {
		e.say("另有 %d 通没有结果，见 --json", "%d more without a result, see --json", more)
	}
	return found, missing, nil
}

// namedMissing is how many labelled calls without a result are named on standard error.
const namedMissing = 20

// sayMissing names the last of labelled calls that have no result.
func (e Env) sayMissing(missing []eval.Missing, why string) {
	if len(missing) > namedMissing {
		return
	}
	m := missing[len(missing)-1]
	place, name := report.MaskPath(m.Place, "", e.hide()), report.MaskPath(m.Call, "", e.hide())
	fmt.Fprintf(e.Err, "%s: %s [%s] %s\n", report.Printable(place), report.Printable(name), m.Reason, why)
}

// missingCalls is how many labelled calls were left out; it counts as ErrSomeFailed.
type missingCalls int

// Error says how many.
func (m missingCalls) Error() string {
	return fmt.Sprintf("%d 通标注的通话没有结果，其余已对比 labelled calls without a result: %[1]d, the others are compared", int(m))
}

// Is reports whether target is ErrSomeFailed.
func (m missingCalls) Is(target error) bool { return target == ErrSomeFailed }

// LabelTemplate prints labels of the calls that refs name, as the program has them, for people to check.
func LabelTemplate(ctx context.Context, env Env, refs []string) error {
	mask, err := env.mask("eval --template " + strings.Join(refs, " "))
	if err != nil {
		return err
	}
	return env.reading(ctx, func(st *store.Store) error {
		var labels []eval.Labels
		for _, ref := range refs {
			record, err := st.FindJudged(ctx, ref)
			if err != nil {
				return err
			}
			labels = append(labels, report.Template(record, env.reportOptions(mask)))
		}
		if env.Config.CSV {
			return report.WriteLabelsCSV(env.Out, labels)
		}
		return report.WriteLabels(env.Out, labels)
	})
}
