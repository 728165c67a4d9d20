package lexicon

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

var (
	//go:embed dict/jieba.dict.utf8.gz
	jiebaWords []byte
	//go:embed dict/hmm_model.utf8.gz
	jiebaModel []byte
)

// dictionaryFile is one of the five files that jieba reads. A damaged one makes jieba end the whole
// process, so each is checked by its hash before jieba sees it.
type dictionaryFile struct {
	name string
	gzip []byte
	text string // the content when gzip is nil
}

// dictionaryFiles are in the order in which jieba wants them: words, model, user's words, idf, stop
// words. The last three serve keyword extraction and users' words, which nobody here uses.
func dictionaryFiles() []dictionaryFile {
	return []dictionaryFile{
		{name: "jieba.dict.utf8", gzip: jiebaWords},
		{name: "hmm_model.utf8", gzip: jiebaModel},
		{name: "user.dict.utf8"},
		{name: "idf.utf8", text: "供电 10.0\n"},
		{name: "stop_words.utf8", text: "的\n"},
	}
}

func (d dictionaryFile) content() ([]byte, error) {
	if d.gzip == nil {
		return []byte(d.text), nil
	}
	unpacker, err := gzip.NewReader(bytes.NewReader(d.gzip))
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", d.name, err)
	}
	content, err := io.ReadAll(unpacker)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", d.name, err)
	}
	return content, nil
}

// DictionaryRevision returns the hash that names the segmentation dictionaries.
var DictionaryRevision = sync.OnceValue(func() string {
	hash := sha256.New()
	for _, file := range dictionaryFiles() {
		fmt.Fprintf(hash, "%s %d %s\n", file.name, len(file.gzip), file.text)
		hash.Write(file.gzip)
	}
	return hex.EncodeToString(hash.Sum(nil))[:12]
})

// unpackDictionaries writes the dictionaries under folder, unless they lie there unharmed, and returns
// their paths. Several processes may do so at once.
func unpackDictionaries(folder string) ([]string, error) {
	folder = filepath.Join(folder, "dict-"+DictionaryRevision())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make dictionary folder: %w", err)
	}
	var paths []string
	for _, file := range dictionaryFiles() {
		content, err := file.content()
		if err != nil {
			return nil, err
		}
		path := filepath.Join(folder, file.name)
		if err := ensureFile(path, content); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// ensureFile makes path hold content: nothing is done when it does, and a reader never sees half of it.
func ensureFile(path string, content []byte) error {
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, content) {
		return nil
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-")
	if err != nil {
		return fmt.Errorf("write dictionary: %w", err)
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.Write(content); err != nil {
		temporary.Close()
		return fmt.Errorf("write dictionary: %w", err)
	}
	if err := temporary.Close(); err != nil {
		return fmt.Errorf("write dictionary: %w", err)
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return fmt.Errorf("write dictionary: %w", err)
	}
	return nil
}
