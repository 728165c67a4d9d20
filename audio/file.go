package audio

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// TranscribeRate is the rate, in Hz, that the recogniser takes and Cut returns.
const TranscribeRate = 16000

// Config holds the settings of Open. The zero value works.
type Config struct {
	// FFmpeg is the program that decodes containers other than WAV: a name looked up in PATH, or a
	// path. Defaults to "ffmpeg".
	FFmpeg string
	// ScratchDir is where transcoded files live until Close. Defaults to the system's folder for
	// temporary files.
	ScratchDir string
	// TranscodeTimeout is how long ffmpeg may take for one file. Defaults to 10 minutes.
	TranscodeTimeout time.Duration
	// MaxDuration is the longest recording taken from a container other than WAV; what is longer is
	// cut there with a warning. Defaults to 12 hours.
	MaxDuration time.Duration
	// MaxBytes is the largest file given to ffmpeg. Defaults to 2 GiB.
	MaxBytes int64
}

func (c Config) withDefaults() Config {
	c.FFmpeg = cmp.Or(c.FFmpeg, "ffmpeg")
	c.ScratchDir = cmp.Or(c.ScratchDir, os.TempDir())
	c.TranscodeTimeout = cmp.Or(c.TranscodeTimeout, 10*time.Minute)
	c.MaxDuration = cmp.Or(c.MaxDuration, 12*time.Hour)
	c.MaxBytes = cmp.Or(c.MaxBytes, 2<<30)
	return c
}

// Info says what a recording is.
type Info struct {
	Format    string      // the container: wav, mp3, …
	Encoding  string      // of the samples that are read: pcm16, alaw, …
	Rate      int         // Hz
	Channels  int         // 1 or 2
	Duration  call.Millis // of what is there
	Truncated bool        // the file ends before its header says
	Warnings  []string    // sentences about what was odd and how it was taken
}

// File is an open recording. Its methods may be called from several goroutines.
type File struct {
	file   *os.File
	head   header
	info   Info
	remove func() error // removes the scratch file
	once   sync.Once
}

// Open opens a recording and checks its header. A file that cannot be used gives a *call.Fault with
// one of the Fault codes; an ended ctx gives its error.
func Open(ctx context.Context, path string, cfg Config) (*File, error) {
	cfg = cfg.withDefaults()
	file, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	kind, err := sniff(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if kind.name == "wav" {
		return newFile(file, "wav", nil)
	}
	scratch, notes, err := transcode(ctx, file, kind, cfg)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	return openScratch(scratch, kind.name, notes, cfg)
}

// openRegular opens path when it is a regular file with something in it.
func openRegular(path string) (*os.File, error) {
	stat, err := os.Stat(path) // before opening: opening a pipe would block
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault(FaultNotFound, "there is no such file", err)
	case err != nil:
		return nil, fault(FaultUnreadable, "the file cannot be read", err)
	case stat.IsDir():
		return nil, fault(FaultDirectory, "this is a directory, not a recording", nil)
	case !stat.Mode().IsRegular():
		return nil, fault(FaultNotRegular, "this is no regular file", nil)
	case stat.Size() == 0:
		return nil, fault(FaultEmpty, "the file is empty", nil)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fault(FaultUnreadable, "the file cannot be opened", err)
	}
	return file, nil
}

// newFile checks the header of a WAV file and takes the file over.
func newFile(file *os.File, format string, remove func() error) (*File, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fault(FaultUnreadable, "the file cannot be read", err), file.Close())
	}
	head, err := parseHeader(file, stat.Size())
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	info := Info{
		Format:    format,
		Encoding:  head.encoding(),
		Rate:      head.rate,
		Channels:  head.channels,
		Duration:  call.FromSamples(head.frames, head.rate),
		Truncated: head.truncated,
		Warnings:  head.warnings,
	}
	return &File{file: file, head: head, info: info, remove: remove}, nil
}

// openScratch opens the WAV file that ffmpeg wrote.
func openScratch(scratch scratchFile, format string, notes []string, cfg Config) (*File, error) {
	file, err := os.Open(scratch.path)
	if err != nil {
		return nil, errors.Join(fault(FaultTranscode, "the transcoded file cannot be opened", err), scratch.remove())
	}
	f, err := newFile(file, format, scratch.remove)
	if err != nil {
		return nil, errors.Join(err, scratch.remove())
	}
	if bytes := f.head.frames * int64(f.head.frameSize()); f.info.Duration.Duration() >= cfg.MaxDuration || bytes > maxScratch-1<<20 {
		notes = append(notes, "the recording is longer than allowed; its beginning is used")
	}
	f.info.Warnings = append(f.info.Warnings, notes...)
	f.info.Truncated = f.info.Truncated || len(notes) > 0
	return f, nil
}

// Info returns what the recording is.
func (f *File) Info() Info {
	info := f.info
	info.Warnings = slices.Clone(info.Warnings)
	return info
}

// Close closes the file and removes what was transcoded for it. Later calls do nothing.
func (f *File) Close() error {
	var err error
	f.once.Do(func() {
		err = f.file.Close()
		if f.remove != nil {
			err = errors.Join(err, f.remove())
		}
	})
	return err
}
