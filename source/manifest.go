package source

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// entry is one record of a manifest: its fields by column, or what is wrong with it.
type entry struct {
	line   int
	fields map[string]string
	err    error
}

// manifest adds the recordings that the manifest at file names. A line that cannot be used is a
// problem of its own; the others go on.
func (s *scan) manifest(ctx context.Context, file string) {
	data, err := readText(file, maxManifest)
	if err != nil {
		s.fault(file, call.NewFault("bad_manifest", "the manifest cannot be read", err))
		return
	}
	for e := range entries(file, data) {
		if ctx.Err() != nil {
			return
		}
		where := fmt.Sprintf("%s:%d", file, e.line)
		if e.err != nil {
			s.fault(where, call.NewFault("bad_manifest", "the line is not used", e.err))
			continue
		}
		s.line(file, where, e.fields)
	}
}

func entries(file string, data []byte) iter.Seq[entry] {
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		return readCSV(data)
	}
	return readJSONLines(data)
}

// line adds the recording of one line. A field that cannot be read is left out and named.
func (s *scan) line(file, where string, fields map[string]string) {
	name := fields[pathColumn]
	if name == "" || !plain(name) {
		s.fault(where, call.NewFault("bad_manifest", "the line is not used: it names no path", nil))
		return
	}
	found, ok := locate(filepath.Dir(file), name)
	if !ok {
		s.fault(found, call.NewFault("not_found", "there is no such file; it is named at "+where, nil))
		return
	}
	m, faults := readFields(fields, s.cfg.Location)
	for _, f := range faults {
		s.warn(where, call.NewFault("bad_value", f.column+" is not used", f.err))
	}
	s.add(found, m, where)
}

// locate finds the recording called name by a manifest in folder: as it is, below folder, and, for a
// path of another machine such as D:\rec\2026\a.wav, by the longest of its endings that is below
// folder. A relative name never leads out of folder. What is not found is returned as an absolute path.
func locate(folder, name string) (string, bool) {
	if filepath.IsAbs(name) && isFile(name) {
		return name, true
	}
	found, ok := ending(folder, name, filepath.Join, isFile)
	if !ok && (filepath.IsAbs(name) || drive(name)) {
		return name, false
	}
	return found, ok
}

// ending returns the longest ending of name that is there below folder, or else the whole of it. It never
// leads out of folder.
func ending(folder, name string, join func(...string) string, there func(string) bool) (string, bool) {
	slashed := strings.ReplaceAll(name, `\`, "/")
	if drive(name) {
		slashed = slashed[2:]
	}
	parts := strings.Split(strings.Trim(path.Clean("/"+slashed), "/"), "/")
	for i := range parts {
		if candidate := join(append([]string{folder}, parts[i:]...)...); there(candidate) {
			return candidate, true
		}
	}
	return join(append([]string{folder}, parts...)...), false
}

// drive reports whether name begins like a path of Windows.
func drive(name string) bool { return len(name) > 1 && name[1] == ':' }

func isFile(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular()
}
