package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

func TestOpenRefusesEachFaultWithItsOwnCode(t *testing.T) {
	t.Parallel()
	samples := bytes.Repeat([]byte{1, 2, 3, 4}, 100)
	with := func(change func(*rawWAV)) []byte {
		w := pcm16(samples)
		change(&w)
		return w.bytes()
	}
	right := pcm16(samples).bytes()
	tests := []struct {
		name    string
		content []byte
		code    string
	}{
		{"zero length", nil, FaultEmpty},
		{"header only", pcm16(nil).bytes(), FaultHeaderOnly},
		{"less than a frame", pcm16([]byte{1, 2, 3}).bytes(), FaultHeaderOnly},
		{"empty data before another chunk", with(func(w *rawWAV) {
			w.data, w.dataSize, w.after = nil, 0, []byte("LIST\x04\x00\x00\x00INFO")
		}), FaultHeaderOnly},
		{"wrong magic", append([]byte{7, 1, 0, 9}, right[4:]...), FaultNotAudio},
		{"another RIFF file", append([]byte("RIFF\x00\x00\x00\x00AVI "), right[12:]...), FaultNotAudio},
		{"cut in the RIFF header", right[:10], FaultBadHeader},
		{"cut in the format chunk", right[:30], FaultBadHeader},
		{"cut before the samples", right[:40], FaultBadHeader},
		{"samples before the format", append(slices.Clone(right[:12]), right[36:]...), FaultBadHeader},
		{"no channels", with(func(w *rawWAV) { w.channels = 0 }), FaultNoChannels},
		{"65,535 channels", with(func(w *rawWAV) { w.channels = 65535 }), FaultTooManyChannels},
		{"three channels", with(func(w *rawWAV) { w.channels = 3 }), FaultTooManyChannels},
		{"rate 0", with(func(w *rawWAV) { w.rate = 0 }), FaultBadRate},
		{"rate too low", with(func(w *rawWAV) { w.rate = 6000 }), FaultBadRate},
		{"rate too high", with(func(w *rawWAV) { w.rate = 96000 }), FaultBadRate},
		{"rate negative", with(func(w *rawWAV) { w.rate = 1 << 31 }), FaultBadRate},
		{"2 GiB format chunk", with(func(w *rawWAV) { w.formatSize = 2 << 30 }), FaultBadFormatSize},
		{"format chunk too small", with(func(w *rawWAV) { w.formatSize = 14 }), FaultBadFormatSize},
		{"MS ADPCM", with(func(w *rawWAV) { w.tag, w.bits = 2, 4 }), FaultCodec},
		{"IMA ADPCM", with(func(w *rawWAV) { w.tag, w.bits = 0x11, 4 }), FaultCodec},
		{"GSM 6.10", with(func(w *rawWAV) { w.tag, w.bits = 0x31, 0 }), FaultCodec},
		{"12 bits", with(func(w *rawWAV) { w.bits = 12 }), FaultCodec},
		{"0 bits", with(func(w *rawWAV) { w.bits = 0 }), FaultCodec},
		{"ADPCM in an extensible format", with(func(w *rawWAV) { w.extensible, w.tag, w.bits = true, 2, 4 }), FaultCodec},
		{"extensible without sub-format", with(func(w *rawWAV) { w.tag = tagExtensible }), FaultCodec},
		{"frame size that contradicts", with(func(w *rawWAV) { w.blockAlign = 3 }), FaultBadBlockAlign},
		{"endless chunks", append(slices.Clone(right[:36]), bytes.Repeat([]byte("junk\x00\x00\x00\x00"), maxChunks+1)...), FaultBadHeader},
		{"text named .wav", []byte("客户来电记录\n2026-11-21\n"), FaultText},
		{"playlist named .wav", []byte("#EXTM3U\nhttp://127.0.0.1/a.ts\n"), FaultPlaylist},
		{"noise bytes", []byte{0, 1, 2, 250, 251, 252}, FaultNotAudio},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := Open(t.Context(), writeFile(t, "call.wav", tt.content), Config{})
			checkFault(t, f, err, tt.code)
		})
	}
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, loop := filepath.Join(dir, "pipe.wav"), filepath.Join(dir, "loop.wav")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]string{
		dir:                            FaultDirectory,
		filepath.Join(dir, "none.wav"): FaultNotFound,
		pipe:                           FaultNotRegular,
		loop:                           FaultUnreadable,
	} {
		f, err := Open(t.Context(), path, Config{})
		checkFault(t, f, err, code)
	}
}

