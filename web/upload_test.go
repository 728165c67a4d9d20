package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/internal/s3test"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/web"
)

var s3 s3test.Server

func TestMain(m *testing.M) {
	code := m.Run()
	s3.Stop()
	os.Exit(code)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// desk is a server that takes uploads into a folder.
type desk struct {
	folder, scratch, url string
	stored               chan struct{}
}

func newDesk(t *testing.T, change func(*web.UploadConfig)) desk {
	t.Helper()
	folder := t.TempDir()
	d := desk{folder: folder, scratch: filepath.Join(folder, ".incoming"), stored: make(chan struct{}, 100)}
	bucket, err := source.OpenBucket(t.Context(), source.BucketConfig{Name: "uploads", URL: "file://" + folder})
	must(t, err)
	cfg := web.UploadConfig{Bucket: bucket, Scratch: d.scratch, Zone: time.UTC, Limit: 1 << 20, Stored: func() { d.stored <- struct{}{} }}
	if change != nil {
		change(&cfg)
	}
	upload, err := web.NewUpload(cfg)
	must(t, err)
	server := serve(t, web.Config{}, map[string]http.Handler{"POST /api/v1/recordings": upload})
	d.url = "http://" + server + "/api/v1/recordings"
	return d
}

// serve starts a server that ends with the test and returns its address.
func serve(t *testing.T, cfg web.Config, handlers map[string]http.Handler) string {
	t.Helper()
	cfg.Listen = "127.0.0.1:0"
	server := web.New(cfg)
	for pattern, handler := range handlers {
		server.Handle(pattern, handler)
	}
	must(t, server.Listen(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Run(t.Context()) }()
	t.Cleanup(func() { <-ended })
	return server.Addr()
}

// part is one part of a form: a file when it has a file's name.
type part struct{ name, file, body string }

func body(t testing.TB, parts ...part) (data []byte, kind string) {
	t.Helper()
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	for _, p := range parts {
		var w io.Writer
		var err error
		if p.file != "" {
			w, err = form.CreateFormFile(p.name, p.file)
		} else {
			w, err = form.CreateFormField(p.name)
		}
		must(t, err)
		_, err = io.WriteString(w, p.body)
		must(t, err)
	}
	must(t, form.Close())
	return buffer.Bytes(), form.FormDataContentType()
}

type answer struct {
	status int
	web.Receipt
	Error struct{ Code, Message string }
}

func (d desk) post(t testing.TB, parts ...part) answer {
	t.Helper()
	data, kind := body(t, parts...)
	return d.postBody(t, data, kind)
}

func (d desk) postBody(t testing.TB, data []byte, kind string) answer {
	t.Helper()
	resp, err := http.Post(d.url, kind, bytes.NewReader(data))
	must(t, err)
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode}
	must(t, json.NewDecoder(resp.Body).Decode(&a))
	return a
}

// files lists what the folder holds, the scratch folder too.
func (d desk) files(t testing.TB) []string {
	t.Helper()
	var names []string
	must(t, filepath.Walk(d.folder, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			names = append(names, strings.TrimPrefix(path, d.folder+"/"))
		}
		return err
	}))
	slices.Sort(names)
	return names
}

func idOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:8])
}

func TestAnUploadIsStoredOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	id := idOf("bytes of a call")
	a := d.post(t, part{"agent", "", "1024"}, part{"file", "20261121-093000_1024_138.wav", "bytes of a call"}, part{"metadata", "", `{"scenario":"报修","colour":"red"}`})
	if a.status != http.StatusCreated || !a.New || a.ID != id || a.StatusURL != "/api/v1/recordings/"+id {
		t.Errorf("got %+v", a)
	}
	<-d.stored
	want := []string{id + "/20261121-093000_1024_138.wav", id + "/20261121-093000_1024_138.wav.json"}
	if diff := cmp.Diff(want, d.files(t)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	sidecar, err := os.ReadFile(filepath.Join(d.folder, want[1]))
	must(t, err)
	if string(sidecar) != `{"agent":"1024","scenario":"报修"}` {
		t.Errorf("got %s", sidecar)
	}
	a = d.post(t, part{"file", "other.wav", "bytes of a call"}, part{"agent", "", "2000"})
	if a.status != http.StatusOK || a.New || a.ID != id || !slices.Equal(a.Conflict, []string{"agent"}) {
		t.Errorf("got %+v", a)
	}
	if diff := cmp.Diff(want, d.files(t)); diff != "" || len(d.stored) != 0 {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestTheSameUploadedAtOnceIsStoredOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	var group sync.WaitGroup
	created := make(chan bool, 20)
	for i := range cap(created) {
		group.Go(func() { created <- d.post(t, part{"file", "a" + string(rune('a'+i)) + ".wav", "the same"}).New })
	}
	group.Wait()
	close(created)
	count := 0
	for isNew := range created {
		if isNew {
			count++
		}
	}
	if count != 1 || len(d.files(t)) != 2 {
		t.Errorf("%d were new, files %v", count, d.files(t))
	}
}

func TestUploadsThatAreRefusedLeaveNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	file := part{"file", "a.wav", "x"}
	for name, tt := range map[string]struct {
		parts  []part
		status int
		code   string
	}{
		"no file":         {[]part{{"agent", "", "7"}}, 400, "no_file"},
		"two files":       {[]part{file, {"file", "b.wav", "y"}}, 400, "bad_form"},
		"no recording":    {[]part{{"file", "a.exe", "x"}}, 415, "not_audio"},
		"nothing in it":   {[]part{{"file", "a.wav", ""}}, 422, "empty"},
		"too large":       {[]part{{"file", "a.wav", strings.Repeat("x", 1<<20+1)}}, 413, "too_large"},
		"far too large":   {[]part{{"file", "a.wav", strings.Repeat("x", 4<<20)}}, 413, "too_large"},
		"bad value":       {[]part{file, {"rings", "", "13800001111"}}, 422, "bad_value"},
		"bad metadata":    {[]part{file, {"metadata", "", "[1]"}}, 422, "bad_value"},
		"said twice":      {[]part{file, {"agent", "", "7"}, {"metadata", "", `{"agent":"8"}`}}, 400, "bad_form"},
		"in two words":    {[]part{file, {"agent", "", "7"}, {"工号", "", "7"}}, 422, "bad_value"},
		"a large field":   {[]part{file, {"agent", "", strings.Repeat("7", 64<<10+1)}}, 400, "bad_form"},
		"too many fields": {append(slices.Repeat([]part{{"x", "", ""}}, 1), slices.Repeat([]part{{"agent", "", ""}}, 70)...), 400, "bad_form"},
	} {
		a := d.post(t, tt.parts...)
		if a.status != tt.status || a.Error.Code != tt.code || strings.Contains(a.Error.Message, "1380000") {
			t.Errorf("%s: got %+v, want %d %s", name, a, tt.status, tt.code)
		}
	}
	if a := d.postBody(t, []byte(`{"agent":"7"}`), "application/json"); a.status != 400 || a.Error.Code != "bad_form" {
		t.Errorf("got %+v", a)
	}
	data, kind := body(t, part{"file", "a.wav", strings.Repeat("x", 1000)})
	if a := d.postBody(t, data[:len(data)-100], kind); a.status != 400 || a.Error.Code != "cut_off" {
		t.Errorf("got %+v", a)
	}
	if files := d.files(t); len(files) != 0 || len(d.stored) != 0 {
		t.Errorf("left are %v", files)
	}
}

func TestNamesOfUploadsLeadNowhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	for name, want := range map[string]string{
		"../../../etc/a.wav": "a.wav", `..\..\b.wav`: "b.wav", "/etc/c.wav": "c.wav", ".hidden.wav": "hidden.wav", "a/..wav": "",
		strings.Repeat("长", 100) + ".mp3": strings.Repeat("长", 66) + ".mp3",
	} {
		a := d.post(t, part{"file", name, name})
		if want == "" {
			if a.status != http.StatusUnsupportedMediaType {
				t.Errorf("%q: got %+v", name, a)
			}
			continue
		}
		path := filepath.Join(d.folder, idOf(name), want)
		if _, err := os.Stat(path); a.status != http.StatusCreated || err != nil {
			t.Errorf("%q: got %+v, %v; files %v", name, a, err, d.files(t))
		}
	}
}

func TestAFullDiskIsSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *web.UploadConfig) { web.FullDisk(c) })
	a := d.post(t, part{"file", "a.wav", strings.Repeat("x", 100_000)})
	if a.status != http.StatusInsufficientStorage || a.Error.Code != "no_space" || len(d.files(t)) != 0 {
		t.Errorf("got %+v, files %v", a, d.files(t))
	}
}

func TestASlowUploadEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *web.UploadConfig) { web.GraceOf(c, 300*time.Millisecond) })
	data, kind := body(t, part{"file", "a.wav", strings.Repeat("x", 100_000)})
	reader, writer := io.Pipe()
	go func() {
		for _, b := range data {
			if _, err := writer.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond) // 200 bytes a second
		}
	}()
	began := time.Now()
	resp, err := http.Post(d.url, kind, reader)
	if err == nil {
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusRequestTimeout {
			t.Errorf("got %d", resp.StatusCode)
		}
	}
	if took := time.Since(began); took > 20*time.Second || len(d.files(t)) != 0 {
		t.Errorf("it took %s and left %v", took, d.files(t))
	}
}

func TestAnUploadWhoseSenderGoesLeavesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	data, kind := body(t, part{"file", "a.wav", strings.Repeat("x", 500_000)})
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(d.url, "http://"), "/api/v1/recordings"))
	must(t, err)
	_, err = io.WriteString(conn, "POST /api/v1/recordings HTTP/1.1\r\nHost: x\r\nContent-Type: "+kind+"\r\nContent-Length: 600000\r\n\r\n")
	must(t, err)
	_, err = conn.Write(data[:300_000])
	must(t, err)
	for len(d.files(t)) == 0 { // it is under way
		time.Sleep(time.Millisecond)
	}
	must(t, conn.Close())
	for start := time.Now(); len(d.files(t)) > 0; time.Sleep(time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatalf("left are %v", d.files(t))
		}
	}
}

func TestPartsOfAKilledServerAreCleaned(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	scratch := filepath.Join(folder, ".incoming")
	must(t, os.MkdirAll(scratch, 0o700))
	must(t, os.WriteFile(filepath.Join(scratch, "part-1"), []byte("x"), 0o600))
	_, err := web.NewUpload(web.UploadConfig{Scratch: scratch})
	must(t, err)
	if left, _ := os.ReadDir(scratch); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

func TestUploadsGoToABucketToo(t *testing.T) {
	t.Parallel()
	place := s3.Bucket(t)
	d := newDesk(t, func(c *web.UploadConfig) {
		bucket, err := source.OpenBucket(t.Context(), source.BucketConfig{Name: "uploads", URL: place.URL + "&prefix=up/", Credentials: place.Credentials})
		must(t, err)
		c.Bucket = bucket
	})
	for _, want := range []int{http.StatusCreated, http.StatusOK} {
		if a := d.post(t, part{"file", "a.wav", "x"}, part{"agent", "", "7"}); a.status != want {
			t.Errorf("got %+v, want %d", a, want)
		}
	}
	want := []string{"up/" + idOf("x") + "/a.wav", "up/" + idOf("x") + "/a.wav.json"}
	if diff := cmp.Diff(want, place.Keys(t)); diff != "" || len(d.files(t)) != 0 {
		t.Errorf("files %v, keys (-want +got):\n%s", d.files(t), diff)
	}
}

func TestErasedRecordingsAreNotTakenAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *web.UploadConfig) { web.AllErased(c) })
	if a := d.post(t, part{"file", "a.wav", "x"}); a.status != http.StatusGone || a.Error.Code != "erased" || len(d.files(t)) != 0 {
		t.Errorf("got %+v, files %v", a, d.files(t))
	}
}
