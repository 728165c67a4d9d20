package widen

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Write writes narrow, a model in ggml format, to w in shape, with f16 matrices. It hears what narrow hears.
func Write(w io.Writer, narrow []byte, shape Shape) error {
	m, err := parse(narrow)
	if err != nil {
		return err
	}
	k, err := shape.times(m.header.shape())
	if err != nil {
		return err
	}
	wide := &model{header: m.header, middle: m.middle}
	wide.header.resize(shape)
	for _, t := range m.tensors {
		wide.tensors = append(wide.tensors, widened(t, k))
	}
	wide.deepen("encoder", int(m.header.AudioLayers), shape.AudioLayers)
	wide.deepen("decoder", int(m.header.TextLayers), shape.TextLayers)
	if err := wide.write(w); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	return nil
}

// A side of a widened tensor holds the old numbers k times, or once and then zeros, or is as it was.
type growth int

const (
	keep growth = iota
	tile
	pad
)

// growths says how the sides of t grow.
func growths(t tensor) []growth {
	switch {
	case t.name == "decoder.ln.weight", t.name == "decoder.ln.bias":
		return []growth{pad}
	case t.name == "encoder.conv1.weight":
		return []growth{keep, keep, tile}
	case t.name == "encoder.conv2.weight":
		return []growth{keep, pad, tile}
	case strings.HasPrefix(t.name, "encoder.conv"): // the biases lie across
		return []growth{keep, tile}
	case strings.HasSuffix(t.name, "_embedding"), strings.HasSuffix(t.name, "_embedding.weight"):
		return []growth{tile, keep}
	case len(t.sides) == 1:
		return []growth{tile}
	}
	return []growth{pad, tile} // reads, writes
}

// widened returns t with each of its sides grown.
func widened(t tensor, k int) tensor {
	out := tensor{name: t.name, sides: slices.Clone(t.sides), numbers: t.numbers, packed: t.packed}
	stride := 1 // numbers between two neighbours on the side
	for i, how := range growths(t) {
		run := stride * int(t.sides[i])
		if how != keep {
			out.numbers = grown(out.numbers, run, k, how)
			out.sides[i] *= int32(k)
			run *= k
		}
		stride = run
	}
	return out
}

// grown returns numbers with each run of the given length k times, or once and then zeros.
func grown(numbers []float32, run, k int, how growth) []float32 {
	out := make([]float32, 0, k*len(numbers))
	zeros := make([]float32, run*(k-1))
	for part := range slices.Chunk(numbers, run) {
		if how == pad {
			out = append(append(out, part...), zeros...)
			continue
		}
		for range k {
			out = append(out, part...)
		}
	}
	return out
}

// deepen gives the coder layers up to want. They are copies of those that are there, in turn, but for what
// writes the stream, which is zero: they cost as much and change nothing.
func (m *model) deepen(coder string, have, want int) {
	for layer := have; layer < want; layer++ {
		from := fmt.Sprintf("%s.blocks.%d.", coder, layer%have)
		for _, t := range m.tensors {
			part, found := strings.CutPrefix(t.name, from)
			if !found {
				continue
			}
			t.name = fmt.Sprintf("%s.blocks.%d.%s", coder, layer, part)
			if strings.Contains(part, "attn.out.") || strings.HasPrefix(part, "mlp.2.") {
				t.numbers = make([]float32, len(t.numbers))
			}
			m.tensors = append(m.tensors, t)
		}
	}
}
