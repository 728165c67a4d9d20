package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// builder writes model files for tests.
type builder struct{ bytes.Buffer }

func (b *builder) ints(values ...int32) {
	for _, v := range values {
		_ = binary.Write(b, binary.LittleEndian, v)
	}
}

func (b *builder) tensor(name string, kind int32, shape ...int32) {
	b.ints(int32(len(shape)), int32(len(name)), kind)
	b.ints(shape...)
	b.WriteString(name)
	count := int64(1)
	for _, n := range shape {
		count *= int64(n)
	}
	w := weightTypes[kind]
	b.Write(make([]byte, count/w.block*w.bytes))
}

// vadModel is a small file of the form of a Silero model. seed makes files differ.
func vadModel(seed int32) []byte {
	var b builder
	magic := uint32(ggmlMagic)
	b.ints(int32(magic), int32(len(vadType)))
	b.WriteString(vadType)
	b.ints(6, 2, seed, 512, 64, 1, 129, 128, 3, 128, 128, 128, 1)
	b.tensor("_model.encoder.0.reparam_conv.weight", 1, 3, 9, 8)
	b.tensor("_model.encoder.0.reparam_conv.bias", 0, 8)
	for _, name := range []string{"weight_ih", "weight_hh"} {
		b.tensor("_model.decoder.rnn."+name, 0, 64, 64)
	}
	for _, name := range []string{"bias_ih", "bias_hh"} {
		b.tensor("_model.decoder.rnn."+name, 0, 64)
	}
	b.tensor("_model.decoder.decoder.2.weight", 1, 8)
	b.tensor("_model.decoder.decoder.2.bias", 0)
	b.tensor("_model.stft.forward_basis_buffer", 1, 256, 1, 258)
	return b.Bytes()
}

// smallHeader is that of a speech model of one layer.
func smallHeader() hparams {
	return hparams{51865, audioContext, 64, 1, 1, textContext, 64, 1, 1, 80, 2002}
}

// speechHead returns the file of a speech model up to its first tensor.
func speechHead(h hparams, tokens ...string) *builder {
	b := &builder{}
	magic := uint32(ggmlMagic)
	b.ints(int32(magic), h.vocabulary, h.audioContext, h.audioState, h.audioHead, h.audio,
		h.textContext, h.textState, h.textHead, h.text, h.mels, h.fileType)
	b.ints(h.mels, fourierBins)
	b.Write(make([]byte, h.mels*fourierBins*4))
	b.ints(int32(len(tokens)))
	for _, token := range tokens {
		b.ints(int32(len(token)))
		b.WriteString(token)
	}
	return b
}

// speechModel is a whole speech model without anything learnt.
func speechModel(h hparams, skip string) []byte {
	b := speechHead(h, " ", "您", "好")
	for name, t := range expected(h) {
		if name != skip {
			b.tensor(name, t.kind, t.shape...)
		}
	}
	return b.Bytes()
}

func write(t testing.TB, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func codeOf(err error) string {
	if f, ok := asFault(err); ok {
		return f.Code
	}
	if err != nil {
		return "no fault: " + err.Error()
	}
	return ""
}
