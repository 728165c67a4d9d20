package models

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	var names []string
	for _, e := range Catalogue() {
		names = append(names, e.Name)
		if sum, err := hex.DecodeString(e.SHA256); err != nil || len(sum) != 32 && len(sum) != 0 {
			t.Errorf("%s: SHA-256 %q", e.Name, e.SHA256)
		}
		if e.Licence == "" || e.Note == "" || e.Kind == "" || !strings.HasSuffix(e.File, ".bin") {
			t.Errorf("incomplete: %+v", e)
		}
		if url := e.URL(MirrorAddress + "/"); !strings.HasPrefix(url, "https://hf-mirror.com/"+e.Repository+"/resolve/") {
			t.Errorf("%s: %s", e.Name, url)
		}
	}
	want := []string{
		"tiny", "base", "small", "large-v3-turbo", "large-v3-turbo-q5_0", "belle-large-v3-turbo-zh", "silero-v5.1.2", "silero-v6.2.0",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestResolveTheDemoModel(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", DemoName} {
		w, err := Resolve(name, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if !w.Demo || w.Path != "" || len(w.Bytes) < 1<<20 || len(w.Hash) != 12 || w.String() != "demo@"+w.Hash || w.Hash != sumOf(w.Bytes)[:12] {
			t.Errorf("%q: got %s, %d bytes", name, w, len(w.Bytes))
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	speech := speechModel(smallHeader(), "")
	elsewhere := write(t, t.TempDir(), "mine.bin", speech)
	write(t, dir, "loose.bin", speech)
	write(t, dir, "ggml-tiny.bin", speech)
	write(t, dir, "cut.bin", speech[:1000])
	if _, err := Add(t.Context(), elsewhere, dir, true, nil); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, code string }{
		{elsewhere, ""},
		{"mine", ""},
		{"mine.bin", ""},
		{"small", FaultNotInstalled},
		{"tiny", FaultChecksum},
		{"loose.bin", FaultUntrusted},
		{"cut.bin", FaultCutOff},
		{"none", FaultUnknown},
		{"./none.bin", FaultUnreadable},
		{dir, FaultUnreadable},
		{write(t, t.TempDir(), "vad.bin", vadModel(0)), FaultNotGGML},
	}
	for _, tt := range tests {
		w, err := Resolve(tt.name, dir)
		if codeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
		if tt.code == "" && (w.Name != "mine" || w.Hash != sumOf(speech)[:12] || w.Demo || w.Path == "" || w.Structure.Width != 64) {
			t.Errorf("%s: got %+v", tt.name, w)
		}
	}
	if _, err := ResolveVAD("", dir); codeOf(err) != FaultUnknown {
		t.Errorf("VAD without a name: got %v", err)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	dir, content := filepath.Join(t.TempDir(), "models"), vadModel(1)
	source := write(t, t.TempDir(), "own.bin", content)
	if _, err := Add(t.Context(), source, dir, false, nil); codeOf(err) != FaultUntrusted || !strings.Contains(err.Error(), sumOf(content)) {
		t.Fatalf("without trust: got %v", err)
	}
	var done int64
	m, err := Add(t.Context(), source, dir, true, func(d, _ int64) { done = d })
	if err != nil || m.Name != "own" || m.Kind != KindVAD || m.State != StateInstalled || !m.Trusted || done != int64(len(content)) {
		t.Fatalf("got %+v, %v", m, err)
	}
	if w, err := ResolveVAD("own", dir); err != nil || w.Hash != sumOf(content)[:12] {
		t.Errorf("got %+v, %v", w, err)
	}
	for name, want := range map[string]string{"ggml-tiny.bin": FaultChecksum, "bad.bin": FaultCutOff} {
		bad := content
		if name == "bad.bin" {
			bad = content[:500]
		}
		if _, err := Add(t.Context(), write(t, t.TempDir(), name, bad), dir, true, nil); codeOf(err) != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestPinnedFilesAreWatched(t *testing.T) {
	t.Parallel()
	dir, content := t.TempDir(), vadModel(1)
	if _, err := Add(t.Context(), write(t, t.TempDir(), "own.bin", content), dir, true, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "own.bin")
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil { // only the time changed: hashed again, and fine
		t.Fatal(err)
	}
	if _, err := ResolveVAD("own", dir); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "own.bin", vadModel(2))
	if err := os.Chtimes(path, later, later.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := ResolveVAD("own", dir); codeOf(err) != FaultChecksum {
		t.Errorf("a changed file: got %v", err)
	}
	// Verify sees even a change that keeps size and time.
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	results, err := Verify(t.Context(), dir, nil)
	if err != nil || len(results) != 1 || codeOf(results[0].Err) != FaultChecksum {
		t.Errorf("got %+v, %v", results, err)
	}
}

func TestListAndVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Add(t.Context(), write(t, t.TempDir(), "own.bin", vadModel(1)), dir, true, nil); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "ggml-silero-v6.2.0.bin", vadModel(2)) // not the published one
	write(t, dir, "ggml-base.bin"+partSuffix, []byte("abc"))
	list, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]State{}
	for _, m := range list {
		states[m.Name] = m.State
	}
	for name, want := range map[string]State{
		DemoName: StateEmbedded, "own": StateInstalled, "silero-v6.2.0": StateInstalled, "base": StatePartial, "small": StateAvailable,
	} {
		if states[name] != want {
			t.Errorf("%s is %q, want %q", name, states[name], want)
		}
	}
	if list[0].Name != DemoName || !strings.Contains(list[0].Note, "demo and tests only") {
		t.Errorf("the demo model is not marked: %+v", list[0])
	}
	seen := 0
	results, err := Verify(t.Context(), dir, func(string, int64, int64) { seen++ })
	if err != nil || len(results) != 2 || seen < 2 {
		t.Fatalf("got %+v, %v, %d calls", results, err, seen)
	}
	for _, r := range results {
		want := ""
		if r.Name == "silero-v6.2.0" {
			want = FaultChecksum
		}
		if codeOf(r.Err) != want {
			t.Errorf("%s: got %v, want %q", r.Name, r.Err, want)
		}
	}
}

func TestBrokenPinsAreReported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, pinsFile, []byte("{"))
	if _, err := List(dir); codeOf(err) != FaultUnreadable {
		t.Errorf("got %v", err)
	}
}
