package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/bucketurl"
)

// folder is a backend of files below a root. gocloud's is not used for it: that lists a folder which is gone as
// an empty one, walks the whole tree again for each thousand files, and has no names in GBK.
type folder struct {
	root   string
	skip   string
	report func(Problem)
}

func newFolder(u bucketurl.URL, cfg BucketConfig, report func(Problem)) *folder {
	return &folder{root: u.Folder, skip: cfg.Names.Skip, report: report}
}

func (f *folder) location(key string) string { return filepath.Join(f.root, filepath.FromSlash(key)) }

// version of a file: what changes when it is written to. A recording is told from others by its hash; this
// only says when to look again.
func version(info fs.FileInfo) string {
	return strconv.FormatInt(info.Size(), 36) + "-" + strconv.FormatInt(info.ModTime().UnixNano(), 36)
}

// list walks the tree by the rules of Scan: links, hidden files and folders and the data folder are passed
// over. A root that is gone is an error, a folder below it that cannot be read is reported.
func (f *folder) list(ctx context.Context, prefix string, yield func(Object) error) error {
	if _, err := os.Stat(f.root); err != nil {
		return withoutPath(err)
	}
	start := filepath.Join(f.root, filepath.FromSlash(prefix[:strings.LastIndex(prefix, "/")+1]))
	return filepath.WalkDir(start, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && path == f.root:
			return withoutPath(err)
		case err != nil:
			f.unreadable(path, err)
			return nil
		case path == start:
			return nil
		}
		return f.take(path, entry, prefix, yield)
	})
}

// unreadable reports a folder that is there and cannot be read.
func (f *folder) unreadable(path string, err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		f.report(Problem{Path: path, Err: call.NewFault("unreadable", "the folder cannot be read", withoutPath(err))})
	}
}

func (f *folder) take(path string, entry fs.DirEntry, prefix string, yield func(Object) error) error {
	key := f.key(path)
	switch {
	case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || !leadsTo(key+"/", prefix) || sameFile(path, f.skip)):
		return fs.SkipDir
	case !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") || !strings.HasPrefix(key, prefix):
		return nil
	}
	info, err := entry.Info()
	if err != nil {
		return nil // it has just gone
	}
	return yield(Object{Key: key, Version: version(info), Size: info.Size(), ModTime: info.ModTime()})
}

func (f *folder) key(path string) string {
	return filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(path, f.root), string(filepath.Separator)))
}

// leadsTo reports whether names below the folder called key may begin with the prefix.
func leadsTo(key, prefix string) bool {
	return strings.HasPrefix(key, prefix) || strings.HasPrefix(prefix, key)
}

// stat returns what key is now, if it is a file of the tree and no link leads out of it.
func (f *folder) stat(key string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Lstat(filepath.FromSlash(key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, call.NewFault(faultNotFound, "the recording is not there any more", call.ErrNotFound)
	case err != nil:
		return nil, withoutPath(err)
	case !info.Mode().IsRegular():
		return nil, call.NewFault("not_regular", "it is no file", nil)
	}
	return info, nil
}

// fetch returns the file as it lies there. An object without a version is taken as it is now.
func (f *folder) fetch(_ context.Context, o Object, _ string, limit int64) (fetched, error) {
	info, err := f.stat(o.Key)
	switch {
	case err != nil:
		return fetched{}, err
	case o.Version != "" && version(info) != o.Version:
		return fetched{}, call.NewFault(faultChanged, "the recording has changed since it was found", nil)
	case info.Size() > limit:
		return fetched{}, call.TooLarge(limit)
	}
	return fetched{file: f.location(o.Key)}, nil
}

func (f *folder) read(_ context.Context, key string, limit int64) ([]byte, error) {
	if _, err := f.stat(key); err != nil { // a pipe would hold us for ever
		return nil, err
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, err := root.Open(filepath.FromSlash(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, call.ErrNotFound
	}
	if err != nil {
		return nil, withoutPath(err)
	}
	defer file.Close()
	return readLimited(file, limit)
}

// readLimited reads all of r, which must not have more than limit bytes.
func readLimited(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, call.TooLarge(limit)
	}
	return data, err
}

func (f *folder) move(_ context.Context, o Object, key string) error {
	info, err := f.stat(o.Key)
	if errors.Is(err, call.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.Version != "" && version(info) != o.Version {
		return nil // another recording has taken its name: that one's turn comes
	}
	if key == "" {
		return f.remove(o.Key)
	}
	return f.rename(o.Key, key, version(info))
}

// remove deletes a file, and its folder when that was the last in it.
func (f *folder) remove(key string) error {
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(filepath.FromSlash(key)); err != nil {
		return withoutPath(err)
	}
	if dir := filepath.Dir(filepath.FromSlash(key)); dir != "." {
		_ = root.Remove(dir) // not while there are others
	}
	return nil
}

// rename never takes the place of another file: a name that is taken gets the version.
func (f *folder) rename(from, to, version string) error {
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(to)), 0o755); err != nil {
		return withoutPath(err)
	}
	err = root.Link(filepath.FromSlash(from), filepath.FromSlash(to))
	switch {
	case err == nil:
		return withoutPath(root.Remove(filepath.FromSlash(from)))
	case errors.Is(err, fs.ErrExist):
		to = beside(to, version)
	}
	return withoutPath(root.Rename(filepath.FromSlash(from), filepath.FromSlash(to))) // also where there are no hard links
}

// beside returns another name next to key, with its extension.
func beside(key, version string) string {
	end := filepath.Ext(key)
	return strings.TrimSuffix(key, end) + "." + strings.Trim(version, `"`) + end
}

// put renames the file at path, and makes sure that it outlives a loss of power.
func (f *folder) put(_ context.Context, path, key string) error {
	target := f.location(key)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return withoutPath(err)
	}
	if err := syncFile(path); err != nil {
		return err
	}
	err := os.Rename(path, target)
	if errors.Is(err, syscall.EXDEV) { // another file system
		err = copyOver(path, target)
	}
	if err != nil {
		return withoutPath(err)
	}
	return errors.Join(syncFile(filepath.Dir(target)), syncFile(f.root))
}

// copyOver moves path to target by way of a hidden file beside it.
func copyOver(path, target string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	part := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".part")
	_ = os.Remove(part) // of a process that was killed
	err = copyTo(part, file, math.MaxInt64-1, -1)
	if err == nil {
		err = errors.Join(syncFile(part), os.Rename(part, target))
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Remove(path)
}

// syncFile waits until a file, or the names in a folder, are on the disk.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return withoutPath(err)
	}
	return withoutPath(errors.Join(file.Sync(), file.Close()))
}

// withoutPath takes the path out of an error of the file system: names carry telephone numbers, and errors are
// logged.
func withoutPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("%s: %w", link.Op, link.Err)
	}
	return err
}
