package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/web"
)

// uploadsName names the source of what is uploaded into the data folder. No other may have it.
const uploadsName = "uploads"

func (e Env) uploadsFolder() string { return filepath.Join(e.Config.DataDir, uploadsName) }

// openUploads returns the bucket that uploads go to: the source that is set, or a folder of the data folder, which
// is made.
func (e Env) openUploads(ctx context.Context) (*source.Bucket, error) {
	for _, set := range e.Config.Sources {
		if set.Name == e.Config.UploadTo {
			return source.OpenBucket(ctx, e.bucketConfig(set))
		}
	}
	if err := os.MkdirAll(e.uploadsFolder(), 0o700); err != nil {
		return nil, fmt.Errorf("make folder of uploads: %w", err)
	}
	whole, err := filepath.Abs(e.uploadsFolder())
	if err != nil {
		return nil, fmt.Errorf("find folder of uploads: %w", err)
	}
	cfg := e.bucketConfig(config.Source{Name: uploadsName, URL: fileURL(whole), When: "settled"})
	cfg.Names.Skip = "" // it lies in the data folder
	cfg.Nudged = true   // a folder for each upload is too much for the system to watch
	return source.OpenBucket(ctx, cfg)
}

// uploadsAreShared reports whether every worker can fetch what is uploaded: there are none on other machines, or
// uploads go to a source that they share.
func (e Env) uploadsAreShared() bool { return e.Config.Queue == "" || e.Config.UploadTo != "" }

// takeUploads serves uploads and what became of them.
func (s *service) takeUploads(server *web.Server, a access) error {
	server.Handle("GET /api/v1/recordings/{id}", a.uploads.Guard(web.Limit(web.Status(s.statusOf))))
	if !s.env.uploadsAreShared() {
		refusal := call.NewFault("uploads_off", "uploads are off: workers of other machines cannot fetch them from here; set upload_to to the name of a source", nil)
		server.Handle("POST /api/v1/recordings", a.uploads.Guard(web.Refuse(http.StatusServiceUnavailable, refusal)))
		return nil
	}
	upload, err := web.NewUpload(web.UploadConfig{
		Bucket: s.sources.uploads, Scratch: filepath.Join(s.env.uploadsFolder(), ".incoming"), Zone: s.env.zone(),
		Limit: int64(s.env.Config.MaxFileMB) << 20, Log: s.env.Log,
		Stored: func() { s.sources.watcher.Nudge(s.sources.uploads.Name()) },
		Erased: func(ctx context.Context, sha256 string) (bool, error) {
			_, was, err := s.store.Erased(ctx, sha256)
			return was, err
		},
	})
	if err != nil {
		return err
	}
	server.Handle("POST /api/v1/recordings", a.uploads.Guard(upload))
	return nil
}

// statusOf tells what became of the recording with that ID.
func (s *service) statusOf(ctx context.Context, id string) (web.RecordingStatus, error) {
	status := web.RecordingStatus{ID: id}
	record, err := s.store.FindCall(ctx, id)
	switch {
	case err == nil && record.Recording.ID == id:
		status.State = string(store.JobDone)
		status.Score = &web.Score{
			Scorecard: record.Score.Scorecard, Points: record.Score.Points, Potential: record.Score.Potential, Verdict: string(record.Score.Verdict),
		}
		return status, nil
	case err != nil && !errors.Is(err, call.ErrNotFound):
		return status, err
	}
	if s.sources.uploads == nil {
		return status, call.ErrNotFound
	}
	objects, err := s.sources.uploads.Below(ctx, id)
	if err != nil {
		return status, err
	}
	if len(objects) == 0 {
		return status, call.ErrNotFound
	}
	job, err := s.store.FindJob(ctx, objects[0].ID())
	switch {
	case errors.Is(err, call.ErrNotFound):
		status.State = "received"
		return status, nil
	case err != nil:
		return status, err
	}
	status.State, status.Reason, status.Attempts = string(job.State), job.Reason, job.Attempts
	if job.Reason != "" {
		status.Message = lexicon.Mask(call.FaultText(s.env.Config.Lang, job.Reason, job.Message))
	}
	return status, nil
}

// dropUploads deletes the uploaded recordings with these content hashes: what was deleted must not lie here still.
// Recordings of other sources belong to whoever put them there.
func (e Env) dropUploads(ctx context.Context, hashes []string) error {
	ids := make([]string, len(hashes))
	for i, hash := range hashes {
		ids[i] = call.NewID(hash)
	}
	return e.clearUploads(ctx, ids)
}

// clearUploads deletes the folders of uploads with these names, the IDs of their recordings.
func (e Env) clearUploads(ctx context.Context, ids []string) error {
	if _, err := os.Stat(e.uploadsFolder()); err != nil && e.Config.UploadTo == "" {
		return nil
	}
	bucket, err := e.openUploads(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := bucket.Clear(ctx, id); err != nil {
			return fmt.Errorf("delete uploads: %w", err)
		}
	}
	return nil
}
