// Command widen makes a model of real cost out of the demo model: of the shape of Whisper's tiny, base or
// small, hearing what the demo model hears. Benches measure with it.
//
//	go run ./models/demo/train/widen -shape base -out base.bin
package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/zhijian-qa/zhijian/internal/widen"
)

func main() {
	from := flag.String("from", "models/demo/zh-demo-q8_0.bin.gz", "the model to widen, packed by gzip")
	name := flag.String("shape", "base", "tiny, base or small")
	out := flag.String("out", "", "file to write")
	flag.Parse()
	if err := run(*from, *name, *out); err != nil {
		fmt.Fprintln(os.Stderr, "widen:", err)
		os.Exit(1)
	}
}

func run(from, name, out string) error {
	shape, known := widen.Shapes()[name]
	if !known || out == "" {
		return fmt.Errorf("shape %q, out %q: name tiny, base or small and a file", name, out)
	}
	narrow, err := unpack(from)
	if err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	if err := widen.Write(w, narrow, shape); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

func unpack(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", path, err)
	}
	return io.ReadAll(r)
}
