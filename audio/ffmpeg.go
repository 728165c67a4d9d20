package audio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// maxScratch is the largest transcoded file in bytes, well inside what WAV can say.
const maxScratch = 4000 << 20

// scratchFile is a transcoded file in a folder of its own.
type scratchFile struct{ path string }

func (s scratchFile) remove() error { return os.RemoveAll(filepath.Dir(s.path)) }

// transcode has ffmpeg decode file into a scratch WAV. What is decoded before the first fault of the
// content is used; the notes then say so. ffmpeg opens nothing but the file itself: the demuxer is
// forced, only the protocols file and pipe are allowed, and playlists were refused before.
func transcode(ctx context.Context, file *os.File, kind container, cfg Config) (scratchFile, []string, error) {
	program, err := exec.LookPath(cfg.FFmpeg)
	if err != nil {
		return scratchFile{}, nil, fault(FaultNoFFmpeg,
			fmt.Sprintf("%s files need ffmpeg, which is not installed; install it or convert the file to WAV", kind.name), nil)
	}
	stat, err := file.Stat()
	if err != nil {
		return scratchFile{}, nil, fault(FaultUnreadable, "the file cannot be read", err)
	}
	if stat.Size() > cfg.MaxBytes {
		return scratchFile{}, nil, fault(FaultTooLarge,
			fmt.Sprintf("the file has %d bytes; at most %d are transcoded", stat.Size(), cfg.MaxBytes), nil)
	}
	dir, err := os.MkdirTemp(cfg.ScratchDir, "zhijian-audio-")
	if err != nil {
		return scratchFile{}, nil, fmt.Errorf("make scratch folder: %w", err)
	}
	scratch := scratchFile{path: filepath.Join(dir, "decoded.wav")}
	notes, err := runFFmpeg(ctx, program, file, scratch.path, kind, cfg)
	if err != nil {
		return scratchFile{}, nil, errors.Join(err, scratch.remove())
	}
	return scratch, notes, nil
}

func runFFmpeg(ctx context.Context, program string, file *os.File, target string, kind container, cfg Config) ([]string, error) {
	source, err := filepath.Abs(file.Name())
	if err != nil {
		return nil, fmt.Errorf("find the file: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, cfg.TranscodeTimeout)
	defer cancel()
	var complaints limitedBuffer
	cmd := exec.CommandContext(limited, program, ffmpegArgs(source, target, kind, cfg)...)
	cmd.Env = cleanEnv()
	cmd.Stderr = &complaints
	cmd.WaitDelay = 2 * time.Second
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case limited.Err() != nil:
		return nil, fault(FaultTimeout, fmt.Sprintf("ffmpeg took longer than %s", cfg.TranscodeTimeout), nil)
	case err != nil && !hasSamples(target):
		return nil, fault(FaultTranscode, fmt.Sprintf("ffmpeg cannot decode the file as %s", kind.name), err)
	case err != nil || complaints.Len() > 0:
		return []string{"ffmpeg found faults in the file; what it could decode is used"}, nil
	}
	return nil, nil
}

func ffmpegArgs(source, target string, kind container, cfg Config) []string {
	return []string{
		"-nostdin", "-hide_banner", "-v", "error", "-threads", "1", "-max_alloc", strconv.Itoa(512 << 20),
		"-protocol_whitelist", "file,pipe", "-f", kind.demuxer, "-i", "file:" + source,
		"-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1",
		"-t", strconv.FormatFloat(cfg.MaxDuration.Seconds(), 'f', 3, 64),
		"-fs", strconv.Itoa(maxScratch),
		"-flags", "+bitexact", "-c:a", "pcm_s16le", "-f", "wav", "-y", "file:" + target,
	}
}

// cleanEnv returns the environment of ffmpeg: it inherits nothing that changes how it is loaded.
func cleanEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LANG=C", "TMPDIR=" + os.TempDir()}
}

func hasSamples(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	f, err := newFile(file, "wav", nil)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// limitedBuffer keeps the first bytes written to it and swallows the rest.
type limitedBuffer struct{ bytes.Buffer }

// Write implements io.Writer.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := 4096 - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
