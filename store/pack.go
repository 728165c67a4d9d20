package store

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// mostUnpacked is the size in bytes above which what is unpacked is refused: far above any call's.
const mostUnpacked = 1 << 30

// zstdMagic begins what is compressed today; what is not is gzip of old.
var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// compressor and decompressor may be used by many goroutines at once.
var (
	compressor = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	})
	decompressor = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(mostUnpacked))
	})
)

// pack returns v as JSON, compressed: a result shrinks to about a quarter.
func pack(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	z, err := compressor()
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return z.EncodeAll(text, nil), nil
}

// unpack reads what pack wrote, now or of old, into v.
func unpack(body []byte, v any) error {
	text, err := decompress(body)
	if err != nil {
		return fmt.Errorf("decompress: %w", err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return nil
}

func decompress(body []byte) ([]byte, error) {
	if bytes.HasPrefix(body, zstdMagic) {
		z, err := decompressor()
		if err != nil {
			return nil, err
		}
		return z.DecodeAll(body, nil)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, mostUnpacked))
}
