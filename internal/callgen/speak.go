package callgen

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// language is the only voice of espeak-ng 1.51 that reads Han characters properly: "cmn" reads most
// of them as English letters.
const language = "cmn-latn-pinyin"

// speakerRate is the sample rate of espeak-ng in Hz.
const speakerRate = 22050

// wavHeader is the length of the header that espeak-ng writes.
const wavHeader = 44

// Speak returns what espeak-ng makes of text, mono at 22,050 Hz, with the silence around it.
func Speak(ctx context.Context, text string, p Party) ([]float32, error) {
	out, err := espeak(ctx, text, "-v", language+"+"+p.Voice, "-s", strconv.Itoa(p.Rate), "-p", strconv.Itoa(p.Pitch), "-z", "--stdout")
	if err != nil {
		return nil, err
	}
	if len(out) < wavHeader || string(out[:4]) != "RIFF" || binary.LittleEndian.Uint32(out[24:]) != speakerRate {
		return nil, fmt.Errorf("speak with voice %s: no WAV at %d Hz came back", p.Voice, speakerRate)
	}
	data := out[wavHeader:]
	samples := make([]float32, len(data)/2)
	for i := range samples {
		samples[i] = float32(int16(binary.LittleEndian.Uint16(data[2*i:]))) / 32768
	}
	return samples, nil
}

// Phonemes returns how espeak-ng reads text.
func Phonemes(ctx context.Context, text string) (string, error) {
	out, err := espeak(ctx, text, "-v", language, "-q", "-x")
	return strings.TrimSpace(string(out)), err
}

// espeak runs espeak-ng with text as its input.
func espeak(ctx context.Context, text string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "espeak-ng", append(args, "--stdin")...)
	cmd.Stdin = strings.NewReader(text)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("espeak-ng is not installed: the package espeak-ng brings it")
	case err != nil:
		return nil, fmt.Errorf("run espeak-ng: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	case stderr.Len() > 0:
		return nil, fmt.Errorf("run espeak-ng: %s", bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}
