package source

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/zhijian-qa/zhijian/call"
)

// maxManifest bounds what is read of a manifest or a sidecar file: some 500,000 lines.
const maxManifest = 128 << 20

// manifest adds the recordings that the manifest at file names. A line that cannot be used is a
// problem of its own; the others go on.
func (s *scan) manifest(file string) {
	data, err := readText(file)
	if err != nil {
		s.fault(file, call.NewFault("bad_manifest", "the manifest cannot be read", err))
		return
	}
	add := func(line int, fields map[string]string) { s.line(file, line, fields) }
	fail := func(line int, err error) {
		s.fault(fmt.Sprintf("%s:%d", file, line), call.NewFault("bad_manifest", "the line is not used", err))
	}
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		readCSV(data, add, fail)
	} else {
		readJSONLines(data, add, fail)
	}
}

func (s *scan) line(file string, line int, fields map[string]string) {
	where := fmt.Sprintf("%s:%d", file, line)
	m, err := readFields(fields, s.cfg.Location)
	if err != nil {
		s.fault(where, call.NewFault("bad_manifest", "the line is not used", err))
		return
	}
	name := fields["path"]
	if name == "" {
		s.fault(where, call.NewFault("bad_manifest", "the line is not used: it names no path", nil))
		return
	}
	found, ok := locate(filepath.Dir(file), name)
	if !ok {
		s.fault(name, call.NewFault("not_found", "there is no such file; it is named at "+where, nil))
		return
	}
	s.add(found, m)
}

// locate finds the recording called name by a manifest in folder: as it is, below folder, and, for a
// path of another machine such as D:\rec\2026\a.wav, by the longest of its endings that is below
// folder. A relative name never leads out of folder.
func locate(folder, name string) (string, bool) {
	if filepath.IsAbs(name) && exists(name) {
		return name, true
	}
	name = strings.ReplaceAll(name, `\`, "/")
	if len(name) > 1 && name[1] == ':' {
		name = name[2:]
	}
	parts := strings.Split(strings.Trim(path.Clean("/"+name), "/"), "/")
	for i := range parts {
		if candidate := filepath.Join(append([]string{folder}, parts[i:]...)...); exists(candidate) {
			return candidate, true
		}
	}
	return "", false
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// readText returns the file's text as UTF-8: without its byte-order mark, and converted when it is
// GB18030, as spreadsheet programs in China write it.
func readText(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxManifest {
		return nil, fmt.Errorf("it is larger than %d MB", maxManifest>>20)
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

func readCSV(data []byte, add func(int, map[string]string), fail func(int, error)) {
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	reader.TrimLeadingSpace = true
	reader.Comma = separator(data)
	header, err := reader.Read()
	if err != nil {
		fail(1, errors.New("the first line must name the columns"))
		return
	}
	names, err := headings(header)
	if err != nil {
		fail(1, err)
		return
	}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			fail(parse.Line, parse.Err)
			continue
		}
		if err != nil {
			fail(0, err)
			return
		}
		line, _ := reader.FieldPos(0)
		if len(row) > len(names) {
			fail(line, fmt.Errorf("it has %d fields and the heading %d", len(row), len(names)))
			continue
		}
		fields := map[string]string{}
		for i, text := range row {
			fields[names[i]] = strings.TrimSpace(text)
		}
		add(line, fields)
	}
}

// separator is the semicolon or tab when the first line holds no comma.
func separator(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, mark := range []rune{',', ';', '\t'} {
		if bytes.ContainsRune(first, mark) {
			return mark
		}
	}
	return ','
}

func headings(header []string) ([]string, error) {
	names, seen := make([]string, len(header)), map[string]bool{}
	for i, heading := range header {
		name, err := columnName(heading)
		if err != nil {
			return nil, err
		}
		if seen[name] {
			return nil, fmt.Errorf("two columns are called %s", name)
		}
		names[i], seen[name] = name, true
	}
	if !seen["path"] {
		return nil, errors.New("no column is called path (路径)")
	}
	return names, nil
}

// columnName returns the project's name for heading. Columns that it does not know are kept under
// their own name and ignored, so that a centre's own export can be used as it is.
func columnName(heading string) (string, error) {
	heading = strings.ToLower(strings.TrimSpace(heading))
	switch heading {
	case "":
		return "", errors.New("a column has no heading")
	case "path", "file", "路径", "文件", "录音", "录音文件", "文件名":
		return "path", nil
	}
	if c, ok := findColumn(heading); ok {
		return c.name, nil
	}
	return heading, nil
}

func readJSONLines(data []byte, add func(int, map[string]string), fail func(int, error)) {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		fields, err := jsonFields(text)
		if err != nil {
			fail(line, err)
			continue
		}
		add(line, fields)
	}
}

func jsonFields(text []byte) (map[string]string, error) {
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil {
		return nil, fmt.Errorf("it is not a JSON object: %w", err)
	}
	fields := map[string]string{}
	for key, value := range object {
		name, err := columnName(key)
		if err != nil {
			return nil, err
		}
		switch v := value.(type) {
		case nil:
		case string:
			fields[name] = strings.TrimSpace(v)
		case json.Number, bool:
			fields[name] = fmt.Sprint(v)
		default:
			if _, known := findColumn(name); known || name == "path" {
				return nil, fmt.Errorf("%s is not a plain value", key)
			}
		}
	}
	return fields, nil
}

func readFields(fields map[string]string, zone *time.Location) (call.Metadata, error) {
	var m call.Metadata
	var faults []error
	for _, c := range columns {
		if text := fields[c.name]; text != "" {
			if err := c.set(&m, text, zone); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", c.name, err))
			}
		}
	}
	return m, errors.Join(faults...)
}

// readSidecar returns the metadata in <recording>.json, none when there is no such file.
func readSidecar(recording string, zone *time.Location) (call.Metadata, error) {
	data, err := readText(recording + ".json")
	if errors.Is(err, os.ErrNotExist) {
		return call.Metadata{}, nil
	}
	if err != nil {
		return call.Metadata{}, err
	}
	fields, err := jsonFields(data)
	if err != nil {
		return call.Metadata{}, err
	}
	return readFields(fields, zone)
}
