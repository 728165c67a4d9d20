package source_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
)

func TestObjectsWithNamesThatLeadElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	var problems []string
	b := open(t, source.InMemory(source.BucketConfig{
		Name: "calls", Report: func(p source.Problem) { problems = append(problems, p.Err.Code) },
	}, map[string]string{
		"good/a.wav": "x", "../etc/passwd.wav": "x", "/abs.wav": "x", "a//b.wav": "x", "./c.wav": "x", "a\\..\\d.wav": "x", "line\nbreak.wav": "x",
		"a/../../e.wav": "x", "../notes.txt": "x", "folder.wav/": "x",
	}))
	registry := prometheus.NewRegistry()
	source.NewWatcher([]*source.Bucket{b}, source.WatcherConfig{Registerer: registry})
	wantKeys(t, look(t, b, nothing), "good/a.wav")
	look(t, b, nothing) // told once
	families, err := registry.Gather()
	must(t, err)
	counted := 0.0
	for _, family := range families {
		if family.GetName() == "zhijian_source_problems_total" {
			for _, metric := range family.GetMetric() {
				counted += metric.GetCounter().GetValue()
			}
		}
	}
	if counted != 7 {
		t.Errorf("%g are counted", counted)
	}
	if len(problems) != 7 || slices.ContainsFunc(problems, func(code string) bool { return code != "bad_name" }) {
		t.Errorf("got %v", problems)
	}
}

func TestSettingsOfABucketAreChecked(t *testing.T) {
	t.Parallel()
	keys := filepath.Join(t.TempDir(), "keys")
	must(t, os.WriteFile(keys, []byte("[default]\naws_access_key_id = a\naws_secret_access_key = b\n"), 0o600))
	for want, cfg := range map[string]source.BucketConfig{
		"no URL such as":         {Name: "a", URL: "nowhere"},
		"cannot name a source":   {Name: "a b", URL: "file:///a"},
		"no pattern such as":     {Name: "a", URL: "file:///a", Patterns: []string{"[a"}},
		"no prefix such as":      {Name: "a", URL: "file:///a", MoveDone: "../up"},
		"wait for a manifest":    {Name: "a", URL: "file:///a", When: source.WhenManifest},
		"no sign of a complete":  {Name: "a", URL: "file:///a", When: "soon"},
		"read file-name pattern": {Name: "a", URL: "file:///a", Names: source.Config{Patterns: []string{"("}}},
		"neither a region nor":   {Name: "a", URL: "s3://calls", Credentials: keys},
		"read access keys":       {Name: "a", URL: "s3://calls?region=x&profile=absent", Credentials: keys},
	} {
		if _, err := source.OpenBucket(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestIDsTellVersionsApart(t *testing.T) {
	t.Parallel()
	a := source.Object{Source: "s", Key: "k", Version: "1"}
	same := a
	same.Size, same.ModTime, same.Metadata = 7, time.Now(), call.Metadata{Agent: "7"}
	if a.ID() != same.ID() || len(a.ID()) != 32 {
		t.Errorf("got %s and %s", a.ID(), same.ID())
	}
	seen := map[string]bool{a.ID(): true}
	for _, other := range []source.Object{{Source: "s", Key: "k", Version: "2"}, {Source: "sk", Version: "1"}, {Source: "s", Key: "k1"}} {
		if seen[other.ID()] {
			t.Errorf("%+v has another's ID", other)
		}
		seen[other.ID()] = true
	}
}

// FuzzBucket holds a bucket with an object of any name and a manifest of any text against what must never be.
func FuzzBucket(f *testing.F) {
	f.Add("a/b.wav", "path,agent\na/b.wav,7\n")
	f.Add("../x.wav", "path\n../../x.wav\n")
	f.Add("a\\b.wav", "path\nC:\\a\\b.wav\n\"")
	f.Fuzz(func(t *testing.T, key, manifest string) {
		b, err := source.OpenBucket(t.Context(), source.InMemory(source.BucketConfig{Name: "calls", Manifest: "**/*.csv"},
			map[string]string{key: "bytes", "m/day.csv": manifest, "m/inside.wav": "x"}))
		must(t, err)
		for _, o := range look(t, b, nothing) {
			if !source.LeadsBelow(o.Key) || !source.IsAudio(o.Key) {
				t.Fatalf("%q is offered", o.Key)
			}
			if !strings.HasPrefix(o.Key, "m/") && o.Metadata != (call.Metadata{}) {
				t.Fatalf("a manifest says something of %q outside its folder", o.Key)
			}
		}
	})
}
