package models

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/x448/float16"
	"golang.org/x/sync/errgroup"
)

// Packed is the type of weights that Pack makes: blocks of 32 numbers of 8 bits with a scale in common.
const Packed = "q8_0"

const (
	f16Kind     = 1
	packedKind  = 8
	packedFile  = 1000*quantVersion + 7 // in the header
	fileTypeAt  = 4 + 10*4              // of the type in the header, in bytes
	kindAt      = 2 * 4                 // of the type in the head of a tensor
	packedChunk = 1 << 15               // blocks that are packed in one go
)

// Packable reports whether Pack takes a model.
func (s Structure) Packable() bool {
	return s.Kind == KindSpeech && s.Weights == weightTypes[f16Kind].name
}

// Pack returns a speech model of f16 weights with its matrices packed into 8 bits (q8_0), as ggml's own quantising
// does: half of the memory, and faster wherever reading the weights takes the time. Each number is off by less than a
// 220th of the largest of its block. Convolutions, biases and norms stay as they are.
//
// r holds a file of size bytes that Check has found sound and Packable.
func Pack(r io.ReaderAt, size int64) ([]byte, error) {
	c := &cursor{r: r, size: size, at: 4}
	h := c.hparams()
	if c.err == nil && h.fileType != f16Kind {
		return nil, fault(FaultVersion, nil, "only a model of f16 weights can be packed")
	}
	if err := c.filters(h); err != nil {
		return nil, err
	}
	if err := c.words(h); err != nil {
		return nil, err
	}
	h.fileType = packedFile
	want := expected(h)
	p := packer{r: r}
	p.add(piece{size: c.at})
	for c.at < size {
		start := c.at
		t := c.tensor()
		if c.err != nil {
			return nil, c.err
		}
		p.addTensor(t, start, c.at, want[t.name].kind == packedKind)
	}
	return p.pack()
}

// Pack is Pack for the file of w.
func (w Weights) Pack() ([]byte, error) {
	file, err := os.Open(w.Path)
	if err != nil {
		return nil, fault(FaultUnreadable, err, "the model file cannot be read")
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return nil, fault(FaultUnreadable, err, "the model file cannot be read")
	}
	return Pack(file, stat.Size())
}

// packer writes a packed model piece by piece.
type packer struct {
	r      io.ReaderAt
	pieces []piece
	size   int64 // of what is written
}

// piece is a stretch of the file and where it goes.
type piece struct {
	from, size int64 // in the file, in bytes
	to         int64 // in what is written
	blocks     int64 // that it is packed into; 0 for a copy
	head       bool  // the head of a tensor that is packed
}

func (p *packer) add(one piece) {
	one.to = p.size
	p.pieces = append(p.pieces, one)
	if one.blocks > 0 {
		p.size += one.blocks * weightTypes[packedKind].bytes
	} else {
		p.size += one.size
	}
}

// addTensor adds the tensor that lies in the file from start to end.
func (p *packer) addTensor(t tensor, start, end int64, packed bool) {
	if !packed {
		p.add(piece{from: start, size: end - start})
		return
	}
	count := int64(1)
	for _, side := range t.shape {
		count *= int64(side)
	}
	numbers := end - 2*count
	p.add(piece{from: start, size: numbers - start, head: true})
	block := weightTypes[packedKind].block
	for left := count / block; left > 0; {
		blocks := min(left, packedChunk)
		p.add(piece{from: numbers, size: 2 * block * blocks, blocks: blocks})
		numbers += 2 * block * blocks
		left -= blocks
	}
}

// pack writes all pieces, on all cores.
func (p *packer) pack() ([]byte, error) {
	out := make([]byte, p.size)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, one := range p.pieces {
		group.Go(func() error { return p.write(out[one.to:], one) })
	}
	if err := group.Wait(); err != nil {
		return nil, fault(FaultUnreadable, err, "the model file cannot be read")
	}
	binary.LittleEndian.PutUint32(out[fileTypeAt:], packedFile)
	return out, nil
}

func (p *packer) write(out []byte, one piece) error {
	from := io.NewSectionReader(p.r, one.from, one.size)
	if one.blocks == 0 {
		if _, err := io.ReadFull(from, out[:one.size]); err != nil {
			return fmt.Errorf("read weights: %w", err)
		}
		if one.head {
			binary.LittleEndian.PutUint32(out[kindAt:], packedKind)
		}
		return nil
	}
	numbers := make([]byte, one.size)
	if _, err := io.ReadFull(from, numbers); err != nil {
		return fmt.Errorf("read weights: %w", err)
	}
	in, size := int(2*weightTypes[packedKind].block), int(weightTypes[packedKind].bytes)
	for i := range int(one.blocks) {
		packBlock(out[i*size:(i+1)*size], numbers[i*in:(i+1)*in])
	}
	return nil
}

// packBlock writes the scale, the largest number over 127, as f16 and then each number in units of the scale.
func packBlock(out, halves []byte) {
	var numbers [32]float32
	var most float32
	for i := range numbers {
		numbers[i] = float16.Frombits(binary.LittleEndian.Uint16(halves[2*i:])).Float32()
		most = max(most, numbers[i], -numbers[i])
	}
	scale := most / 127
	binary.LittleEndian.PutUint16(out, float16.Fromfloat32(scale).Bits())
	if scale == 0 {
		return // out is zero
	}
	for i, n := range numbers {
		out[2+i] = byte(rounded(n / scale))
	}
}

// rounded rounds halves away from zero.
func rounded(n float32) int8 {
	if n < 0 {
		return int8(n - 0.5)
	}
	return int8(n + 0.5)
}
