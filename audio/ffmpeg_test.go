package audio

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// encode makes a file of two seconds of a 440 Hz tone in another container.
func encode(t *testing.T, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	args = append([]string{"-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=2:sample_rate=16000"}, append(args, path)...)
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}
	return path
}

func TestOpenDecodesOtherContainers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		format string
		path   string
	}{
		{"mp3", encode(t, "a.mp3")},
		{"m4a", encode(t, "a.m4a", "-c:a", "aac")},
		{"aac", encode(t, "a.aac", "-c:a", "aac")},
		{"ogg", encode(t, "a.ogg", "-c:a", "libvorbis")},
		{"ogg", encode(t, "a.opus", "-c:a", "libopus")},
		{"wma", encode(t, "a.wma", "-c:a", "wmav2")},
		{"flac", encode(t, "a.flac")},
		{"webm", encode(t, "a.webm", "-c:a", "libopus")},
		{"au", encode(t, "a.au")},
		{"aiff", encode(t, "a.aiff")},
		{"mp3", encode(t, "named.wav", "-f", "mp3", "-id3v2_version", "0", "-write_xing", "0")},
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.path), func(t *testing.T) {
			t.Parallel()
			scratch := t.TempDir()
			f, err := Open(t.Context(), tt.path, Config{ScratchDir: scratch})
			if err != nil {
				t.Fatal(err)
			}
			info := f.Info()
			if info.Format != tt.format || info.Duration < 1950 || info.Duration > 2150 || info.Truncated {
				t.Errorf("got %+v, want %s of about 2 s", info, tt.format)
			}
			pcm := readAll(t, f)[0]
			middle := pcm[len(pcm)/4 : 3*len(pcm)/4]
			if got := strength(middle, info.Rate, 440); got < -21 || got > -16 {
				t.Errorf("the tone has %.1f dB, want -18", got)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
			if err := f.Close(); err != nil {
				t.Errorf("second Close: %v", err)
			}
			checkNothingLeft(t, scratch)
		})
	}
}

func TestOpenDecodesAMR(t *testing.T) {
	t.Parallel()
	content := append([]byte("#!AMR\n"), bytes.Repeat(append([]byte{0x04}, make([]byte, 12)...), 50)...) // 50 frames of 20 ms
	f, err := Open(t.Context(), writeFile(t, "a.amr", content), Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info := f.Info(); info.Format != "amr" || info.Rate != 8000 || info.Duration != 1000 {
		t.Errorf("got %+v", info)
	}
}

func checkNothingLeft(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind in the scratch folder: %v, %v", left, err)
	}
}

// A playlist could make ffmpeg read other files or fetch from the network.
func TestPlaylistsAreRefused(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		if conn, err := listener.Accept(); err == nil {
			_ = conn.Close()
			t.Error("something was fetched")
		}
	}()
	hls := "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://" + listener.Addr().String() + "/a.ts\n#EXT-X-ENDLIST\n"
	for name, content := range map[string]string{
		"call.m4a":  hls,
		"bom.m4a":   "\xEF\xBB\xBF\n " + hls,
		"lower.mp3": strings.ToLower(hls),
		"call.ogg":  "ffconcat version 1.0\nfile /etc/hostname\n",
		"call.wma":  "<ASX version=\"3.0\"><entry/></ASX>",
		"call.mp3":  "[playlist]\nFile1=/etc/hostname\n",
	} {
		f, err := Open(t.Context(), writeFile(t, name, []byte(content)), Config{ScratchDir: t.TempDir()})
		checkFault(t, f, err, FaultPlaylist)
	}
}

// The content cannot choose a demuxer that opens other files: an m4a start before a playlist stays m4a.
func TestDisguisedPlaylistsStayWhatTheySeem(t *testing.T) {
	t.Parallel()
	content := "\x00\x00\x00\x18ftypM4A #EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n"
	scratch := t.TempDir()
	f, err := Open(t.Context(), writeFile(t, "call.m4a", []byte(content)), Config{ScratchDir: scratch})
	checkFault(t, f, err, FaultTranscode)
	checkNothingLeft(t, scratch)
}

func TestBrokenFilesInOtherContainers(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile(encode(t, "a.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(good)
	for i := len(broken) / 2; i < len(broken)/2+2000; i++ {
		broken[i] = byte(i)
	}
	f, err := Open(t.Context(), writeFile(t, "broken.mp3", broken), Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info := f.Info(); !info.Truncated || len(info.Warnings) == 0 || info.Duration < 1000 {
		t.Errorf("got %+v, want a warning", info)
	}
	f, err = Open(t.Context(), writeFile(t, "nothing.mp3", append([]byte("ID3"), make([]byte, 2000)...)), Config{})
	checkFault(t, f, err, FaultTranscode)
}

func TestTranscodingHasLimits(t *testing.T) {
	t.Parallel()
	path := encode(t, "a.mp3")
	f, err := Open(t.Context(), path, Config{MaxBytes: 1000})
	checkFault(t, f, err, FaultTooLarge)
	f, err = Open(t.Context(), path, Config{FFmpeg: "no-such-ffmpeg"})
	checkFault(t, f, err, FaultNoFFmpeg)

	slow := writeFile(t, "ffmpeg", []byte("#!/bin/sh\nexec sleep 60\n"))
	if err := os.Chmod(slow, 0o700); err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	f, err = Open(t.Context(), path, Config{FFmpeg: slow, TranscodeTimeout: 50 * time.Millisecond, ScratchDir: scratch})
	checkFault(t, f, err, FaultTimeout)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err = Open(ctx, path, Config{FFmpeg: slow, ScratchDir: scratch}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
	checkNothingLeft(t, scratch)

	f, err = Open(t.Context(), path, Config{MaxDuration: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info := f.Info(); info.Duration != 1000 || !info.Truncated {
		t.Errorf("got %+v, want 1 s and truncated", info)
	}
}

func TestFFmpegInheritsNothingThatChangesItsLoading(t *testing.T) {
	t.Setenv("LD_LIBRARY_PATH", "/nowhere")
	dump := writeFile(t, "ffmpeg", []byte("#!/bin/sh\nenv > \"${0%/*}/env\"\nexit 1\n"))
	if err := os.Chmod(dump, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), writeFile(t, "a.mp3", []byte("ID3")), Config{FFmpeg: dump})
	checkFault(t, f, err, FaultTranscode)
	env, err := os.ReadFile(filepath.Join(filepath.Dir(dump), "env"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(env, []byte("LD_")) || bytes.Contains(env, []byte("HOME=")) {
		t.Errorf("ffmpeg inherited %s", env)
	}
}

func TestFaultsCarryNoPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	loop := filepath.Join(dir, "13800000000-loop.wav")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		writeFile(t, "13800000000.mp3", []byte("ID3")),
		writeFile(t, "13800000000.wav", []byte("RIFF")),
		filepath.Join(dir, "13800000000.wav"),
		loop,
	} {
		_, err := Open(t.Context(), path, Config{})
		var fault *call.Fault
		if !errors.As(err, &fault) || strings.Contains(err.Error(), "13800000000") {
			t.Errorf("got %v", err)
		}
	}
}
