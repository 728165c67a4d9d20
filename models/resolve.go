package models

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Weights is a model ready to be loaded: a file or, for the demo model, bytes.
type Weights struct {
	Name      string // as it is shown; with Hash it names the model in a transcript
	Hash      string // the first 12 digits of the SHA-256
	Path      string // the file, "" for the demo model
	Bytes     []byte // the demo model, unpacked in memory; not to be changed
	Demo      bool   // good for the demo and the tests only
	Structure Structure
	Packed    bool // packed into 8 bits when it is loaded
}

// String returns name@hash, and how the weights are packed: all that decides what the model hears.
func (w Weights) String() string {
	if w.Packed {
		return w.Name + "@" + w.Hash + "+" + Packed
	}
	return w.Name + "@" + w.Hash
}

// hashDigits is how much of a SHA-256 names a model.
const hashDigits = 12

// Resolve finds a speech model and checks its structure. name is "" or DemoName for the demo model, a
// name of the catalogue, the name of a file in the models folder dir, or a path. A file in the models
// folder must have the hash of the catalogue or its pin.
func Resolve(name, dir string) (Weights, error) { return resolve(name, dir, KindSpeech) }

// ResolveVAD is Resolve for a model that finds speech. There is no demo model of this kind.
func ResolveVAD(name, dir string) (Weights, error) { return resolve(name, dir, KindVAD) }

func resolve(name, dir string, kind Kind) (Weights, error) {
	if kind == KindSpeech && (name == "" || name == DemoName) {
		return resolveDemo()
	}
	if entry, ok := find(name); ok {
		if _, err := os.Stat(filepath.Join(dir, entry.File)); errors.Is(err, fs.ErrNotExist) {
			return Weights{}, fault(FaultNotInstalled, nil, "the model %s is not installed; run: zhijian models pull %s", name, name)
		}
		return resolveInstalled(name, dir, entry.File, kind)
	}
	if isFileName(name) {
		for _, file := range []string{name, name + ".bin"} {
			if stat, err := os.Stat(filepath.Join(dir, file)); err == nil && stat.Mode().IsRegular() {
				return resolveInstalled(strings.TrimSuffix(name, ".bin"), dir, file, kind)
			}
		}
	}
	if _, err := os.Stat(name); name == "" || err != nil && isFileName(name) {
		return Weights{}, unknown(name)
	} else if err != nil {
		return Weights{}, fault(FaultUnreadable, err, "the model file cannot be read")
	}
	return resolvePath(name, kind)
}

func isFileName(name string) bool {
	return name != "" && !strings.ContainsAny(name, `/\`) && name != "." && name != ".."
}

func resolveDemo() (Weights, error) {
	b, err := demoWeights()
	if err != nil {
		return Weights{}, err
	}
	s, err := Check(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return Weights{}, err
	}
	sum := sha256.Sum256(b)
	return Weights{Name: DemoName, Hash: hex.EncodeToString(sum[:])[:hashDigits], Bytes: b, Demo: true, Structure: s}, nil
}

// resolvePath takes a file that the user named: its hash names it, and nothing else is asked.
func resolvePath(path string, kind Kind) (Weights, error) {
	s, err := checkFile(path, kind)
	if err != nil {
		return Weights{}, err
	}
	sum, err := hashFile(context.Background(), path, nil)
	if err != nil {
		return Weights{}, err
	}
	name := strings.TrimSuffix(filepath.Base(path), ".bin")
	if entry, ok := findHash(sum); ok {
		name = entry.Name
	}
	return Weights{Name: name, Hash: sum[:hashDigits], Path: path, Structure: s}, nil
}

// resolveInstalled takes a file of the models folder, whose hash must be known.
func resolveInstalled(name, dir, file string, kind Kind) (Weights, error) {
	path := filepath.Join(dir, file)
	s, err := checkFile(path, kind)
	if err != nil {
		return Weights{}, err
	}
	sum, err := knownHash(context.Background(), dir, file, false, nil)
	if err != nil {
		return Weights{}, err
	}
	return Weights{Name: name, Hash: sum[:hashDigits], Path: path, Structure: s}, nil
}

// knownHash returns the hash of a file in the models folder when it is the expected one. Without
// always, a file that did not change since it was pinned is not read.
func knownHash(ctx context.Context, dir, file string, always bool, progress func(done, total int64)) (string, error) {
	pins, err := readPins(dir)
	if err != nil {
		return "", err
	}
	stat, err := os.Stat(filepath.Join(dir, file))
	if err != nil {
		return "", fault(FaultUnreadable, err, "the model file cannot be read")
	}
	p, pinned := pins[file]
	entry, listed := findFile(file)
	want := p.SHA256
	if listed && entry.SHA256 != "" {
		want = entry.SHA256
	}
	unchanged := pinned && p.Bytes == stat.Size() && p.Modified.Equal(stat.ModTime()) && p.SHA256 == want
	if unchanged && !always && len(want) >= hashDigits {
		return want, nil
	}
	sum, err := hashFile(ctx, filepath.Join(dir, file), progress)
	switch {
	case err != nil:
		return "", err
	case want == "":
		return "", fault(FaultUntrusted, nil,
			"the SHA-256 of %s (%s) is not known; add it with: zhijian models add --trust FILE", file, sum)
	case sum != want:
		return "", fault(FaultChecksum, nil, "%s is not the file it should be: SHA-256 %s, expected %s", file, sum, want)
	}
	return sum, pinFile(dir, file, sum, p.Trusted)
}
