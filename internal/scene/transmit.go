package scene

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os/exec"

	"github.com/zhijian-qa/zhijian/internal/callgen"
)

// transmit sends samples through the band, the limiter and the codec of the conditions, in place.
func (c Conditions) transmit(ctx context.Context, samples []float32) error {
	if c.Narrow {
		for range 2 {
			pass(300, true).run(samples)
			pass(3400, false).run(samples)
		}
	}
	drive := gain(c.DriveDB)
	for i, x := range samples {
		samples[i] = max(-1, min(drive*x+float32(c.Offset), 32767.0/32768))
	}
	if c.GSM {
		if err := ThroughGSM(ctx, samples); err != nil {
			return err
		}
	}
	callgen.Transcode(samples, c.Codec)
	return nil
}

// ThroughGSM gives samples at Rate what the full-rate codec of GSM (06.10) leaves of them, in place. It
// fails when sox does.
func ThroughGSM(ctx context.Context, samples []float32) error {
	raw := make([]byte, 0, 2*len(samples))
	for _, x := range samples {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(max(-1, min(x, 32767.0/32768))*32768)))
	}
	kind := []string{"-t", "s16", "-r", "8000", "-c", "1", "-"}
	coded, err := sox(ctx, raw, append(kind, "-t", "gsm", "-")...)
	if err != nil {
		return err
	}
	raw, err = sox(ctx, coded, append([]string{"-t", "gsm", "-r", "8000", "-c", "1", "-"}, kind...)...)
	if err != nil {
		return err
	}
	for i := range samples {
		samples[i] = 0
		if 2*i+1 < len(raw) {
			samples[i] = float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / 32768
		}
	}
	return nil
}

func sox(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "sox", append([]string{"-D"}, args...)...)
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run sox: %w", err)
	}
	return out, nil
}
