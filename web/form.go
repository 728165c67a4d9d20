package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"path/filepath"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/bucketurl"
	"github.com/zhijian-qa/zhijian/source"
)

// form is what an upload brings.
type form struct {
	part   string // the file as it came, in the scratch folder
	sha256 string
	name   string // of the file
	fields map[string]string
}

// read takes the form apart, the file to the disk.
func (u *Upload) read(parts *multipart.Reader, f *form) error {
	for count := 0; ; count++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if count == mostFields {
			return call.NewFault("bad_form", fmt.Sprintf("the form has more than %d parts", mostFields), nil)
		}
		switch part.FormName() {
		case fileKey:
			err = u.readFile(part, f)
		case metadataKey:
			err = readMetadata(part, f.fields)
		default:
			err = readField(part, part.FormName(), f.fields)
		}
		if err != nil {
			return err
		}
	}
}

func (u *Upload) readFile(part *multipart.Part, f *form) error {
	if f.part != "" {
		return call.NewFault("bad_form", "the form has more than one file: send one recording a request", nil)
	}
	f.name = plainName(part.FileName())
	if !source.IsAudio(f.name) {
		return call.NewFault("not_audio", "the file's name does not end like a recording, as in call.wav", nil)
	}
	file, err := u.cfg.create(u.cfg.Scratch, "part-")
	if err != nil {
		return err
	}
	f.part = file.Name()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, hash), io.LimitReader(part, u.cfg.Limit+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	switch {
	case n > u.cfg.Limit:
		return call.TooLarge(u.cfg.Limit)
	case n == 0:
		return call.NewFault("empty", "the file has no bytes", nil)
	}
	f.sha256 = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// plainName returns the last part of a file's name, without what could lead elsewhere or hide it.
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimLeft(strings.ToValidUTF8(name, "_"), ".")
	end := filepath.Ext(name)
	if !bucketurl.CleanKey(name) || len(end) > 10 {
		return "recording" + strings.ToLower(strings.Map(onlyLetters, end))
	}
	if stem := strings.TrimSuffix(name, end); len(stem) > longestName {
		name = strings.ToValidUTF8(stem[:longestName], "") + end
	}
	return name
}

func onlyLetters(r rune) rune {
	if r == '.' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
		return r
	}
	return -1
}

func readField(part *multipart.Part, name string, fields map[string]string) error {
	data, err := readSmall(part)
	if err != nil {
		return err
	}
	if _, twice := fields[name]; twice {
		return call.NewFault("bad_form", "a field stands there twice", nil)
	}
	fields[name] = string(data)
	return nil
}

// readMetadata reads a JSON object, as a sidecar file is one.
func readMetadata(part *multipart.Part, fields map[string]string) error {
	data, err := readSmall(part)
	if err != nil {
		return err
	}
	given, err := source.ReadFields(data)
	if err != nil {
		return call.NewFault("bad_value", "metadata: "+err.Error(), nil)
	}
	for name, value := range given {
		if _, twice := fields[name]; twice {
			return call.NewFault("bad_form", "a field stands there twice", nil)
		}
		fields[name] = value
	}
	return nil
}

func readSmall(part *multipart.Part) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(part, mostField+1))
	if err == nil && len(data) > mostField {
		err = call.NewFault("bad_form", fmt.Sprintf("a field has more than %d bytes", mostField), nil)
	}
	return data, err
}
