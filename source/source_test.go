package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/source"
)

var shanghai = time.FixedZone("CST", 8*3600)

// tree writes files below a new folder and returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func scan(t *testing.T, cfg source.Config, paths ...string) ([]source.Item, []source.Problem) {
	t.Helper()
	cfg.Location = shanghai
	items, problems, err := source.Scan(t.Context(), paths, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return items, problems
}

func names(root string, items []source.Item) []string {
	var list []string
	for _, item := range items {
		relative, _ := filepath.Rel(root, item.Path)
		list = append(list, relative)
	}
	return list
}

func TestFolderIsScannedRecursively(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"a.wav": "x", "b.WAV": "x", "sub/c.Mp3": "x", "notes.txt": "x", "day.csv": "path\na.wav\n",
		".hidden.wav": "x", ".git/d.wav": "x", "data/e.wav": "x", "a.wav.json": `{"agent": "7"}`,
	})
	if err := os.Symlink(filepath.Join(root, "a.wav"), filepath.Join(root, "link.wav")); err != nil {
		t.Fatal(err)
	}
	items, problems := scan(t, source.Config{Skip: filepath.Join(root, "data")}, root, filepath.Join(root, "a.wav"))
	if diff := cmp.Diff([]string{"a.wav", "b.WAV", "sub/c.Mp3"}, names(root, items)); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if len(problems) != 0 {
		t.Errorf("got problems %v", problems)
	}
	if items[0].Agent != "7" {
		t.Errorf("the sidecar was not read: %+v", items[0])
	}
}

func TestMissingPathIsAProblem(t *testing.T) {
	t.Parallel()
	items, problems := scan(t, source.Config{}, "/no/such/place")
	if len(items) != 0 || len(problems) != 1 || problems[0].Err.Code != "not_found" {
		t.Errorf("got %v, problems %v", items, problems)
	}
}

func TestNamedFolderMayBeALink(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"2026-11-21/a.wav": "x", "2026-11-21/sub/b.wav": "x", "day.csv": "path,agent\ntoday/a.wav,7\n"})
	today := filepath.Join(root, "today")
	if err := os.Symlink(filepath.Join(root, "2026-11-21"), today); err != nil {
		t.Fatal(err)
	}
	want := []string{"2026-11-21/a.wav", "2026-11-21/sub/b.wav"}
	items, problems := scan(t, source.Config{}, today, filepath.Join(today, "a.wav"), filepath.Join(root, "day.csv"))
	if diff := cmp.Diff(want, names(root, items)); diff != "" || len(problems) != 0 {
		t.Errorf("problems %v, items (-want +got):\n%s", problems, diff)
	}
	if items[0].Agent != "7" {
		t.Errorf("the manifest's line was lost: %+v", items[0])
	}
	items, _ = scan(t, source.Config{}, root)
	if diff := cmp.Diff(want, names(root, items)); diff != "" {
		t.Errorf("the link below was followed, items (-want +got):\n%s", diff)
	}
}

func TestProblemsHaveAbsolutePaths(t *testing.T) {
	root := tree(t, map[string]string{"a.wav": "x", "a.wav.json": "{", "m.csv": "path\n,\ngone.wav\nD:\\rec\\b.wav\n", "bad.csv": "agent\n"})
	t.Chdir(root)
	_, problems := scan(t, source.Config{}, "no.wav", "./m.csv", "bad.csv", "a.wav")
	var got []string
	for _, p := range problems {
		got = append(got, strings.TrimPrefix(p.Path, root))
	}
	want := []string{"/no.wav", "/m.csv:2", "/gone.wav", `D:\rec\b.wav`, "/bad.csv:1", "/a.wav.json"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	if text := problems[2].Err.Error(); !strings.HasSuffix(text, root+"/m.csv:3") {
		t.Errorf("the line is not named: %s", text)
	}
}

// ending is a context that ends when it has been asked a number of times.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestScanEndsWithItsContext(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.wav": "x", "b.wav": "x", "m.csv": "path\na.wav\nb.wav\n", "c/d.wav": "x"})
	for _, path := range []string{root, filepath.Join(root, "m.csv"), filepath.Join(root, "a.wav")} {
		for left := range 3 {
			ctx := &ending{t.Context(), left}
			items, problems, err := source.Scan(ctx, []string{path, path, path}, source.Config{})
			if !errors.Is(err, context.Canceled) || items != nil || problems != nil || ctx.left < -2 {
				t.Errorf("%s ended after %d: %v, %v, error %v, asked %d times more", path, left, items, problems, err, -ctx.left)
			}
		}
	}
}

func TestOnlyFilesAreRecordings(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"x.wav/a.wav": "x", "m.csv": "path\nx.wav\n"})
	items, problems := scan(t, source.Config{}, filepath.Join(root, "m.csv"), "/dev/null")
	if len(items) != 0 || len(problems) != 2 || problems[0].Err.Code != "not_found" || problems[1].Err.Code != "not_regular" {
		t.Errorf("got %v, problems %v", items, problems)
	}
}

func TestHowCallsBeginAndEnd(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.wav": "x", "b.wav": "x", "day.csv": "路径,响铃次数,挂机方\na.wav,4,客户\nb.wav,many,坐席\n"})
	items, problems := scan(t, source.Config{}, filepath.Join(root, "day.csv"))
	if len(items) != 2 || items[0].Rings == nil || *items[0].Rings != 4 || items[0].HungUpBy != "customer" || items[1].Rings != nil {
		t.Errorf("got %+v", items)
	}
	if len(problems) != 1 || !problems[0].Warning || !strings.Contains(problems[0].Err.Error(), "not a number of rings") {
		t.Errorf("got problems %v", problems)
	}
}
