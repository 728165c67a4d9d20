package app

import (
	"context"
	"log/slog"
	"net/url"
	"os"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// sources are where serve and worker take recordings from.
type sources struct {
	list    []*source.Bucket
	watcher *source.Watcher          // of serve, nil for a worker, which must not tell when recordings came
	buckets map[string]worker.Bucket // by name
	urgent  map[string]bool          // by name
	uploads *source.Bucket           // where uploads go; nil when they are off
}

// openSources opens the sources that are set.
func (e Env) openSources(ctx context.Context) (*sources, error) {
	s := &sources{buckets: map[string]worker.Bucket{}, urgent: map[string]bool{}}
	for _, set := range e.Config.Sources {
		bucket, err := source.OpenBucket(ctx, e.bucketConfig(set))
		if err != nil {
			return nil, err
		}
		if bucket.Plain() {
			e.Log.Warn("recordings travel in the clear: the endpoint has no TLS", slog.String("source", bucket.Name()))
		}
		s.list = append(s.list, bucket)
		s.buckets[bucket.Name()], s.urgent[bucket.Name()] = bucket, set.Urgent
		if set.Name == e.Config.UploadTo {
			s.uploads = bucket
		}
	}
	if s.uploads == nil && e.uploadsAreShared() {
		var err error
		if s.uploads, err = e.openUploads(ctx); err != nil {
			return nil, err
		}
		s.list = append(s.list, s.uploads)
		s.buckets[uploadsName] = s.uploads
	}
	return s, nil
}

// held looks at all sources and returns what tells whether the source of a job still has its object. Of a source that
// cannot be looked at, each is taken to be there. It takes about 100 bytes for each recording in the sources.
func (e Env) held(ctx context.Context) (func(store.Job) bool, error) {
	s, err := e.openSources(ctx)
	if err != nil {
		return nil, err
	}
	away, listed := map[string]bool{}, map[string]bool{} // by name, by ID
	for _, bucket := range s.list {
		err := bucket.List(ctx, func(o source.Object) error {
			listed[o.ID()] = true
			return nil
		})
		if err != nil {
			away[bucket.Name()] = true
			e.say("看不到来源 %s，它的任务都留着", "source %s cannot be looked at: all its jobs stay", bucket.Name())
			e.Log.Warn("source not looked at", slog.String("source", bucket.Name()), slog.String("error", err.Error()))
		}
	}
	return func(j store.Job) bool { return away[j.Source] || listed[j.ID] }, ctx.Err()
}

func (e Env) bucketConfig(set config.Source) source.BucketConfig {
	return source.BucketConfig{
		Name: set.Name, URL: set.URL, Credentials: set.Credentials, Patterns: set.Pattern, When: source.When(set.When), Settle: set.Settle,
		Manifest: set.Manifest, MoveDone: set.MoveDone, MoveFailed: set.MoveFailed, MaxBytes: int64(e.Config.MaxFileMB) << 20,
		Names: e.sourceConfig(), Report: e.logProblem(set.Name),
	}
}

// logProblem says that a name of the source cannot be used. Names of recordings can hold numbers of customers:
// the log has the code alone, and what cannot be used stays where it is.
func (e Env) logProblem(name string) func(source.Problem) {
	return func(p source.Problem) {
		e.Log.Warn("object not used", slog.String("source", name), slog.String("reason", call.FaultCode(p.Err)), slog.Bool("recording_taken", p.Warning))
	}
}

// fileURL returns the URL of a folder.
func fileURL(folder string) string { return (&url.URL{Scheme: "file", Path: folder}).String() }

// reach returns a file with the recording that results call path: the path itself, or what the source that it came
// from has of it now. release takes a copy away.
func (e Env) reach(ctx context.Context, path string) (file string, release func() error) {
	nothing := func() error { return nil }
	if _, err := os.Stat(path); err == nil {
		return path, nothing
	}
	for _, set := range e.Config.Sources {
		bucket, err := source.OpenBucket(ctx, e.bucketConfig(set))
		if err != nil {
			continue
		}
		dir, err := e.scratchFor("clip-")
		if err != nil {
			break
		}
		remove := func() error { return os.RemoveAll(dir) }
		if file, _, ours := bucket.Find(ctx, path, dir); ours {
			return file, remove
		}
		_ = remove() // it is empty
	}
	return path, nothing
}