func checkFault(t *testing.T, f *File, err error, code string) {
	t.Helper()
	if f != nil {
		_ = f.Close()
	}
	if got := call.FaultCode(err); got != code {
		t.Fatalf("got fault %q (%v), want %q", got, err, code)
	}
	var fault *call.Fault
	if !errors.As(err, &fault) || fault.Message == "" {
		t.Errorf("got %#v, want a fault with a message", err)
	}
}

func TestOpenBelievesNoDeclaredSize(t *testing.T) {
	t.Parallel()
	samples := bytes.Repeat([]byte{1, 0, 2, 0}, 8000) // one second
	tests := []struct {
		name      string
		declared  int64
		data      []byte
		millis    call.Millis
		truncated bool
		warned    bool
	}{
		{"right", -1, samples, 1000, false, false},
		{"unknown as 0", 0, samples, 1000, false, true},
		{"unknown as 0xFFFFFFFF", 0xFFFFFFFF, samples, 1000, false, true},
		{"unknown as sox writes it", 0x7FFFF000, samples, 1000, false, true},
		{"cut off", 64000, samples, 1000, true, true},
		{"cut off inside a frame", 32000, samples[:16003], 500, true, true},
		{"less than there is", 16000, samples, 500, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := pcm16(tt.data)
			w.dataSize = tt.declared
			f := openBytes(t, w.bytes())
			info := f.Info()
			if info.Duration != tt.millis || info.Truncated != tt.truncated || (len(info.Warnings) > 0) != tt.warned {
				t.Errorf("got %+v, want %d ms, truncated %t, warned %t", info, tt.millis, tt.truncated, tt.warned)
			}
			pcm := readAll(t, f)
			if got := call.FromSamples(int64(len(pcm[0])), 8000); got != tt.millis {
				t.Errorf("read %d ms, want %d", got, tt.millis)
			}
			if pcm[0][0] != 1.0/32768 || pcm[1][len(pcm[1])-1] != 2.0/32768 {
				t.Errorf("samples are misaligned: %v, %v", pcm[0][0], pcm[1][len(pcm[1])-1])
			}
		})
	}
}

func TestOpenSkipsOtherChunks(t *testing.T) {
	t.Parallel()
	w := pcm16(bytes.Repeat([]byte{1, 0, 2, 0}, 100))
	w.before = []byte("bext\x03\x00\x00\x00abc\x00fact\x04\x00\x00\x00\x01\x02\x03\x04")
	w.after = []byte("LIST\x04\x00\x00\x00INFO")
	if pcm := readAll(t, openBytes(t, w.bytes())); len(pcm[0]) != 100 || pcm[1][99] != 2.0/32768 {
		t.Errorf("got %d samples, last %v", len(pcm[0]), pcm[1][99])
	}
}

