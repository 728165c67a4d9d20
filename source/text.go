package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// What is read at most of a manifest (some 500,000 lines) and of a sidecar file.
const (
	maxManifest = 128 << 20
	maxSidecar  = 1 << 20
)

// readText returns the file's text as UTF-8: without its byte-order mark, and converted when it is
// GB18030, as spreadsheet programs in China write it.
func readText(file string, limit int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("it is larger than %d MB", limit>>20)
	}
	return decodeText(data)
}

func decodeText(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return data, nil
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return nil, errors.New("its text is neither UTF-8 nor GB18030")
	}
	return decoded, nil
}
