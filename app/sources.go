package app

import (
	"context"
	"log/slog"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/worker"
)

// sources are where serve and worker take recordings from.
type sources struct {
	watcher *source.Watcher
	buckets map[string]worker.Bucket // by name
	urgent  map[string]bool          // by name
}

// openSources opens the sources that are set.
func (e Env) openSources(ctx context.Context) (*sources, error) {
	s := &sources{buckets: map[string]worker.Bucket{}, urgent: map[string]bool{}}
	var list []*source.Bucket
	for _, set := range e.Config.Sources {
		bucket, err := source.OpenBucket(ctx, e.bucketConfig(set))
		if err != nil {
			return nil, err
		}
		list = append(list, bucket)
		s.buckets[bucket.Name()], s.urgent[bucket.Name()] = bucket, set.Urgent
	}
	s.watcher = source.NewWatcher(list, source.WatcherConfig{Every: e.Config.ScanEvery, Log: e.Log, Registerer: e.Registerer})
	return s, nil
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
