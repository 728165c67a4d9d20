package scene

import "github.com/zhijian-qa/zhijian/internal/callgen"

// transmit sends samples through the band, the limiter and the codec of the conditions, in place.
func (c Conditions) transmit(samples []float32) {
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
	callgen.Transcode(samples, c.Codec)
}
