package models

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Structure is what the file of a model says about itself.
type Structure struct {
	Kind        Kind
	Vocabulary  int    // tokens
	AudioLayers int    // of the encoder
	TextLayers  int    // of the decoder
	Width       int    // of the encoder
	Mels        int    // frequency bands
	Weights     string // the type of most weights: f16, q5_0, …
	Tensors     int
}

const (
	ggmlMagic   = 0x67676D6C
	vadType     = "silero-16k"
	englishOnly = 51864 // the vocabulary of English-only models; multilingual ones have one or two more
	maxLayers   = 128
	maxWidth    = 16384
	maxName     = 256
	maxToken    = 4096
)

// weightType is a way to store numbers: so many of them take so many bytes.
type weightType struct {
	name         string
	block, bytes int64
}

// weightTypes are the types of tensors by their number in a file.
var weightTypes = map[int32]weightType{
	0: {"f32", 1, 4}, 1: {"f16", 1, 2},
	2: {"q4_0", 32, 18}, 3: {"q4_1", 32, 20}, 6: {"q5_0", 32, 22}, 7: {"q5_1", 32, 24}, 8: {"q8_0", 32, 34},
	10: {"q2_k", 256, 84}, 11: {"q3_k", 256, 110}, 12: {"q4_k", 256, 144}, 13: {"q5_k", 256, 176}, 14: {"q6_k", 256, 210},
}

// fileTypes gives the type of the weights of a file by the number in its header.
var fileTypes = map[int32]int32{0: 0, 1: 1, 2: 2, 3: 3, 7: 8, 8: 6, 9: 7, 10: 10, 11: 11, 12: 12, 13: 13, 14: 14}

// Check reads the structure of a model file of the given size: that it is a ggml model of a kind and
// version that is read, that it is multilingual, that every tensor is there once, has the shape that
// the header asks for, and lies inside the file. libwhisper itself takes some damaged files without a
// word and ends the whole process on others.
func Check(r io.ReaderAt, size int64) (Structure, error) {
	c := &cursor{r: r, size: size}
	magic := c.int32()
	if c.err != nil || uint32(magic) != ggmlMagic {
		return Structure{}, notGGML(r, size)
	}
	if length := c.int32(); length == int32(len(vadType)) {
		if c.text(length) == vadType {
			return checkVAD(c)
		}
		return Structure{}, fault(FaultNotGGML, nil, "the file is a ggml model of an unknown kind")
	}
	c.at -= 4
	return checkWhisper(c)
}

// starts are the beginnings of files that are taken for models.
var starts = []struct{ start, what string }{
	{"GGUF", "a GGUF file; whisper models come in the older ggml format"},
	{"lmgg", ""},
	{"ggjt", "a ggjt file, which holds no whisper model"},
	{"tjgg", "a ggjt file, which holds no whisper model"},
	{"PK\x03\x04", "a PyTorch or zip archive; convert it to ggml first"},
	{"version https://git-lfs", "a Git LFS pointer: the model itself was not downloaded"},
	{"<", "a web page: the download gave an error page instead of the model"},
	{"\x1F\x8B", "compressed; unpack it first"},
	{"{", "JSON, not a model"},
}

func notGGML(r io.ReaderAt, size int64) error {
	b := make([]byte, 32)
	n, err := r.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fault(FaultUnreadable, err, "the model file cannot be read")
	}
	if size < 4 {
		return fault(FaultCutOff, nil, "the model file has only %d bytes", size)
	}
	for _, s := range starts {
		if s.what != "" && bytes.HasPrefix(b[:n], []byte(s.start)) {
			return fault(FaultNotGGML, nil, "the file is %s", s.what)
		}
	}
	return fault(FaultNotGGML, nil, "the file is no ggml model")
}

// cursor reads a file from front to back and remembers the first error.
type cursor struct {
	r    io.ReaderAt
	size int64
	at   int64
	err  error
	page []byte // what was read ahead
	from int64  // where page begins
}

