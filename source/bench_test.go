package source_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/source"
)

// BenchmarkLook looks at a folder of 20,000 recordings that are all known, beside walking it and asking for each
// file's size: what every look must do.
func BenchmarkLook(b *testing.B) {
	root := b.TempDir()
	for day := range 20 {
		folder := filepath.Join(root, fmt.Sprintf("2026-11-%02d", day+1))
		must(b, os.MkdirAll(folder, 0o700))
		for n := range 1000 {
			must(b, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.wav", n)), []byte("x"), 0o600))
		}
	}
	bucket := open(b, source.BucketConfig{Name: "calls", URL: "file://" + root})
	known := func(string) bool { return true }
	look(b, bucket, known)
	var ours, walk time.Duration
	for b.Loop() {
		began := time.Now()
		if found := look(b, bucket, known); len(found) != 0 {
			b.Fatalf("%d are new", len(found))
		}
		ours += time.Since(began)
		began = time.Now()
		must(b, filepath.WalkDir(root, func(_ string, entry fs.DirEntry, err error) error {
			if err == nil {
				_, err = entry.Info()
			}
			return err
		}))
		walk += time.Since(began)
	}
	b.ReportMetric(ours.Seconds()/walk.Seconds(), "×walk")
}
