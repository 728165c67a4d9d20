package sense

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/zhijian-qa/zhijian/call"
)

//go:embed model.gz
var builtin []byte

// Builtin returns the model that is part of the program.
var Builtin = sync.OnceValues(func() (*Model, error) {
	m, err := Load(bytes.NewReader(builtin))
	if err != nil {
		return nil, fmt.Errorf("load the built-in model of senses: %w", err)
	}
	return m, nil
})

// mostRows bounds what a file may ask for.
const mostRows = 1 << 22

// head is the first line of a file. The features follow it, four bytes each, the lowest first, and then their weights,
// a byte each.
type head struct {
	Acts     []string  `json:"acts"`
	Unit     []float32 `json:"unit"`
	Bias     []float32 `json:"bias"`
	Features int       `json:"features"`
	Of       string    `json:"of"` // what it was learnt from
}

func (h head) check() error {
	n := len(h.Acts)
	if n == 0 || n > mostActs || len(h.Unit) != n || len(h.Bias) != n || h.Features < 0 || h.Features > mostRows {
		return fmt.Errorf("%d acts, %d units, %d biases, %d features: %w", n, len(h.Unit), len(h.Bias), h.Features, call.ErrInvalid)
	}
	return nil
}

// Load reads what Save wrote.
func Load(from io.Reader) (*Model, error) {
	unzipped, err := gzip.NewReader(from)
	if err != nil {
		return nil, fmt.Errorf("unzip: %w", err)
	}
	sum := sha256.New()
	r := bufio.NewReader(io.TeeReader(unzipped, sum))
	line, err := r.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("read the head: %w", err)
	}
	var h head
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, fmt.Errorf("read the head: %w", err)
	}
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("read the head: %w", err)
	}
	m := &Model{acts: h.Acts, of: h.Of, unit: h.Unit, bias: h.Bias, features: make([]feature, h.Features), weights: make([]int8, h.Features*zones*len(h.Acts))}
	for _, part := range []any{m.features, m.weights} {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("read the weights: %w", err)
		}
	}
	if n, err := io.Copy(io.Discard, r); err != nil || n > 0 { // the end tells whether all came through
		return nil, fmt.Errorf("read the end: %d bytes more (%w)", n, cmp.Or(err, call.ErrInvalid))
	}
	m.prepare()
	m.revision = hex.EncodeToString(sum.Sum(nil))[:12]
	return m, nil
}

// Save writes the model.
func (m *Model) Save(to io.Writer) error {
	line, err := json.Marshal(head{m.acts, m.unit, m.bias, len(m.features), m.of})
	if err != nil {
		return fmt.Errorf("write the head: %w", err)
	}
	zipped, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("zip: %w", err)
	}
	for _, part := range []any{append(line, '\n'), m.features, m.weights} {
		if err := binary.Write(zipped, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("write the model: %w", err)
		}
	}
	if err := zipped.Close(); err != nil {
		return fmt.Errorf("zip: %w", err)
	}
	return nil
}
