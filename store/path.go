package store

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"unicode/utf8"
)

// diskPath is a path of the file system, which need not be UTF-8: file names in GBK are not. Databases keep texts,
// so a byte that is part of no character is kept as one of 128 characters of a private plane, and comes back
// as it was. Two such names would otherwise become one.
type diskPath string

// strayBytes is the character that stands for the byte 0, of which only those for 0x80 to 0xFF are used.
const strayBytes = 0x10FE00

// Value returns the text that is kept for p.
func (p diskPath) Value() (driver.Value, error) { return keptPath(string(p)), nil }

// Scan takes a kept text over.
func (p *diskPath) Scan(value any) error {
	switch text := value.(type) {
	case string:
		*p = diskPath(readPath(text))
	case []byte:
		*p = diskPath(readPath(string(text)))
	default:
		return fmt.Errorf("a path is kept as %T", value)
	}
	return nil
}

func keptPath(name string) string {
	if utf8.ValidString(name) && !strings.ContainsFunc(name, strays) {
		return name
	}
	var kept strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		if strays(r) || r == utf8.RuneError && size == 1 {
			for _, b := range []byte(name[i : i+size]) { // such a character of a name's own is kept as its bytes
				kept.WriteRune(strayBytes + rune(b))
			}
		} else {
			kept.WriteRune(r)
		}
		i += size
	}
	return kept.String()
}

func readPath(kept string) string {
	if !strings.ContainsFunc(kept, strays) {
		return kept
	}
	var name strings.Builder
	for _, r := range kept {
		if strays(r) {
			name.WriteByte(byte(r - strayBytes))
		} else {
			name.WriteRune(r)
		}
	}
	return name.String()
}

// strays reports whether r stands for a byte.
func strays(r rune) bool { return r >= strayBytes+0x80 && r <= strayBytes+0xFF }
