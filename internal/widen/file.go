package widen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/x448/float16"
)

// The types of numbers in a ggml file that are read or written here.
const (
	typeF32  = 0
	typeF16  = 1
	typeQ8   = 8
	q8Block  = 32
	magic    = 0x67676d6c
	fileF16  = 1 // in the header: matrices are f16
	maxSides = 4
)

// header is the head of a whisper model in ggml format, in the order of the file.
type header struct {
	Vocabulary, AudioContext, AudioState, AudioHeads, AudioLayers int32
	TextContext, TextState, TextHeads, TextLayers                 int32
	Mels, FileType                                                int32
}

func (h header) shape() Shape {
	return Shape{int(h.AudioState), int(h.AudioHeads), int(h.AudioLayers), int(h.TextLayers)}
}

func (h *header) resize(s Shape) {
	h.AudioState, h.TextState = int32(s.Width), int32(s.Width)
	h.AudioHeads, h.TextHeads = int32(s.Heads), int32(s.Heads)
	h.AudioLayers, h.TextLayers = int32(s.AudioLayers), int32(s.TextLayers)
	h.FileType = fileF16
}

// tensor is a named array; sides[0] is the one whose numbers lie next to each other.
type tensor struct {
	name    string
	sides   []int32
	numbers []float32
	packed  bool // written as f16
}

// model is a file in parts. The bytes of filters and vocabulary are kept as they are.
type model struct {
	header  header
	middle  []byte
	tensors []tensor
}

// parse reads a model whose matrices are f32, f16 or q8_0.
func parse(b []byte) (*model, error) {
	r := bytes.NewReader(b)
	var m model
	var first uint32
	if err := read(r, &first, &m.header); err != nil || first != magic {
		return nil, errors.Join(errors.New("not a ggml model"), err)
	}
	begin := len(b) - r.Len()
	if err := skipMiddle(r); err != nil {
		return nil, fmt.Errorf("read filters and vocabulary: %w", err)
	}
	m.middle = b[begin : len(b)-r.Len()]
	for r.Len() > 0 {
		t, err := readTensor(r)
		if err != nil {
			return nil, fmt.Errorf("read tensor: %w", err)
		}
		m.tensors = append(m.tensors, t)
	}
	return &m, nil
}

func read(r io.Reader, into ...any) error {
	for _, v := range into {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	return nil
}

// skipMiddle passes the mel filters and the vocabulary.
func skipMiddle(r *bytes.Reader) error {
	var bands, width, count, length int32
	if err := read(r, &bands, &width); err != nil {
		return err
	}
	if _, err := r.Seek(4*int64(bands)*int64(width), io.SeekCurrent); err != nil {
		return err
	}
	if err := read(r, &count); err != nil {
		return err
	}
	for range count {
		if err := read(r, &length); err != nil {
			return err
		}
		if _, err := r.Seek(int64(length), io.SeekCurrent); err != nil {
			return err
		}
	}
	return nil
}

func readTensor(r *bytes.Reader) (tensor, error) {
	var sides, length, kind int32
	if err := read(r, &sides, &length, &kind); err != nil {
		return tensor{}, err
	}
	if sides < 1 || sides > maxSides || length < 1 || int(length) > r.Len() {
		return tensor{}, fmt.Errorf("%d sides and a name of %d bytes", sides, length)
	}
	t := tensor{sides: make([]int32, sides), packed: kind != typeF32}
	name := make([]byte, length)
	if err := read(r, t.sides, name); err != nil {
		return tensor{}, err
	}
	t.name = string(name)
	count := 1
	for _, side := range t.sides {
		count *= int(side)
	}
	if count < 1 || count > 2*r.Len() {
		return tensor{}, fmt.Errorf("%s has %d numbers", t.name, count)
	}
	var err error
	t.numbers, err = readNumbers(r, count, kind)
	return t, err
}

func readNumbers(r io.Reader, count int, kind int32) ([]float32, error) {
	numbers := make([]float32, count)
	switch kind {
	case typeF32:
		return numbers, read(r, numbers)
	case typeF16:
		halves := make([]float16.Float16, count)
		err := read(r, halves)
		for i, h := range halves {
			numbers[i] = h.Float32()
		}
		return numbers, err
	case typeQ8:
		blocks := make([]struct {
			Scale   float16.Float16
			Numbers [q8Block]int8
		}, count/q8Block)
		err := read(r, blocks)
		for i, b := range blocks {
			for j, n := range b.Numbers {
				numbers[i*q8Block+j] = b.Scale.Float32() * float32(n)
			}
		}
		return numbers, err
	}
	return nil, fmt.Errorf("numbers of type %d", kind)
}

// write writes the model with f16 matrices.
func (m *model) write(w io.Writer) error {
	for _, v := range []any{uint32(magic), m.header, m.middle} {
		if err := binary.Write(w, binary.LittleEndian, v); err != nil {
			return err
		}
	}
	for _, t := range m.tensors {
		if _, err := w.Write(t.bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (t tensor) bytes() []byte {
	kind := uint32(typeF32)
	if t.packed {
		kind = typeF16
	}
	b := make([]byte, 0, 64+4*len(t.numbers))
	for _, n := range append([]uint32{uint32(len(t.sides)), uint32(len(t.name)), kind}, unsigned(t.sides)...) {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	b = append(b, t.name...)
	for _, n := range t.numbers {
		if t.packed {
			b = binary.LittleEndian.AppendUint16(b, float16.Fromfloat32(n).Bits())
		} else {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n))
		}
	}
	return b
}

func unsigned(sides []int32) []uint32 {
	out := make([]uint32, len(sides))
	for i, side := range sides {
		out[i] = uint32(side)
	}
	return out
}
