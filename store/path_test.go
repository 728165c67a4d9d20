package store

import (
	"testing"
	"unicode/utf8"
)

func FuzzPathsComeBack(f *testing.F) {
	for _, name := range []string{"", "/录音/a.wav", "/\xc2\xbc\xd2\xf4/\xb2\xe2.wav", "\U0010FE80", "\U0010FEFF\xff", "\xef\xbf\xbd", "\xf4\x8f\xba", "%_\\"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		kept := keptPath(name)
		if got := readPath(kept); got != name || !utf8.ValidString(kept) {
			t.Errorf("%q is kept as %q and comes back as %q", name, kept, got)
		}
		if utf8.ValidString(name) && kept != name && readPath(name) == name {
			t.Errorf("%q is kept as %q without need", name, kept)
		}
	})
}
