package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// pinsFile keeps, in the models folder, what is known about the files beside it.
const pinsFile = "pins.json"

// pin is what was found out about a file in the models folder. As long as its size and time stay the
// same, the file is not hashed again before every run; Verify always hashes.
type pin struct {
	SHA256   string    `json:"sha256"`
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"`
	Trusted  bool      `json:"trusted,omitempty"` // by the user: the hash is in no catalogue
}

// readPins returns the pins of a models folder by file name.
func readPins(dir string) (map[string]pin, error) {
	pins := map[string]pin{}
	b, err := os.ReadFile(filepath.Join(dir, pinsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return pins, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &pins)
	}
	if err != nil {
		return nil, fault(FaultUnreadable, err, "%s in the models folder cannot be read; remove it and add the models again", pinsFile)
	}
	return pins, nil
}

// writePin stores the pin of one file.
func writePin(dir, file string, p pin) error {
	pins, err := readPins(dir)
	if err != nil {
		return err
	}
	pins[file] = p
	b, err := json.MarshalIndent(pins, "", "  ")
	if err != nil {
		return fmt.Errorf("write pins: %w", err)
	}
	return writeAtomic(filepath.Join(dir, pinsFile), append(b, '\n'))
}

func writeAtomic(path string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".pins-*")
	if err != nil {
		return fmt.Errorf("write pins: %w", err)
	}
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write pins: %w", err), os.Remove(temp.Name()))
	}
	return nil
}

// pinFile pins a file in the models folder under a hash just computed.
func pinFile(dir, file, sum string, trusted bool) error {
	stat, err := os.Stat(filepath.Join(dir, file))
	if err != nil {
		return fmt.Errorf("pin: %w", err)
	}
	return writePin(dir, file, pin{SHA256: sum, Bytes: stat.Size(), Modified: stat.ModTime(), Trusted: trusted})
}

// checkFile checks the structure of a model file and that it is of the given kind.
func checkFile(path string, kind Kind) (Structure, error) {
	file, err := os.Open(path)
	if err != nil {
		return Structure{}, fault(FaultUnreadable, err, "the model file cannot be opened")
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return Structure{}, fault(FaultUnreadable, err, "the model file cannot be read")
	}
	if !stat.Mode().IsRegular() {
		return Structure{}, fault(FaultUnreadable, nil, "the model is no regular file")
	}
	s, err := Check(file, stat.Size())
	if err == nil && kind != "" && s.Kind != kind {
		return s, fault(FaultNotGGML, nil, "the file is a %s model where a %s model is needed", s.Kind, kind)
	}
	return s, err
}

// hashFile returns the SHA-256 of a file in hexadecimal. progress may be nil.
func hashFile(ctx context.Context, path string, progress func(done, total int64)) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fault(FaultUnreadable, err, "the model file cannot be opened")
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return "", fault(FaultUnreadable, err, "the model file cannot be read")
	}
	hash := sha256.New()
	if _, err := copyWith(ctx, hash, file, func(done int64) {
		if progress != nil {
			progress(done, stat.Size())
		}
	}); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// copyWith copies r to w until its end, telling how much was copied, and stops when ctx ends.
func copyWith(ctx context.Context, w io.Writer, r io.Reader, progress func(done int64)) (int64, error) {
	buffer, done := make([]byte, 1<<18), int64(0)
	for {
		if ctx.Err() != nil {
			return done, context.Cause(ctx)
		}
		n, err := r.Read(buffer)
		if n > 0 {
			if _, werr := w.Write(buffer[:n]); werr != nil {
				return done, fmt.Errorf("write: %w", werr)
			}
			done += int64(n)
			progress(done)
		}
		if errors.Is(err, io.EOF) {
			return done, nil
		}
		if err != nil {
			return done, err
		}
	}
}
