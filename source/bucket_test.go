package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/s3test"
	"github.com/zhijian-qa/zhijian/source"
)

var server s3test.Server

func TestMain(m *testing.M) {
	code := m.Run()
	server.Stop()
	os.Exit(code)
}

// place is somewhere that recordings come from. Every test of buckets runs on each kind.
type place struct {
	cfg    source.BucketConfig
	put    func(key, body string)
	remove func(key string)
	get    func(key string) string
	keys   func() []string
	object bool // of an object store
}

func onEachPlace(t *testing.T, test func(t *testing.T, p place)) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		test(t, folderPlace(t))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		test(t, s3Place(t))
	})
}

func folderPlace(t *testing.T) place {
	root := t.TempDir()
	return place{
		cfg: source.BucketConfig{Name: "calls", URL: "file://" + root + "?", Names: source.Config{Location: shanghai}},
		put: func(key, body string) {
			path := filepath.Join(root, key)
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			must(t, os.WriteFile(path, []byte(body), 0o600))
		},
		remove: func(key string) { must(t, os.Remove(filepath.Join(root, key))) },
		get: func(key string) string {
			data, err := os.ReadFile(filepath.Join(root, key))
			must(t, err)
			return string(data)
		},
		keys: func() []string {
			var keys []string
			must(t, filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
				if err == nil && !info.IsDir() {
					keys = append(keys, strings.TrimPrefix(path, root+"/"))
				}
				return err
			}))
			slices.Sort(keys)
			return keys
		},
	}
}

func s3Place(t *testing.T) place {
	b := server.Bucket(t)
	return place{
		cfg:    source.BucketConfig{Name: "calls", URL: b.URL, Credentials: b.Credentials, Names: source.Config{Location: shanghai}},
		put:    func(key, body string) { b.Put(t, key, body, nil) },
		remove: func(key string) { b.Delete(t, key) },
		get:    func(key string) string { return b.Get(t, key) },
		keys:   func() []string { return b.Keys(t) },
		object: true,
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, cfg source.BucketConfig) *source.Bucket {
	t.Helper()
	b, err := source.OpenBucket(t.Context(), cfg)
	must(t, err)
	return b
}

func nothing(string) bool { return false }

// look looks at the bucket once.
func look(t testing.TB, b *source.Bucket, known func(string) bool) []source.Object {
	t.Helper()
	var found []source.Object
	must(t, b.Ready(t.Context(), known, func(o source.Object) error {
		found = append(found, o)
		return nil
	}))
	return found
}

func keysOf(objects []source.Object) []string {
	var keys []string
	for _, o := range objects {
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	return keys
}

func wantKeys(t *testing.T, objects []source.Object, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, keysOf(objects)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func fetch(t *testing.T, b *source.Bucket, o source.Object) source.Item {
	t.Helper()
	item, release, err := b.Fetch(t.Context(), o, t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, release()) })
	return item
}

func TestRecordingsOfABucketAreFound(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		for _, key := range []string{
			"in/a.wav", "in/b.WAV", "in/sub/c.mp3", "in/录音 1.wav", "in/notes.txt", "in/.hidden.wav", "in/.git/d.wav", "in/x.wav.json", "other/e.wav", "in.wav",
		} {
			p.put(key, "x")
		}
		cfg := p.cfg
		cfg.URL += "&prefix=in/"
		all := look(t, open(t, cfg), nothing)
		wantKeys(t, all, "in/a.wav", "in/b.WAV", "in/sub/c.mp3", "in/录音 1.wav")
		for _, o := range all {
			if o.Source != "calls" || o.Size != 1 || o.Version == "" || time.Since(o.ModTime).Abs() > time.Hour {
				t.Errorf("got %+v", o)
			}
		}
		cfg.Patterns = []string{"sub/**", "b.*"}
		wantKeys(t, look(t, open(t, cfg), nothing), "in/b.WAV", "in/sub/c.mp3")
		first := all[0].ID()
		if again := look(t, open(t, p.cfg), func(id string) bool { return id != first }); len(again) != 1 || again[0].ID() != first {
			t.Errorf("got %+v, want the one that is not known", again)
		}
	})
}

