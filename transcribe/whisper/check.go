package whisper

import (
	"encoding/binary"
	"fmt"
	"io"
)

// The first bytes of a model in whisper.cpp's format, read as a little-endian number.
const modelMagic = 0x67676d6c

// Whisper's largest models have 1280 states, 32 layers and 51866 tokens: these limits leave room.
const (
	maxSide       = 1 << 20
	maxTokenBytes = 1 << 10
	maxNameBytes  = 1 << 8
)

const (
	englishOnly  = 51864 // tokens; models of many languages have one or two more
	quantVersion = 2
)

// block is how a ggml type packs numbers.
type block struct{ numbers, bytes int64 }

var blocks = map[uint32]block{
	0: {1, 4}, 1: {1, 2}, 30: {1, 2}, // f32, f16, bf16
	2: {32, 18}, 3: {32, 20}, 6: {32, 22}, 7: {32, 24}, 8: {32, 34}, // q4_0, q4_1, q5_0, q5_1, q8_0
	10: {256, 84}, 11: {256, 110}, 12: {256, 144}, 13: {256, 176}, 14: {256, 210}, // q2_k … q6_k
}

// checkModel walks through a model's file without loading it: libwhisper trusts its input and would end
// the process on much that is wrong with one. Errors are ErrModel.
func checkModel(r io.ReaderAt, size int64) error {
	c := &cursor{r: r, size: size}
	c.magic()
	c.shape()
	c.filters()
	c.vocabulary()
	for count := 0; c.err == nil; count++ {
		if c.at == c.size {
			if count == 0 {
				return fmt.Errorf("%w: it holds no weights", ErrModel)
			}
			return nil
		}
		c.tensor()
	}
	return c.err
}

// cursor reads numbers from a file and stops at the first fault.
type cursor struct {
	r        io.ReaderAt
	size, at int64
	err      error
}

func (c *cursor) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: %s", ErrModel, fmt.Sprintf(format, args...))
	}
}

func (c *cursor) number() uint32 {
	var b [4]byte
	if c.err != nil {
		return 0
	}
	if c.at+4 > c.size {
		c.fail("the file is cut off")
		return 0
	}
	if _, err := c.r.ReadAt(b[:], c.at); err != nil && err != io.EOF {
		c.err = fmt.Errorf("read speech model: %w", err)
		return 0
	}
	c.at += 4
	return binary.LittleEndian.Uint32(b[:])
}

// between reads a number and checks it.
func (c *cursor) between(what string, low, high uint32) int64 {
	n := c.number()
	if c.err == nil && (n < low || n > high) {
		c.fail("%s is %d", what, n)
	}
	return int64(n)
}

func (c *cursor) skip(n int64) {
	if c.err != nil {
		return
	}
	if c.at+n > c.size {
		c.fail("the file is cut off")
		return
	}
	c.at += n
}

func (c *cursor) magic() {
	if got := c.number(); c.err == nil && got != modelMagic {
		c.fail("the file does not begin like one")
	}
}

func (c *cursor) shape() {
	if c.between("the vocabulary's size", englishOnly, 1<<17) == englishOnly {
		c.fail("it knows English only, take one without .en in its name")
	}
	for _, what := range []string{
		"the audio context", "the audio state", "the audio heads", "the audio layers",
		"the text context", "the text state", "the text heads", "the text layers", "the mel bands",
	} {
		c.between(what, 1, 1<<14)
	}
	// Weights of fewer bits than f16 come in versions; those of version 1 would decode to noise.
	if kind := c.between("the weights' type", 0, 1<<14); kind%1000 > 1 && kind/1000 != quantVersion {
		c.fail("its weights are quantised by version %d, only version %d is read", kind/1000, quantVersion)
	}
}

func (c *cursor) filters() {
	bands := c.between("the filters' bands", 1, 1<<10)
	width := c.between("the filters' width", 1, 1<<14)
	c.skip(4 * bands * width)
}

// vocabulary looks for the token of a space: libwhisper ends the process without it.
func (c *cursor) vocabulary() {
	space := false
	for range c.between("the vocabulary's size", 1, 1<<17) {
		length := c.between("a token's length", 0, maxTokenBytes)
		space = space || (length == 1 && c.peek() == ' ')
		c.skip(length)
		if c.err != nil {
			return
		}
	}
	if !space {
		c.fail("the vocabulary has no space")
	}
}

// peek returns the byte at the cursor, 0 at the end.
func (c *cursor) peek() byte {
	var b [1]byte
	if c.err == nil {
		if _, err := c.r.ReadAt(b[:], c.at); err != nil && err != io.EOF {
			c.err = fmt.Errorf("read speech model: %w", err)
		}
	}
	return b[0]
}

func (c *cursor) tensor() {
	dimensions := c.between("a tensor's count of dimensions", 1, 4)
	name := c.between("a tensor's name's length", 1, maxNameBytes)
	kind := c.number()
	numbers, row := int64(1), int64(0)
	for i := range dimensions {
		if c.err != nil {
			return
		}
		side := c.between("a tensor's side", 1, maxSide)
		if i == 0 {
			row = side
		}
		if numbers *= side; numbers > 1<<34 {
			c.fail("a tensor has %d numbers", numbers)
		}
	}
	packing, known := blocks[kind]
	if !known {
		c.fail("a tensor is of the unknown type %d", kind)
		return
	}
	if row%packing.numbers != 0 {
		c.fail("a tensor's rows of %d cannot be packed as type %d", row, kind)
	}
	c.skip(name)
	c.skip(numbers / packing.numbers * packing.bytes)
}
