package app

import (
	"context"
	"encoding/hex"
	"path"
	"slices"

	"github.com/zhijian-qa/zhijian/store"
)

// asideOf returns the jobs of the customer with that number that were set aside.
func asideOf(ctx context.Context, st *store.Store, number string) ([]store.Job, error) {
	number = store.PlainNumber(number)
	all, err := st.Jobs(ctx, store.JobFilter{States: []store.JobState{store.JobSetAside}})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(j store.Job) bool { return !j.IsOfCustomer(number) }), nil
}

// eraseAside deletes what is known of jobs that were set aside, and their recordings where these were uploaded into
// the data folder; those of other sources belong to whoever put them there. It returns how many there were.
func (e Env) eraseAside(ctx context.Context, st *store.Store, jobs []store.Job) (int, error) {
	if len(jobs) == 0 {
		return 0, nil
	}
	var uploaded, others, folders []string
	for _, j := range jobs {
		if e.isUpload(j) {
			uploaded, folders = append(uploaded, j.ID), append(folders, path.Base(path.Dir(j.Key)))
		} else {
			others = append(others, j.ID)
		}
	}
	erased, err := st.EraseJobs(ctx, others)
	if err != nil || len(uploaded) == 0 {
		return erased, err
	}
	if err := e.clearUploads(ctx, folders); err != nil {
		return erased, err
	}
	n, err := st.DropJobs(ctx, uploaded) // the objects first: without their jobs they would be taken again
	return erased + n, err
}

// isUpload reports whether the job's object was uploaded: it lies in a folder that its recording's ID names.
func (e Env) isUpload(j store.Job) bool {
	if j.Source == uploadsName {
		return true
	}
	id, err := hex.DecodeString(path.Base(path.Dir(j.Key)))
	return err == nil && len(id) == 8 && j.Source == e.Config.UploadTo
}

// sayAside says how many jobs that were set aside go, or went.
func (e Env) sayAside(n int) {
	if n > 0 {
		e.say("其中搁置的任务 %d 条", "jobs set aside among them: %d", n)
	}
}