func TestARecordingIsNotTakenWhileItIsWritten(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		now := time.Now()
		cfg := source.WithClock(p.cfg, func() time.Time { return now })
		cfg.Settle = 30 * time.Second
		b := open(t, cfg)
		p.put("a.wav", "begun")
		p.put("b.wav", "whole")
		wantKeys(t, look(t, b, nothing))
		now = now.Add(29 * time.Second)
		p.put("a.wav", "begun and")
		wantKeys(t, look(t, b, nothing))
		now = now.Add(time.Second)
		wantKeys(t, look(t, b, nothing), "b.wav")
		now = now.Add(28 * time.Second)
		wantKeys(t, look(t, b, nothing), "b.wav")
		now = now.Add(time.Second)
		p.put("c.wav", "later")
		wantKeys(t, look(t, b, nothing), "a.wav", "b.wav")
		p.remove("c.wav")
		now = now.Add(time.Hour)
		wantKeys(t, look(t, b, nothing), "a.wav", "b.wav")
	})
}

func TestARecordingWaitsForItsSign(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		for _, key := range []string{"a.wav", "b.wav", "c.wav", "sub/d.wav", "sub/e.wav"} {
			p.put(key, key)
		}
		p.put("a.wav.done", "")
		p.put("b.done", "")
		p.put("c.wav.json", `{"agent":"7"}`)
		p.put("sub/day.csv", "path,agent\nd.wav,8\n../a.wav,9\nlater.wav,1\n")
		for when, want := range map[source.When][]string{
			source.WhenDone: {"a.wav", "b.wav"}, source.WhenSidecar: {"c.wav"}, source.WhenManifest: {"sub/d.wav"},
			source.WhenSettled: {"a.wav", "b.wav", "c.wav", "sub/d.wav", "sub/e.wav"},
		} {
			cfg := p.cfg
			cfg.When, cfg.Manifest = when, "*.csv"
			wantKeys(t, look(t, open(t, cfg), nothing), want...)
		}
	})
}

