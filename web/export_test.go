package web

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// FullDisk has uploads written to a device that is full: the system itself says so.
func FullDisk(c *UploadConfig) {
	c.create = func(dir, _ string) (*os.File, error) {
		link := filepath.Join(dir, "part-full")
		if err := os.Symlink("/dev/full", link); err != nil {
			return nil, err
		}
		return os.OpenFile(link, os.O_WRONLY, 0)
	}
}

// GraceOf sets how long an upload may be slow.
func GraceOf(c *UploadConfig, grace time.Duration) { c.grace = grace }

// AllErased has everything erased.
func AllErased(c *UploadConfig) {
	c.Erased = func(context.Context, string) (bool, error) { return true, nil }
}
