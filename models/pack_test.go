package models_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/x448/float16"

	"github.com/zhijian-qa/zhijian/internal/widen"
	"github.com/zhijian-qa/zhijian/models"
)

// wide returns the demo model with f16 weights, in the shape of tiny.
func wide(t *testing.T) []byte {
	t.Helper()
	demo, err := models.Resolve("", "")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := widen.Write(&b, demo.Bytes, widen.Shapes()["tiny"]); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPack(t *testing.T) {
	t.Parallel()
	before := wide(t)
	packed, err := models.Pack(bytes.NewReader(before), int64(len(before)))
	if err != nil {
		t.Fatal(err)
	}
	structure, err := models.Check(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if structure.Weights != models.Packed || structure.Packable() {
		t.Errorf("got %+v", structure)
	}
	if share := float64(len(packed)) / float64(len(before)); share > 0.6 {
		t.Errorf("it takes %.2f of what it took", share)
	}
	const name = "decoder.token_embedding.weight"
	halves, blocks := numbersOf(before, name), numbersOf(packed, name)
	for i := range 10_000 {
		block := blocks[i*34:]
		scale := float16.Frombits(binary.LittleEndian.Uint16(block)).Float32()
		var most, off float64
		for j := range 32 {
			was := float64(float16.Frombits(binary.LittleEndian.Uint16(halves[64*i+2*j:])).Float32())
			most = max(most, math.Abs(was))
			off = max(off, math.Abs(was-float64(scale)*float64(int8(block[2+j]))))
		}
		if off > most/220 {
			t.Fatalf("block %d: a number is off by %g where the largest is %g", i, off, most)
		}
	}
}

// numbersOf returns a model's bytes from where the numbers of a tensor begin.
func numbersOf(model []byte, tensor string) []byte {
	return model[bytes.Index(model, []byte(tensor))+len(tensor):]
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	demo, err := models.Resolve("", "")
	if err != nil {
		t.Fatal(err)
	}
	if demo.Structure.Packable() {
		t.Error("the demo model is packed already")
	}
	if _, err := models.Pack(bytes.NewReader(demo.Bytes), int64(len(demo.Bytes))); err == nil || !strings.Contains(err.Error(), "f16") {
		t.Errorf("packed twice: %v", err)
	}
	model := wide(t)
	if _, err := models.Pack(bytes.NewReader(model), int64(len(model))/2); err == nil {
		t.Error("half of a model was packed")
	}
}