// bytes returns the next n bytes, valid until the next call.
func (c *cursor) bytes(n int64) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || c.at+n > c.size {
		c.err = fault(FaultCutOff, nil, "the model file is cut off: it ends at %d bytes", c.size)
		return nil
	}
	if c.at < c.from || c.at+n > c.from+int64(len(c.page)) {
		page := make([]byte, min(max(n, 1<<16), c.size-c.at))
		if _, err := c.r.ReadAt(page, c.at); err != nil && !errors.Is(err, io.EOF) {
			c.err = fault(FaultUnreadable, err, "the model file cannot be read")
			return nil
		}
		c.page, c.from = page, c.at
	}
	b := c.page[c.at-c.from:][:n]
	c.at += n
	return b
}

func (c *cursor) int32() int32 {
	b := c.bytes(4)
	if b == nil {
		return 0
	}
	return int32(binary.LittleEndian.Uint32(b))
}

func (c *cursor) text(n int32) string { return string(c.bytes(int64(n))) }

// skip passes n bytes without reading them.
func (c *cursor) skip(n int64) {
	if c.err == nil && (n < 0 || n > c.size-c.at) {
		c.err = fault(FaultCutOff, nil, "the model file is cut off: %d more bytes are missing", n-(c.size-c.at))
		return
	}
	c.at += n
}

// tensor is the head of one tensor in a file.
type tensor struct {
	name  string
	kind  int32
	shape []int32
}

// tensor reads the head of the next tensor and passes its numbers. A single number has no dimension.
func (c *cursor) tensor() tensor {
	start := c.at
	dims, length, kind := c.int32(), c.int32(), c.int32()
	if c.err != nil {
		return tensor{}
	}
	weights, known := weightTypes[kind]
	if dims < 0 || dims > 4 || length < 1 || length > maxName || !known {
		c.err = fault(FaultDamaged, nil, "the model file is damaged at byte %d: no tensor begins there", start)
		return tensor{}
	}
	t := tensor{kind: kind, shape: make([]int32, dims)}
	count := int64(1)
	for i := range t.shape {
		t.shape[i] = c.int32()
		if t.shape[i] < 1 || count > (1<<40)/int64(t.shape[i]) {
			c.damaged(start)
			return tensor{}
		}
		count *= int64(t.shape[i])
	}
	t.name = c.text(length)
	if weights.block > 1 && (dims == 0 || int64(t.shape[0])%weights.block != 0) {
		c.damaged(start)
	}
	for len(t.shape) > 0 && t.shape[len(t.shape)-1] == 1 { // says nothing
		t.shape = t.shape[:len(t.shape)-1]
	}
	c.skip(count / weights.block * weights.bytes)
	return t
}

func (c *cursor) damaged(at int64) {
	if c.err == nil {
		c.err = fault(FaultDamaged, nil, "the model file is damaged: the tensor at byte %d has an impossible shape", at)
	}
}

// checkVAD checks a Silero model: its header and that all tensors lie inside the file.
func checkVAD(c *cursor) (Structure, error) {
	c.skip(3 * 4) // version
	window, context, layers := c.int32(), c.int32(), c.int32()
	if c.err == nil && (window < 1 || window > 4096 || context < 0 || context > 4096 || layers < 1 || layers > maxLayers) {
		return Structure{}, fault(FaultDamaged, nil, "the header of the VAD model makes no sense")
	}
	c.skip(int64(layers)*3*4 + 4*4)
	s := Structure{Kind: KindVAD, AudioLayers: int(layers), Weights: "f16"}
	for c.err == nil && c.at < c.size {
		c.tensor()
		s.Tensors++
	}
	if c.err != nil {
		return Structure{}, c.err
	}
	if want := int(layers)*2 + 7; s.Tensors != want {
		return Structure{}, fault(FaultCutOff, nil, "the VAD model has %d of %d tensors", s.Tensors, want)
	}
	return s, nil
}

// String describes a model in a few words.
func (s Structure) String() string {
	if s.Kind == KindVAD {
		return "silero vad"
	}
	return fmt.Sprintf("whisper, %d+%d layers of %d, %s", s.AudioLayers, s.TextLayers, s.Width, s.Weights)
}
