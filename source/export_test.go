package source

import (
	"context"
	"time"

	"github.com/fsnotify/fsnotify"
	"gocloud.dev/blob/memblob"

	"github.com/zhijian-qa/zhijian/internal/bucketurl"
)

// WithClock returns cfg with another clock.
func WithClock(cfg BucketConfig, now func() time.Time) BucketConfig {
	cfg.now = now
	return cfg
}

// InMemory returns cfg with a store in memory that holds the objects called keys, whatever they are called.
func InMemory(cfg BucketConfig, contents map[string]string) BucketConfig {
	cfg.URL = "s3://memory?region=none"
	cfg.wrap = func(old backend) backend {
		bucket := memblob.OpenBucket(nil)
		for key, text := range contents {
			_ = bucket.WriteAll(context.Background(), key, []byte(text), nil) // names that no store takes are left out
		}
		kept := old.(*objects)
		kept.bucket = bucket
		return kept
	}
	return cfg
}

// WatchTree has the system watch the tree at root, so many folders at most. It returns what tells of changes.
func WatchTree(ctx context.Context, root string, most int) (<-chan struct{}, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &treeWatch{folder: &folder{root: root}, watcher: watcher, told: make(chan struct{}, 1), most: most}
	w.add(root)
	go w.run(ctx)
	return w.told, nil
}

// LeadsBelow reports whether a bucket would take key from a queue.
func LeadsBelow(key string) bool { return new(Bucket).leadsBelow(key) && bucketurl.CleanKey(key) }
