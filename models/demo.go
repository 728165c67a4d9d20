package models

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"
)

// DemoName is the name of the model inside the program. It is good for the demo and the tests only.
const DemoName = "demo"

// DemoNote says what the demo model is for, wherever models are listed.
const DemoNote = "demo and tests only: recognises the synthetic demo calls, not people"

//go:embed demo/zh-demo-q8_0.bin.gz
var demoPacked []byte

// demoWeights unpacks the demo model once.
var demoWeights = sync.OnceValues(func() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(demoPacked))
	if err != nil {
		return nil, fmt.Errorf("unpack the demo model: %w", err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack the demo model: %w", err)
	}
	return b, nil
})
