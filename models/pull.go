package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// PullConfig holds the settings of Pull. The zero value works.
type PullConfig struct {
	// Address is where the repositories are: the publisher's, a mirror with the same paths, or a
	// server of one's own. Defaults to DefaultAddress.
	Address string
	// Trust takes a model whose SHA-256 is not published, and pins it.
	Trust bool
	// Progress, which may be nil, is told how many bytes are there; total is 0 while unknown.
	Progress func(done, total int64)
	// Attempts is how often a download that breaks off is taken up again. Defaults to 5.
	Attempts int
	// Wait is how long to wait before the second attempt; it doubles each time. Defaults to 1 s.
	Wait time.Duration
	// Stall ends an attempt in which nothing arrives for this long. Defaults to 1 minute.
	Stall time.Duration
	// Client makes the requests. Defaults to one that refuses to be redirected from https to http.
	Client *http.Client
}

func (c PullConfig) withDefaults() PullConfig {
	c.Address = cmp.Or(c.Address, DefaultAddress)
	c.Attempts = cmp.Or(c.Attempts, 5)
	c.Wait = cmp.Or(c.Wait, time.Second)
	c.Stall = cmp.Or(c.Stall, time.Minute)
	if c.Progress == nil {
		c.Progress = func(int64, int64) {}
	}
	if c.Client == nil {
		c.Client = &http.Client{CheckRedirect: keepHTTPS}
	}
	return c
}

func keepHTTPS(next *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("too many redirects")
	}
	if via[0].URL.Scheme == "https" && next.URL.Scheme != "https" {
		return errors.New("redirected from https to " + next.URL.Scheme)
	}
	return nil
}

// Pull downloads a model of the catalogue into the models folder and returns it. What an earlier pull
// left is taken up again. The file gets its name only when its checksum and its structure are right; a
// model that is installed and right is not downloaded again.
func Pull(ctx context.Context, name, dir string, cfg PullConfig) (Model, error) {
	entry, ok := find(name)
	if !ok {
		return Model{}, unknown(name)
	}
	return pull(ctx, entry, dir, cfg)
}

func pull(ctx context.Context, entry Entry, dir string, cfg PullConfig) (Model, error) {
	cfg = cfg.withDefaults()
	if entry.SHA256 == "" && !cfg.Trust {
		return Model{}, fault(FaultUntrusted, nil, "no SHA-256 of %s is published; pull it with --trust when you trust its source", entry.Name)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Model{}, fmt.Errorf("make models folder: %w", err)
	}
	if _, err := knownHash(ctx, dir, entry.File, false, nil); err == nil {
		return installed(dir, entry)
	}
	part := filepath.Join(dir, entry.File+partSuffix)
	if err := download(ctx, entry, part, cfg); err != nil {
		return Model{}, err
	}
	sum, err := hashFile(ctx, part, nil)
	if err != nil {
		return Model{}, err
	}
	if entry.SHA256 != "" && sum != entry.SHA256 {
		return Model{}, errors.Join(fault(FaultChecksum, nil, "what was downloaded for %s has the SHA-256 %s, expected %s; it was removed",
			entry.Name, sum, entry.SHA256), os.Remove(part))
	}
	if _, err := checkFile(part, entry.Kind); err != nil {
		return Model{}, errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, filepath.Join(dir, entry.File)); err != nil {
		return Model{}, fmt.Errorf("install model: %w", err)
	}
	if err := pinFile(dir, entry.File, sum, entry.SHA256 == ""); err != nil {
		return Model{}, err
	}
	return installed(dir, entry)
}

func installed(dir string, entry Entry) (Model, error) {
	pins, err := readPins(dir)
	return onDisk(dir, entry, pins), err
}

// download fills the part file, taking it up where it ends, until it is whole.
func download(ctx context.Context, entry Entry, part string, cfg PullConfig) error {
	wait := cfg.Wait
	var err error
	for attempt := range cfg.Attempts {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(wait):
			}
			wait *= 2
		}
		var final bool
		if final, err = fetch(ctx, entry, part, cfg); err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if final {
			break
		}
	}
	return fault(FaultDownload, err, "the download of %s failed; what arrived is kept, pull again to go on", entry.Name)
}

// fetch makes one request for what the part file lacks. final says that trying again is no use.
func fetch(ctx context.Context, entry Entry, part string, cfg PullConfig) (final bool, err error) {
	file, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return true, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	have, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return true, err
	}
	if have > 0 && have == entry.Bytes {
		cfg.Progress(have, have)
		return false, nil
	}
	ctx, stalled := context.WithCancelCause(ctx)
	defer stalled(nil)
	watch := time.AfterFunc(cfg.Stall, func() { stalled(fmt.Errorf("nothing arrived for %s", cfg.Stall)) })
	defer watch.Stop()
	response, err := request(ctx, entry, have, cfg)
	if err != nil {
		return false, cmp.Or(cause(ctx), err)
	}
	defer response.Body.Close()
	start, total, err := placed(response, have)
	if response.StatusCode == http.StatusRequestedRangeNotSatisfiable && err != nil {
		return false, errors.Join(err, file.Truncate(0)) // the next attempt begins anew
	}
	if err != nil {
		return permanent(response.StatusCode), err
	}
	if entry.Bytes > 0 && total > 0 && total != entry.Bytes {
		return true, fmt.Errorf("the server has a file of %d bytes, expected %d", total, entry.Bytes)
	}
	if start < have { // the server does not resume, or what is there is too long
		if err := file.Truncate(start); err != nil {
			return true, err
		}
	}
	if _, err := file.Seek(start, io.SeekStart); err != nil {
		return true, err
	}
	n, err := copyWith(ctx, file, response.Body, func(done int64) {
		watch.Reset(cfg.Stall)
		cfg.Progress(start+done, total)
	})
	if err != nil {
		return false, cmp.Or(cause(ctx), err)
	}
	if total > 0 && start+n != total {
		return false, fmt.Errorf("the connection ended after %d of %d bytes", start+n, total)
	}
	return false, file.Sync()
}

// cause returns why ctx ended, nil while it has not.
func cause(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

func request(ctx context.Context, entry Entry, have int64, cfg PullConfig) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, entry.URL(cfg.Address), http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "zhijian")
	r.Header.Set("Accept-Encoding", "identity")
	if have > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	return cfg.Client.Do(r)
}

// placed returns where the body of an answer belongs in the file, and the length of the whole file, 0
// when the server does not say.
func placed(response *http.Response, have int64) (start, total int64, err error) {
	switch response.StatusCode {
	case http.StatusOK:
		return 0, max(0, response.ContentLength), nil
	case http.StatusPartialContent:
		var last int64
		if _, err := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-%d/%d", &start, &last, &total); err != nil || start != have {
			return 0, 0, fmt.Errorf("the server answered with the range %q", response.Header.Get("Content-Range"))
		}
		return start, total, nil
	case http.StatusRequestedRangeNotSatisfiable:
		// The part is whole when the server's file ends where it ends, and useless otherwise.
		_, length, _ := strings.Cut(response.Header.Get("Content-Range"), "/")
		if total, err := strconv.ParseInt(length, 10, 64); err == nil && total == have {
			response.Body = http.NoBody
			return have, have, nil
		}
		return 0, 0, errors.New("the server's file is shorter than what is there")
	}
	return 0, 0, fmt.Errorf("the server answered %s", response.Status)
}

// permanent reports whether asking again is no use.
func permanent(status int) bool {
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}
