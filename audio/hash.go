package audio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Hash returns the SHA-256 of the file's bytes in hexadecimal: what makes a recording the same
// recording whatever its name. Faults are those of Open; an ended ctx gives its error.
func Hash(ctx context.Context, path string) (string, error) {
	file, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash, buffer := sha256.New(), make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := file.Read(buffer)
		hash.Write(buffer[:n])
		if err == io.EOF {
			return hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return "", fault(FaultUnreadable, "the file cannot be read to its end", err)
		}
	}
}
