package store

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
)

// pack returns v as JSON, compressed: transcripts with word times shrink to about a tenth.
func pack(v any) ([]byte, error) {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return buf.Bytes(), nil
}

// unpack reads what pack wrote into v.
func unpack(body []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("decompress: %w", err)
	}
	if err := json.NewDecoder(z).Decode(v); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return nil
}