func TestDecodesEachCoding(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	tests := []struct {
		name string
		wav  rawWAV
		want []float32
	}{
		{"pcm8", rawWAV{tag: tagPCM, bits: 8, data: []byte{0, 128, 192, 255}}, []float32{-1, 0, 0.5, 127.0 / 128}},
		{"pcm16", rawWAV{tag: tagPCM, bits: 16, data: []byte{0, 0x80, 0, 0, 0, 0x40, 0xFF, 0x7F}}, []float32{-1, 0, 0.5, 32767.0 / 32768}},
		{"pcm24", rawWAV{tag: tagPCM, bits: 24, data: []byte{0, 0, 0x80, 0, 0, 0, 0, 0, 0x40, 0, 0, 0xC0}}, []float32{-1, 0, 0.5, -0.5}},
		{"pcm32", rawWAV{tag: tagPCM, bits: 32, data: []byte{0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0xC0}}, []float32{-1, 0, 0.5, -0.5}},
		{"float32", rawWAV{tag: tagFloat, bits: 32, data: le.AppendUint32(le.AppendUint32(nil, 0x3F000000), 0xC0000000)}, []float32{0.5, -1}},
		{"alaw", rawWAV{tag: tagALaw, bits: 8, data: []byte{0xD5, 0x2A, 0xAA}}, []float32{8.0 / 32768, -32256.0 / 32768, 32256.0 / 32768}},
		{"mulaw", rawWAV{tag: tagMuLaw, bits: 8, data: []byte{0xFF, 0x00, 0x80}}, []float32{0, -32124.0 / 32768, 32124.0 / 32768}},
	}
	for _, tt := range tests {
		for _, extensible := range []bool{false, true} {
			w := tt.wav
			w.channels, w.rate, w.dataSize, w.extensible = 1, 16000, -1, extensible
			f := openBytes(t, w.bytes())
			if got := readAll(t, f)[0]; !slices.Equal(got, tt.want) {
				t.Errorf("%s (extensible %t): got %v, want %v", tt.name, extensible, got, tt.want)
			}
			if info := f.Info(); info.Encoding != tt.name || info.Rate != 16000 || info.Channels != 1 || info.Format != "wav" {
				t.Errorf("%s: got %+v", tt.name, info)
			}
		}
	}
}

func TestNumbersThatAreNotFiniteBecomeSilence(t *testing.T) {
	t.Parallel()
	var data []byte
	for _, bits := range []uint32{0x7FC00000, 0x7F800000, 0xFF800000, 0x3F000000} { // NaN, +Inf, -Inf, 0.5
		data = binary.LittleEndian.AppendUint32(data, bits)
	}
	f := openBytes(t, rawWAV{tag: tagFloat, bits: 32, channels: 2, rate: 8000, data: data, dataSize: -1}.bytes())
	for block, err := range f.Blocks(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if block.Replaced != 3 || block.PCM[0][0] != 0 || block.PCM[1][0] != 0 || block.PCM[0][1] != 0 || block.PCM[1][1] != 0.5 {
			t.Errorf("got %+v", block)
		}
	}
}

func TestBlocksMayBeReadAgainAndStopped(t *testing.T) {
	t.Parallel()
	f := openPCM(t, 8000, sine(8000, 440, -10, 2.5), sine(8000, 300, -10, 2.5))
	if a, b := readAll(t, f), readAll(t, f); !slices.Equal(a[0], b[0]) || len(a[1]) != 20000 {
		t.Error("a second reading differs")
	}
	for range f.Blocks(t.Context()) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range f.Blocks(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want a cancelled context", err)
		}
	}
}

func TestReadingNoticesAShrunkenFile(t *testing.T) {
	t.Parallel()
	f := openPCM(t, 8000, sine(8000, 440, -10, 3))
	if err := os.Truncate(f.file.Name(), 20000); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range f.Blocks(t.Context()) {
		last = err
	}
	if call.FaultCode(last) != FaultUnreadable || !strings.Contains(last.Error(), "shorter") {
		t.Errorf("got %v", last)
	}
}

func TestExcerptAndWriteWAVKeepTheSamples(t *testing.T) {
	t.Parallel()
	left, right := sine(8000, 440, -10, 3), sine(8000, 300, -20, 2) // the right channel is filled up
	f := openPCM(t, 8000, left, right)
	got, err := f.Excerpt(t.Context(), call.Span{Start: 1500, End: 9000})
	if err != nil {
		t.Fatal(err)
	}
	if len(got[0]) != 12000 || len(got[1]) != 12000 {
		t.Fatalf("got %d and %d samples, want 12000", len(got[0]), len(got[1]))
	}
	for i, v := range got[0] {
		if d := v - left[12000+i]; d > 1.0/32768 || d < -1.0/32768 {
			t.Fatalf("sample %d is %v, want %v", i, v, left[12000+i])
		}
	}
	if got[1][11999] != 0 {
		t.Error("the shorter channel was not filled up with silence")
	}
	if err := WriteWAV(&bytes.Buffer{}, 8000, nil); err == nil {
		t.Error("no channels were written")
	}
}
