package models

import (
	"fmt"
	"slices"
)

// hparams is the header of a whisper model, in the order of the file.
type hparams struct {
	vocabulary                                 int32
	audioContext, audioState, audioHead, audio int32 // the last is the count of layers
	textContext, textState, textHead, text     int32
	mels, fileType                             int32
}

func (c *cursor) hparams() hparams {
	return hparams{
		c.int32(), c.int32(), c.int32(), c.int32(), c.int32(),
		c.int32(), c.int32(), c.int32(), c.int32(), c.int32(), c.int32(),
	}
}

// The shape that all whisper models share.
const (
	audioContext = 1500
	textContext  = 448
	fourierBins  = 201
	// quantVersion is the version of the quantised formats; files of earlier ones decode to noise.
	quantVersion = 2
)

func (h hparams) check() error {
	switch {
	case h.vocabulary == englishOnly:
		return fault(FaultEnglish, nil, "the model knows English only; take one without .en in its name")
	case h.vocabulary != englishOnly+1 && h.vocabulary != englishOnly+2:
		return fault(FaultVersion, nil, "the model has a vocabulary of %d tokens, which no multilingual whisper model has", h.vocabulary)
	case h.audioContext != audioContext || h.textContext != textContext || h.mels != 80 && h.mels != 128:
		return fault(FaultVersion, nil, "the header is not that of a whisper model (contexts %d and %d, %d bands)",
			h.audioContext, h.textContext, h.mels)
	case !plausible(h.audioState, h.audioHead, h.audio) || !plausible(h.textState, h.textHead, h.text) || h.audioState != h.textState:
		return fault(FaultDamaged, nil, "the header of the model makes no sense")
	}
	version, kind := h.fileType/1000, h.fileType%1000
	weights, known := fileTypes[kind]
	if h.fileType < 0 || !known {
		return fault(FaultVersion, nil, "the weights are of type %d, which is not read", h.fileType)
	}
	if weights > 1 && version != quantVersion {
		return fault(FaultVersion, nil, "the weights are quantised by version %d; only version %d is read", version, quantVersion)
	}
	return nil
}

func plausible(state, heads, layers int32) bool {
	return state >= 64 && state <= maxWidth && state%32 == 0 && heads >= 1 && state%heads == 0 &&
		layers >= 1 && layers <= maxLayers
}

// checkWhisper checks a speech model from its header on.
func checkWhisper(c *cursor) (Structure, error) {
	h := c.hparams()
	if c.err != nil {
		return Structure{}, c.err
	}
	if err := h.check(); err != nil {
		return Structure{}, err
	}
	if err := c.filters(h); err != nil {
		return Structure{}, err
	}
	if err := c.words(h); err != nil {
		return Structure{}, err
	}
	want := expected(h)
	count := len(want)
	for c.err == nil && c.at < c.size {
		t := c.tensor()
		if c.err != nil {
			break
		}
		w, ok := want[t.name]
		if !ok {
			return Structure{}, fault(FaultDamaged, nil, "the model has a tensor too many: %.40q", t.name)
		}
		delete(want, t.name)
		if w.kind != t.kind || !slices.Equal(w.shape, t.shape) {
			return Structure{}, fault(FaultDamaged, nil, "tensor %s has type %d and shape %v; the header asks for %d and %v",
				t.name, t.kind, t.shape, w.kind, w.shape)
		}
	}
	if c.err != nil {
		return Structure{}, c.err
	}
	if len(want) > 0 {
		return Structure{}, fault(FaultCutOff, nil, "the model file is cut off: %d of %d tensors are missing", len(want), count)
	}
	return Structure{
		Kind: KindSpeech, Vocabulary: int(h.vocabulary), AudioLayers: int(h.audio), TextLayers: int(h.text),
		Width: int(h.audioState), Mels: int(h.mels), Weights: weightTypes[fileTypes[h.fileType%1000]].name, Tensors: count,
	}, nil
}

// filters passes the frequency filters.
func (c *cursor) filters(h hparams) error {
	mels, bins := c.int32(), c.int32()
	if c.err == nil && (mels != h.mels || bins != fourierBins) {
		return fault(FaultDamaged, nil, "the filters are for %d bands of %d bins; the header asks for %d of %d", mels, bins, h.mels, fourierBins)
	}
	c.skip(int64(mels) * int64(bins) * 4)
	return c.err
}

// words passes the vocabulary. The recogniser ends the process when the blank is not in it.
func (c *cursor) words(h hparams) error {
	count := c.int32()
	if c.err == nil && (count < 1 || count > h.vocabulary) {
		return fault(FaultDamaged, nil, "the file lists %d tokens for a vocabulary of %d", count, h.vocabulary)
	}
	blank := false
	for range count {
		length := c.int32()
		if c.err == nil && (length < 0 || length > maxToken) {
			return fault(FaultDamaged, nil, "the vocabulary is damaged")
		}
		blank = c.text(length) == " " || blank
		if c.err != nil {
			return c.err
		}
	}
	if c.err == nil && !blank {
		return fault(FaultDamaged, nil, "the vocabulary lacks the blank")
	}
	return c.err
}

// expected returns the tensors that a model with this header has.
func expected(h hparams) map[string]tensor {
	weights := fileTypes[h.fileType%1000]
	conv := min(weights, 1) // convolutions are never quantised
	want := map[string]tensor{}
	add := func(name string, kind int32, shape ...int32) { want[name] = tensor{kind: kind, shape: shape} }
	n := h.audioState
	add("encoder.positional_embedding", 0, n, h.audioContext)
	add("encoder.conv1.weight", conv, 3, h.mels, n)
	add("encoder.conv1.bias", 0, 1, n)
	add("encoder.conv2.weight", conv, 3, n, n)
	add("encoder.conv2.bias", 0, 1, n)
	add("encoder.ln_post.weight", 0, n)
	add("encoder.ln_post.bias", 0, n)
	add("decoder.positional_embedding", 0, n, h.textContext)
	add("decoder.token_embedding.weight", weights, n, h.vocabulary)
	add("decoder.ln.weight", 0, n)
	add("decoder.ln.bias", 0, n)
	for i := range h.audio {
		addBlock(add, fmt.Sprintf("encoder.blocks.%d.", i), weights, n)
	}
	for i := range h.text {
		prefix := fmt.Sprintf("decoder.blocks.%d.", i)
		addBlock(add, prefix, weights, n)
		addAttention(add, prefix+"cross_attn", weights, n)
	}
	return want
}

func addBlock(add func(string, int32, ...int32), prefix string, weights, n int32) {
	addAttention(add, prefix+"attn", weights, n)
	add(prefix+"mlp_ln.weight", 0, n)
	add(prefix+"mlp_ln.bias", 0, n)
	add(prefix+"mlp.0.weight", weights, n, 4*n)
	add(prefix+"mlp.0.bias", 0, 4*n)
	add(prefix+"mlp.2.weight", weights, 4*n, n)
	add(prefix+"mlp.2.bias", 0, n)
}

func addAttention(add func(string, int32, ...int32), prefix string, weights, n int32) {
	add(prefix+"_ln.weight", 0, n)
	add(prefix+"_ln.bias", 0, n)
	for _, part := range []string{"query", "key", "value", "out"} {
		add(prefix+"."+part+".weight", weights, n, n)
		if part != "key" {
			add(prefix+"."+part+".bias", 0, n)
		}
	}
}
