package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/store"
)

// Erase deletes all that is kept of the calls that refs name, or of the customer that is set, and says which
// calls these were. In a dry run nothing is deleted.
func Erase(ctx context.Context, env Env, refs []string, in io.Reader) error {
	if (len(refs) == 0) == (env.Config.Customer == "") {
		return fmt.Errorf("name calls, or a customer by --customer: %w", call.ErrInvalid)
	}
	if env.Config.Customer == "-" {
		line, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read number: %w", err)
		}
		if env.Config.Customer = strings.TrimSpace(line); env.Config.Customer == "" {
			return fmt.Errorf("no number stands on standard input: %w", call.ErrInvalid)
		}
	}
	open := env.writing
	if env.Config.DryRun {
		open = env.reading
	}
	return open(ctx, func(st *store.Store) error { return env.erase(ctx, st, refs) })
}

// request is what is to be deleted on request.
type request struct {
	DryRun   bool     `json:"dry_run"`
	Calls    []string `json:"calls"`               // IDs
	Failures int      `json:"failures"`            // recordings of the customer that could not be worked on
	Aside    int      `json:"set_aside,omitempty"` // jobs of the customer that were set aside

	hashes   []string
	failures []call.Failure
	aside    []store.Job
}

func (e Env) erase(ctx context.Context, st *store.Store, refs []string) error {
	asked, err := e.request(ctx, st, refs)
	if err != nil {
		return err
	}
	if len(asked.hashes) == 0 && len(asked.failures) == 0 && len(asked.aside) == 0 {
		return fmt.Errorf("nothing is stored of this customer: %w", call.ErrNotFound)
	}
	if !e.Config.DryRun {
		if err := e.eraseNow(ctx, st, asked); err != nil {
			return err
		}
	}
	if e.Config.JSON {
		if err := json.NewEncoder(e.Out).Encode(asked); err != nil {
			return fmt.Errorf("print calls: %w", err)
		}
		return nil
	}
	for _, id := range asked.Calls {
		fmt.Fprintln(e.Out, id)
	}
	if e.Config.DryRun {
		e.say("会删除 %d 通通话的数据和 %d 条失败记录；试算，什么也没有删", "the data of %d calls and %d records of failures would be deleted; a dry run, nothing was",
			len(asked.Calls), asked.Failures)
		e.sayAside(asked.Aside)
		return nil
	}
	e.say("已删除 %d 通通话的数据和 %d 条失败记录。录音文件、已导出的报告和备份不在其中，请另行处理", "the data of %d calls and %d records of failures were deleted. Recordings, reports that were written and backups are not among them: see to those as well",
		len(asked.Calls), asked.Failures)
	e.sayAside(asked.Aside)
	return nil
}

// eraseNow audits what is to go before it goes: which calls, never whose.
func (e Env) eraseNow(ctx context.Context, st *store.Store, asked request) error {
	what := fmt.Sprintf("retention erase %d calls [%s] and %d failures by %s", len(asked.Calls), strings.Join(asked.Calls, " "), asked.Failures, e.deleter())
	if asked.Aside > 0 {
		what += fmt.Sprintf(" and %d jobs set aside", asked.Aside)
	}
	if e.Config.Customer != "" {
		what += ", all of one customer"
	}
	note := lexicon.Mask(e.Config.Note)
	if note != "" {
		what += ": " + note
	}
	if err := e.audit(what); err != nil {
		return fmt.Errorf("data are deleted only when that can be logged: %w", err)
	}
	if err := e.dropUploads(ctx, asked.hashes); err != nil { // before the rows that tell of them
		return err
	}
	why := store.Erasure{Reason: store.ErasedOnRequest, By: e.deleter(), Note: note}
	if _, err := st.Erase(ctx, asked.hashes, why); err != nil {
		return err
	}
	_, err := st.EraseFailures(ctx, asked.failures)
	_, aside := e.eraseAside(ctx, st, asked.aside)
	return errors.Join(err, aside)
}

// request finds what refs or the customer that is set stand for.
func (e Env) request(ctx context.Context, st *store.Store, refs []string) (request, error) {
	asked := request{DryRun: e.Config.DryRun, Calls: []string{}}
	var found []call.Recording
	for _, ref := range refs {
		rec, err := st.FindAny(ctx, ref)
		if err != nil {
			return asked, err
		}
		found = append(found, rec)
	}
	if e.Config.Customer != "" {
		var err error
		if found, err = st.OfCustomer(ctx, e.Config.Customer); err != nil {
			return asked, err
		}
		if asked.failures, err = failuresOf(ctx, st, e.Config.Customer); err != nil {
			return asked, err
		}
		if asked.aside, err = asideOf(ctx, st, e.Config.Customer); err != nil {
			return asked, err
		}
	}
	for _, rec := range found {
		if !slices.Contains(asked.hashes, rec.SHA256) {
			asked.Calls, asked.hashes = append(asked.Calls, rec.ID), append(asked.hashes, rec.SHA256)
		}
	}
	asked.Failures, asked.Aside = len(asked.failures), len(asked.aside)
	return asked, nil
}

// failuresOf returns the failures of recordings whose names hold the customer's number.
func failuresOf(ctx context.Context, st *store.Store, number string) ([]call.Failure, error) {
	number = store.PlainNumber(number)
	all, err := st.Failures(ctx, store.FailureFilter{})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(f call.Failure) bool { return !store.NameHolds(f.Path, number) }), nil
}

// RetentionLog prints what was deleted in the days that are set, the latest first: when, by whom and why.
func RetentionLog(ctx context.Context, env Env) error {
	return env.reading(ctx, func(st *store.Store) error {
		filter := env.filter()
		list, err := st.Erasures(ctx, filter.Since, filter.Until)
		if err != nil {
			return err
		}
		if env.Config.JSON {
			enc := json.NewEncoder(env.Out)
			for _, e := range list {
				if err := enc.Encode(e); err != nil {
					return fmt.Errorf("print log: %w", err)
				}
			}
			return nil
		}
		for _, e := range list {
			fmt.Fprintf(env.Out, "%s  %s  %s  %s  %s\n", e.At.In(env.zone()).Format(time.DateTime), e.ID, env.reason(e.Reason), e.By, e.Note)
		}
		return nil
	})
}

func (e Env) reason(reason string) string {
	if reason == store.ErasedForAge {
		return e.text("到期", "age")
	}
	return e.text("应要求", "request")
}
