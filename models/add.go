package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Add copies a model file into the models folder. Its structure is checked first. A file with the hash
// of a published model takes that model's place; any other needs trust, and its hash is pinned then.
// progress may be nil. The original stays as it is.
func Add(ctx context.Context, path, dir string, trust bool, progress func(done, total int64)) (Model, error) {
	s, err := checkFile(path, "")
	if err != nil {
		return Model{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Model{}, fmt.Errorf("make models folder: %w", err)
	}
	temp, sum, err := copyIn(ctx, path, dir, progress)
	if err != nil {
		return Model{}, err
	}
	entry, known := findHash(sum)
	if !known {
		file := filepath.Base(path)
		entry = Entry{Name: strings.TrimSuffix(file, ".bin"), Kind: s.Kind, File: file, Note: "added by the user"}
		if _, taken := findFile(file); taken {
			err = fault(FaultChecksum, nil, "%s has the name of a published model and another SHA-256 (%s); rename it", file, sum)
		} else if !trust {
			err = fault(FaultUntrusted, nil, "the SHA-256 of %s (%s) is that of no published model; add it with --trust when you know it", file, sum)
		}
	}
	if err == nil {
		err = os.Rename(temp, filepath.Join(dir, entry.File))
	}
	if err != nil {
		return Model{}, errors.Join(err, os.Remove(temp))
	}
	if err := pinFile(dir, entry.File, sum, !known); err != nil {
		return Model{}, err
	}
	pins, err := readPins(dir)
	return onDisk(dir, entry, pins), err
}

// copyIn copies a file into dir under a temporary name and returns its hash.
func copyIn(ctx context.Context, path, dir string, progress func(done, total int64)) (temp, sum string, err error) {
	source, err := os.Open(path)
	if err != nil {
		return "", "", fault(FaultUnreadable, err, "the model file cannot be opened")
	}
	defer source.Close()
	stat, err := source.Stat()
	if err != nil {
		return "", "", fault(FaultUnreadable, err, "the model file cannot be read")
	}
	target, err := os.CreateTemp(dir, ".add-*")
	if err != nil {
		return "", "", fmt.Errorf("copy model: %w", err)
	}
	hash := sha256.New()
	_, err = copyWith(ctx, io.MultiWriter(target, hash), source, func(done int64) {
		if progress != nil {
			progress(done, stat.Size())
		}
	})
	if err = errors.Join(err, target.Sync(), target.Close()); err != nil {
		return "", "", errors.Join(fmt.Errorf("copy model: %w", err), os.Remove(target.Name()))
	}
	return target.Name(), hex.EncodeToString(hash.Sum(nil)), nil
}