func TestMetadataComeFromManifestSidecarAndName(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		const name = "2026/20261121-093000_1024_13800001111.wav"
		p.put(name, "x")
		p.put(name+".json", `{"team":"二班","scenario":"报修","agent":"2000"}`)
		p.put("2026/bad.wav", "y")
		p.put("2026/bad.wav.json", `{"team":`)
		p.put("day.csv", "路径,姓名,场景\nD:\\rec\\"+strings.ReplaceAll(name, "/", `\`)+",王芳,咨询\n2026/bad.wav,李四,many words\nbroken,\"\n")
		cfg := p.cfg
		cfg.Manifest = "**/*.csv"
		var problems []string
		cfg.Report = func(p source.Problem) { problems = append(problems, p.Err.Code) }
		b := open(t, cfg)
		found := look(t, b, nothing)
		wantKeys(t, found, name, "2026/bad.wav")
		for _, o := range found {
			item := fetch(t, b, o)
			if o.Key == "2026/bad.wav" {
				if item.AgentName != "李四" || item.Team != "" {
					t.Errorf("got %+v", item)
				}
				continue
			}
			m := item.Metadata
			if m.AgentName != "王芳" || m.Scenario != "consultation" || m.Team != "二班" || m.Agent != "2000" || m.Customer != "13800001111" {
				t.Errorf("got %+v", m)
			}
			if item.Said.Customer != "" || item.Said.Agent != "2000" || !item.StartedAt.Equal(time.Date(2026, 11, 21, 9, 30, 0, 0, shanghai)) {
				t.Errorf("got %+v", item)
			}
		}
		look(t, b, nothing)
		slices.Sort(problems)
		if diff := cmp.Diff([]string{"bad_manifest", "bad_sidecar"}, problems); diff != "" {
			t.Errorf("problems (-want +got):\n%s", diff)
		}
	})
}

func TestObjectsCarryMetadataThemselves(t *testing.T) {
	t.Parallel()
	bucket := server.Bucket(t)
	bucket.Put(t, "a.wav", "x", map[string]string{
		"agent": "1024", "name": "%E7%8E%8B%E8%8A%B3", "team": "=?UTF-8?B?5LqM54+t?=", "started-at": "2026-11-21 09:30:00", "colour": "red", "rings": "many",
	})
	var problems []source.Problem
	b := open(t, source.BucketConfig{
		Name: "calls", URL: bucket.URL, Credentials: bucket.Credentials, Names: source.Config{Location: shanghai},
		Report: func(p source.Problem) { problems = append(problems, p) },
	})
	m := fetch(t, b, look(t, b, nothing)[0]).Metadata
	if m.Agent != "1024" || m.AgentName != "王芳" || m.Team != "二班" || m.StartedAt.IsZero() || m.Rings != nil {
		t.Errorf("got %+v", m)
	}
	if len(problems) != 1 || problems[0].Err.Code != "bad_value" || strings.Contains(problems[0].Err.Error(), "many") {
		t.Errorf("got problems %+v", problems)
	}
}

func TestFetchBringsTheBytes(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		body := strings.Repeat("recording ", 100_000)
		p.put("sub/a.WAV", body)
		b := open(t, p.cfg)
		dir := t.TempDir()
		item, release, err := b.Fetch(t.Context(), look(t, b, nothing)[0], dir)
		must(t, err)
		data, err := os.ReadFile(item.File())
		must(t, err)
		if string(data) != body || item.Path != b.Location("sub/a.WAV") {
			t.Errorf("got %d bytes at %s", len(data), item.Path)
		}
		if p.object != (item.Copy != "") || p.object && !strings.HasPrefix(item.Path, "s3://test-") {
			t.Errorf("got %+v", item)
		}
		must(t, release())
		left, err := os.ReadDir(dir)
		must(t, err)
		if len(left) != 0 || p.get("sub/a.WAV") != body {
			t.Errorf("%d files are left, and the recording has %d bytes", len(left), len(p.get("sub/a.WAV")))
		}
	})
}

func TestWhatCannotBeFetchedIsNamed(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		p.put("a.wav", "first")
		p.put("b.wav", "gone soon")
		cfg := p.cfg
		cfg.MaxBytes = 20
		b := open(t, cfg)
		found := look(t, b, nothing)
		p.put("a.wav", "second, other")
		p.remove("b.wav")
		p.put("c.wav", strings.Repeat("x", 21))
		large := found[0]
		large.Key, large.Version, large.Size = "c.wav", "", 0
		evil, stranger, wrong := found[0], found[0], found[0]
		evil.Key, stranger.Source, wrong.Key = "../../etc/passwd.wav", "other", "a.wav.json"
		for _, tt := range []struct {
			name string
			o    source.Object
			code string
		}{
			{"changed", found[0], "changed"},
			{"gone", found[1], "not_found"},
			{"too large", large, "too_large"},
			{"leads elsewhere", evil, "bad_name"},
			{"no recording", wrong, "bad_name"},
			{"of another source", stranger, "internal"},
		} {
			dir := t.TempDir()
			_, release, err := b.Fetch(t.Context(), tt.o, dir)
			if call.FaultCode(err) != tt.code {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
			}
			must(t, release())
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("%s: %d files are left", tt.name, len(left))
			}
		}
	})
}

func TestRecordingsMoveWhenTheyAreDone(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		for _, key := range []string{"in/a.wav", "in/b.wav", "in/sub/c.wav"} {
			p.put(key, "bytes of "+key)
		}
		p.put("in/a.wav.json", `{"agent":"7"}`)
		p.put("in/done/b.wav", "another b")
		cfg := p.cfg
		cfg.URL += "&prefix=in/"
		cfg.MoveDone, cfg.MoveFailed = "in/done/", "failed"
		b := open(t, cfg)
		found := look(t, b, nothing)
		wantKeys(t, found, "in/a.wav", "in/b.wav", "in/sub/c.wav")
		for _, o := range found {
			end := b.Done
			if o.Key == "in/sub/c.wav" {
				end = b.Failed
			}
			must(t, end(t.Context(), o))
			must(t, end(t.Context(), o)) // killed before that was noted
		}
		wantKeys(t, look(t, b, nothing))
		keys := p.keys()
		i := slices.IndexFunc(keys, func(key string) bool { return strings.HasPrefix(key, "in/done/b.") && key != "in/done/b.wav" })
		if i < 0 || p.get(keys[i]) != "bytes of in/b.wav" || p.get("in/done/b.wav") != "another b" {
			t.Fatalf("got %v", keys)
		}
		if diff := cmp.Diff([]string{"failed/sub/c.wav", "in/done/a.wav", "in/done/a.wav.json", "in/done/b.wav"}, slices.Delete(keys, i, i+1)); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		if p.get("in/done/a.wav") != "bytes of in/a.wav" {
			t.Error("the recording was changed")
		}
		file, release, ok := b.Find(t.Context(), b.Location("in/a.wav"), t.TempDir())
		if !ok {
			t.Fatal("the recording is not found where it was moved to")
		}
		data, err := os.ReadFile(file)
		must(t, err)
		if string(data) != "bytes of in/a.wav" {
			t.Errorf("got %q", data)
		}
		if release != nil {
			must(t, release())
		}
		if _, _, ok := b.Find(t.Context(), "/somewhere/else.wav", t.TempDir()); ok {
			t.Error("a stranger's recording is found")
		}
	})
}

// A store of objects copies and deletes: killed in between, the recording lies in both places, and is not copied again.
func TestAMoveThatWasKilledIsFinished(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		p.put("a.wav", "bytes of a")
		p.put("b.wav", "bytes of b")
		cfg := p.cfg
		cfg.MoveDone = "done"
		b := open(t, cfg)
		found := look(t, b, nothing)
		wantKeys(t, found, "a.wav", "b.wav")
		if p.object {
			p.put("done/a.wav", "bytes of a")
			p.put("done/b.wav", "bytes of b")
		}
		p.put("b.wav", "a new b, of another length")
		for _, o := range found {
			must(t, b.Done(t.Context(), o))
		}
		want := []string{"b.wav", "done/a.wav"}
		if p.object {
			want = append(want, "done/b.wav")
		}
		if diff := cmp.Diff(want, p.keys()); diff != "" || p.get("b.wav") != "a new b, of another length" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
	})
}

// What was set aside lies where failed ones go; tried again, it is taken from there, and moves on when it is done.
func TestARecordingThatIsTriedAgainIsFetchedFromWhereFailedOnesGo(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		p.put("a.wav", "bytes of a")
		p.put("a.wav.json", `{"agent":"7"}`)
		p.put("failed/b.wav", "another b")
		p.put("b.wav", "bytes of b")
		cfg := p.cfg
		cfg.MoveDone, cfg.MoveFailed = "done", "failed"
		b := open(t, cfg)
		found := look(t, b, nothing)
		wantKeys(t, found, "a.wav", "b.wav")
		for _, o := range found {
			must(t, b.Failed(t.Context(), o))
		}
		p.put("b.wav", "a new b, of another length")
		for _, o := range found {
			item := fetch(t, b, o)
			if item.Path != b.Location(o.Key) || (o.Key == "a.wav") != (item.Agent == "7") {
				t.Errorf("%s: got %+v", o.Key, item)
			}
			data, err := os.ReadFile(item.File())
			if err == nil && string(data) != "bytes of "+strings.TrimSuffix(o.Key, ".wav") {
				t.Errorf("%s: got %q", o.Key, data)
			}
			before := p.keys()
			must(t, b.Failed(t.Context(), o)) // once more
			if diff := cmp.Diff(before, p.keys()); diff != "" {
				t.Errorf("keys after it failed again (-before +after):\n%s", diff)
			}
			fetch(t, b, o)
			must(t, b.Done(t.Context(), o))
		}
		if diff := cmp.Diff([]string{"b.wav", "done/a.wav", "done/a.wav.json", "done/b.wav", "failed/b.wav"}, p.keys()); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		if p.get("done/b.wav") != "bytes of b" || p.get("failed/b.wav") != "another b" {
			t.Error("one b was taken for another")
		}
	})
}

func TestARecordingThatTookTheNameOfAnotherStays(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		p.put("a.wav", "first")
		cfg := p.cfg
		cfg.MoveDone = "done"
		b := open(t, cfg)
		old := look(t, b, nothing)[0]
		p.put("a.wav", "second, longer")
		must(t, b.Done(t.Context(), old))
		found := look(t, b, func(id string) bool { return id == old.ID() })
		if len(found) != 1 || found[0].ID() == old.ID() || p.get("a.wav") != "second, longer" {
			t.Errorf("got %+v, %v", found, p.keys())
		}
	})
}

func TestPutStoresARecordingWhole(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		dir := t.TempDir()
		file, sidecar := filepath.Join(dir, "part"), filepath.Join(dir, "meta")
		must(t, os.WriteFile(file, []byte("bytes"), 0o600))
		must(t, os.WriteFile(sidecar, []byte(`{"agent":"7"}`), 0o600))
		cfg := p.cfg
		cfg.URL += "&prefix=uploads/"
		b := open(t, cfg)
		must(t, b.Put(t.Context(), file, sidecar, "0123/call.wav"))
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%d files are left", len(left))
		}
		found := look(t, b, nothing)
		wantKeys(t, found, "uploads/0123/call.wav")
		if item := fetch(t, b, found[0]); item.Agent != "7" {
			t.Errorf("got %+v", item)
		}
		for name, want := range map[string]int{"0123": 1, "012": 0, "9": 0} {
			got, err := b.Below(t.Context(), name)
			if err != nil || len(got) != want || want == 1 && got[0].ID() != found[0].ID() {
				t.Errorf("%s has %v, %v", name, got, err)
			}
		}
		must(t, b.Clear(t.Context(), "01"))
		must(t, b.Clear(t.Context(), "nobody"))
		if keys := p.keys(); len(keys) != 2 {
			t.Errorf("left are %v", keys)
		}
		must(t, b.Clear(t.Context(), "0123"))
		if keys := p.keys(); len(keys) != 0 {
			t.Errorf("left are %v", keys)
		}
		must(t, os.WriteFile(file, []byte("bytes"), 0o600))
		for _, name := range []string{"../x.wav", "a/../../x.wav", "/x.wav", "x.txt", ""} {
			if err := b.Put(t.Context(), file, "", name); call.FaultCode(err) != "bad_name" {
				t.Errorf("%q: got %v", name, err)
			}
		}
	})
}

func TestAPlaceThatIsGoneIsAnError(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		cfg := p.cfg
		if p.object {
			cfg.URL = strings.Replace(cfg.URL, "s3://test-", "s3://absent-", 1)
		} else {
			cfg.URL = "file:///no/such/folder"
		}
		b := open(t, cfg)
		if err := b.Ready(t.Context(), nothing, func(source.Object) error { return nil }); err == nil {
			t.Error("a place that is gone looks like an empty one")
		}
	})
}

func TestWhatIsOfferedEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		p.put("a.wav", "x")
		p.put("b.wav", "x")
		full := errors.New("the queue is full")
		count := 0
		err := open(t, p.cfg).Ready(t.Context(), nothing, func(source.Object) error { count++; return full })
		if !errors.Is(err, full) || count != 1 {
			t.Errorf("got %v after %d", err, count)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := open(t, p.cfg).Ready(ctx, nothing, func(source.Object) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
