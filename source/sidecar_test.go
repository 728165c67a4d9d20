package source_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
)

func TestABadSidecarIsNotUsedAndLosesNothing(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"{": "not a JSON object", `{"agent":"7"} {}`: "more than one", "\xff\xff": "neither UTF-8",
		`{"agent":"7","complaint":"maybe","started_at":"soon"}`: "started_at: it is not a time such as 2026-11-21 09:30:00; complaint: it is neither",
		strings.Repeat(" ", 1<<20) + `{"agent":"7"}`:            "larger than 1 MB",
	} {
		root := tree(t, map[string]string{"a.wav": "x", "a.wav.json": content})
		items, problems := scan(t, source.Config{}, root)
		if len(items) != 1 || !cmp.Equal(items[0].Metadata, call.Metadata{}) {
			t.Fatalf("%.40s: got %+v", content, items)
		}
		if len(problems) != 1 || !problems[0].Warning || problems[0].Err.Code != "bad_sidecar" ||
			problems[0].Path != filepath.Join(root, "a.wav.json") || !strings.Contains(problems[0].Err.Error(), want) {
			t.Errorf("%.40s: got problems %v, want …%s…", content, problems, want)
		}
	}
}

func TestATimeThatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"2026-11-21T09:30:00+24:60", "0000-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"} {
		root := tree(t, map[string]string{"a.wav": "x", "a.wav.json": `{"started_at":"` + at + `"}`})
		items, problems := scan(t, source.Config{}, root)
		if len(items) != 1 || !items[0].StartedAt.IsZero() || len(problems) != 1 {
			t.Errorf("%s: got %v, problems %v", at, items, problems)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add("path,agent\na.wav,7\n", "csv")
	f.Add("path,agent,note\n\"a.wav,7,\"x\ny\"\na.wav,8", "csv")
	f.Add(`{"path":"a.wav","agent":7}`, "jsonl")
	f.Add("{\"path\":\":\"}\n{\"path\":\"D:\\\\\"}", "jsonl")
	f.Add("路径;时间\na.wav;2026", "csv")
	f.Add(`{"agent":"7","started_at":"2026-11-21T09:30:00+24:60"}`, "json")
	f.Fuzz(func(t *testing.T, content, kind string) {
		if !slices.Contains([]string{"csv", "jsonl", "json"}, kind) {
			return
		}
		root := tree(t, map[string]string{"a.wav": "x", "m.csv": "", "a.wav." + kind: content})
		paths := []string{filepath.Join(root, "a.wav."+kind), root}
		if kind == "json" {
			paths = paths[1:]
		}
		items, problems := scan(t, source.Config{}, paths...)
		if len(items) != 1 || items[0].Path != filepath.Join(root, "a.wav") {
			t.Errorf("%q gave %v", content, items)
		}
		for _, item := range items {
			if _, err := item.StartedAt.MarshalJSON(); err != nil {
				t.Errorf("%q gave a time that cannot be written: %v", content, err)
			}
		}
		for _, p := range problems {
			if kind == "json" && !p.Warning {
				t.Errorf("%q gave the problem %v", content, p)
			}
		}
	})
}
