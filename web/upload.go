package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
)

// UploadConfig says where uploads go and how large they may be.
type UploadConfig struct {
	Bucket  *source.Bucket                                         // where recordings are stored, each below its ID
	Scratch string                                                 // folder for what is under way; emptied by NewUpload
	Zone    *time.Location                                         // of times without one
	Limit   int64                                                  // largest recording, in bytes
	AtOnce  int                                                    // uploads under way at once. Defaults to 32.
	Stored  func()                                                 // called after a recording was stored. Defaults to nothing.
	Erased  func(ctx context.Context, sha256 string) (bool, error) // whether its data were deleted. Defaults to never.
	Log     *slog.Logger                                           // defaults to no log

	grace  time.Duration                               // before a least rate is asked for
	create func(dir, pattern string) (*os.File, error) // os.CreateTemp
}

const (
	uploadGrace = 30 * time.Second
	mostFields  = 64
	mostField   = 64 << 10 // bytes of a form field
	mostOther   = 1 << 20  // bytes of an upload beside the recording
	metadataKey = "metadata"
	fileKey     = "file"
	longestName = 200 // bytes of a file's name
)

// Upload takes recordings over HTTP.
type Upload struct {
	cfg    UploadConfig
	places chan struct{}
	same   singleflight.Group // by ID
}

// NewUpload returns the handler of POST /api/v1/recordings: a form with one file and what is known of the call.
func NewUpload(cfg UploadConfig) (*Upload, error) {
	cfg.AtOnce = cmp.Or(cfg.AtOnce, 32)
	cfg.grace = cmp.Or(cfg.grace, uploadGrace)
	if cfg.Stored == nil {
		cfg.Stored = func() {}
	}
	if cfg.Erased == nil {
		cfg.Erased = func(context.Context, string) (bool, error) { return false, nil }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.create == nil {
		cfg.create = os.CreateTemp
	}
	if err := os.RemoveAll(cfg.Scratch); err != nil {
		return nil, fmt.Errorf("clean folder of uploads: %w", err)
	}
	if err := os.MkdirAll(cfg.Scratch, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of uploads: %w", err)
	}
	return &Upload{cfg: cfg, places: make(chan struct{}, cfg.AtOnce)}, nil
}

// Receipt is the answer to an upload.
type Receipt struct {
	ID        string   `json:"id"`  // of the recording
	New       bool     `json:"new"` // false when the same bytes were uploaded before
	StatusURL string   `json:"status_url"`
	Conflict  []string `json:"metadata_conflict,omitempty"` // fields that were said otherwise before; the first are kept
}

// ServeHTTP implements http.Handler.
func (u *Upload) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case u.places <- struct{}{}:
		defer func() { <-u.places }()
	default:
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, call.NewFault("busy", "too many uploads are under way: try again", nil))
		return
	}
	body := r.Body
	receipt, err := u.take(w, r)
	if err != nil {
		status, fault := uploadFault(err)
		u.log(err, fault, status)
		w.Header().Set("Connection", "close")
		refuse(w, status, fault)
		linger(w, body)
		return
	}
	w.Header().Set("Location", receipt.StatusURL)
	status := http.StatusOK
	if receipt.New {
		status = http.StatusCreated
	}
	writeJSON(w, status, receipt)
}

// log tells why an upload failed: what its sender sent by its code alone, what is our own fault whole.
func (u *Upload) log(err error, fault *call.Fault, status int) {
	if status < http.StatusInternalServerError {
		u.cfg.Log.Warn("upload refused", slog.String("reason", fault.Code), slog.Int("status", status))
		return
	}
	u.cfg.Log.Error("upload not stored", slog.String("reason", fault.Code), slog.String("error", err.Error()))
}

func (u *Upload) take(w http.ResponseWriter, r *http.Request) (Receipt, error) {
	if r.ContentLength > u.cfg.Limit+mostOther { // who waits for a sign to go on, as curl does, sends nothing
		return Receipt{}, call.TooLarge(u.cfg.Limit)
	}
	r.Body = http.MaxBytesReader(w, struct {
		io.Reader
		io.Closer
	}{&paced{Reader: r.Body, control: http.NewResponseController(w), start: time.Now(), grace: u.cfg.grace}, r.Body}, u.cfg.Limit+mostOther)
	parts, err := r.MultipartReader()
	if err != nil {
		return Receipt{}, call.NewFault("bad_form", "the request is no form with a file: curl -F file=@call.wav -F agent=1024 …", nil)
	}
	f := form{fields: map[string]string{}}
	defer func() {
		if f.part != "" {
			_ = os.Remove(f.part) // gone when it was stored
		}
	}()
	if err := u.read(parts, &f); err != nil {
		return Receipt{}, err
	}
	if f.part == "" {
		return Receipt{}, call.NewFault("no_file", `the form has no part "file" with a file`, nil)
	}
	if faults := source.CheckFields(f.fields, u.cfg.Zone); len(faults) > 0 {
		return Receipt{}, call.NewFault("bad_value", strings.Join(faults, "; "), nil)
	}
	if erased, err := u.cfg.Erased(r.Context(), f.sha256); err != nil || erased {
		if err == nil {
			err = call.NewFault("erased", "the data of this recording were deleted: it is not taken again", nil)
		}
		return Receipt{}, err
	}
	return u.store(r.Context(), f)
}

// store puts the recording into the bucket, unless its bytes are there. Two that bring the same at once are one.
func (u *Upload) store(ctx context.Context, f form) (Receipt, error) {
	id := call.NewID(f.sha256)
	receipt := Receipt{ID: id, StatusURL: "/api/v1/recordings/" + id}
	own := false
	for !own {
		_, err, _ := u.same.Do(id, func() (any, error) {
			own = true
			return nil, u.storeAlone(ctx, f, &receipt)
		})
		if own && err != nil {
			return Receipt{}, err
		}
	}
	return receipt, nil
}

func (u *Upload) storeAlone(ctx context.Context, f form, receipt *Receipt) error {
	there, err := u.cfg.Bucket.Below(ctx, receipt.ID)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		known, err := u.cfg.Bucket.Beside(ctx, there[0].Key)
		if err == nil {
			_, receipt.Conflict = known.Merge(source.Metadata(f.fields, u.cfg.Zone))
		}
		return err
	}
	sidecar, err := u.sidecar(f)
	if err != nil {
		return err
	}
	if err := u.cfg.Bucket.Put(ctx, f.part, sidecar, receipt.ID+"/"+f.name); err != nil {
		_ = os.Remove(sidecar) // it may have been stored
		return err
	}
	receipt.New = true
	u.cfg.Stored()
	return nil
}

// sidecar writes what is known of the call into a file beside the part.
func (u *Upload) sidecar(f form) (string, error) {
	data, err := json.Marshal(source.KnownFields(f.fields))
	if err != nil {
		return "", err
	}
	name := f.part + ".json"
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return "", errors.Join(err, os.Remove(name))
	}
	return name, nil
}
