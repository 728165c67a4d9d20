package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/zhijian-qa/zhijian/call"
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
	items, problems, err := source.Scan(paths, cfg)
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

func TestHowCallsBeginAndEnd(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.wav": "x", "b.wav": "x", "day.csv": "路径,响铃次数,挂机方\na.wav,4,客户\nb.wav,many,坐席\n"})
	items, problems := scan(t, source.Config{}, filepath.Join(root, "day.csv"))
	if len(items) != 1 || items[0].Rings == nil || *items[0].Rings != 4 || items[0].HungUpBy != "customer" {
		t.Errorf("got %+v", items)
	}
	if len(problems) != 1 || !strings.Contains(problems[0].Err.Error(), `"many" is not a number of rings`) {
		t.Errorf("got problems %v", problems)
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	audio := map[string]string{"rec/a.wav": "x", "rec/b.wav": "x"}
	yes, no, right := true, false, 1
	full := call.Metadata{
		Agent: "1024", AgentName: "王芳", Team: "一班", Customer: "13800001111", Direction: "inbound", Scenario: "repair",
		StartedAt: time.Date(2026, 11, 21, 9, 30, 0, 0, shanghai), AgentChannel: &right, Satisfaction: &yes, Complaint: &no,
	}
	chinese := "路径,工号,姓名,班组,客户号码,开始时间,方向,场景,坐席声道,满意,投诉\n" +
		`rec\a.wav,1024,王芳,一班,13800001111,2026/11/21 09:30,呼入,报修,右,是,否` + "\n"
	english := "path,agent,name,team,customer,started_at,direction,scenario,agent_channel,satisfaction,complaint,remark\n" +
		"rec/a.wav,1024,王芳,一班,13800001111,2026-11-21T09:30:00+08:00,in,Repair,1,true,false,extra\n"
	lines := `{"path":"D:\\pbx\\rec\\a.wav","agent":1024,"name":"王芳","team":"一班","customer":"13800001111",` +
		`"started_at":"20261121093000","direction":"呼入","scenario":"报修","agent_channel":1,"satisfaction":true,"complaint":false,"x":{"y":1}}` + "\n\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(chinese)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, file, content string }{
		{"Chinese headings and Windows paths", "day.csv", chinese},
		{"a byte-order mark", "day.csv", "\ufeff" + chinese},
		{"GB18030", "day.csv", gb},
		{"semicolons", "day.csv", strings.ReplaceAll(chinese, ",", ";")},
		{"carriage returns", "day.csv", strings.ReplaceAll(chinese, "\n", "\r\n")},
		{"English headings and an unknown column", "day.CSV", english},
		{"JSON lines and a path of another machine", "day.jsonl", lines},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, audio)
			manifest := filepath.Join(root, tt.file)
			if err := os.WriteFile(manifest, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			items, problems := scan(t, source.Config{}, manifest)
			if len(problems) != 0 || len(items) != 1 {
				t.Fatalf("got %v, problems %v", items, problems)
			}
			if items[0].Path != filepath.Join(root, "rec", "a.wav") {
				t.Errorf("path = %s", items[0].Path)
			}
			if diff := cmp.Diff(full, items[0].Metadata); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
		})
	}
}

func TestManifestFaultsAreNamedByLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, content, where, want string }{
		{"a missing file", "m.csv", "path\nno.wav\n", "no.wav", "there is no such file; it is named at"},
		{"no path", "m.csv", "path,agent\n,7\n", ":2", "it names no path"},
		{"a bad time and a bad truth value", "m.csv", "path,started_at,complaint\na.wav,soon,maybe\n", ":2", "not a time"},
		{"too many fields", "m.csv", "path\na.wav,1\n", ":2", "2 fields and the heading 1"},
		{"an open quote", "m.csv", "path\n\"a.wav\n", ":2", "quote"},
		{"no path column", "m.csv", "agent\n7\n", ":1", "no column is called path"},
		{"the same column twice", "m.csv", "path,file\na,b\n", ":1", "two columns are called path"},
		{"an empty file", "m.csv", "", ":1", "the first line must name the columns"},
		{"not JSON", "m.jsonl", "hello\n", ":1", "not a JSON object"},
		{"a nested value", "m.jsonl", `{"path":"a.wav","agent":[1]}`, ":1", "agent is not a plain value"},
		{"no text at all", "m.csv", "path\n\xff\xfe\xff\xff\n", "m.csv", "neither UTF-8 nor GB18030"},
		{"a path that climbs out", "m.csv", "path\n../../../../etc/passwd\n", "passwd", "there is no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, map[string]string{"a.wav": "x", tt.file: tt.content})
			items, problems := scan(t, source.Config{}, filepath.Join(root, tt.file))
			if len(problems) != 1 || len(items) != 0 {
				t.Fatalf("got items %v, problems %v; want one problem", items, problems)
			}
			got := problems[0]
			if !strings.Contains(got.Path, tt.where) || !strings.Contains(got.Err.Error(), tt.want) {
				t.Errorf("got %s: %v, want %s: …%s…", got.Path, got.Err, tt.where, tt.want)
			}
		})
	}
}

func TestAGoodLineAfterABadOneIsUsed(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.wav": "x", "m.csv": "path,complaint\nno.wav,1\na.wav,perhaps\na.wav,1\n"})
	items, problems := scan(t, source.Config{}, filepath.Join(root, "m.csv"))
	if len(items) != 1 || len(problems) != 2 {
		t.Errorf("got items %v, problems %v", items, problems)
	}
}

func TestNamesAndSidecars(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 30, 0, 0, shanghai)
	tests := []struct {
		name, file, sidecar string
		patterns            []string
		want                call.Metadata
	}{
		{
			"time, agent and customer in the name", "20261121-093000_1024_13800001111.wav", "", nil,
			call.Metadata{Agent: "1024", Customer: "13800001111", StartedAt: at},
		},
		{"agent first", "1024_2026-11-21_09-30-00.wav", "", nil, call.Metadata{Agent: "1024", StartedAt: at}},
		{
			"the sidecar beats the name", "1024_2026-11-21_09-30-00.wav", `{"agent":"9","team":"二班"}`, nil,
			call.Metadata{Agent: "9", Team: "二班", StartedAt: at},
		},
		{"a pattern of one's own over the folder", "1024/x.wav", "", []string{`/(?P<agent>\d{4})/[^/]*$`}, call.Metadata{Agent: "1024"}},
		{"a day that does not exist is not taken", "20261399-093000_1024.wav", "", nil, call.Metadata{}},
		{"nothing known", "x.wav", "", nil, call.Metadata{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{tt.file: "x"}
			if tt.sidecar != "" {
				files[tt.file+".json"] = tt.sidecar
			}
			items, problems := scan(t, source.Config{Patterns: tt.patterns}, tree(t, files))
			if len(items) != 1 || len(problems) != 0 {
				t.Fatalf("got %v, problems %v", items, problems)
			}
			if diff := cmp.Diff(tt.want, items[0].Metadata); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABadSidecarLosesNothing(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.wav": "x", "a.wav.json": "{"})
	items, problems := scan(t, source.Config{}, root)
	if len(items) != 1 || len(problems) != 1 || problems[0].Err.Code != "bad_sidecar" {
		t.Errorf("got %v, problems %v", items, problems)
	}
}

func TestMissingPathIsAProblem(t *testing.T) {
	t.Parallel()
	items, problems := scan(t, source.Config{}, "/no/such/place")
	if len(items) != 0 || len(problems) != 1 || problems[0].Err.Code != "not_found" {
		t.Errorf("got %v, problems %v", items, problems)
	}
}

func TestBadPatternsAreRefused(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{"(": "missing closing", `(?P<colour>x)`: "colour is not a column", `\d+`: "no named group"} {
		_, _, err := source.Scan(nil, source.Config{Patterns: []string{pattern}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("pattern %s: got %v, want …%s…", pattern, err, want)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add("path,agent\na.wav,7\n", true)
	f.Add(`{"path":"a.wav","agent":7}`, false)
	f.Add("路径;时间\na.wav;2026", true)
	f.Fuzz(func(t *testing.T, content string, isCSV bool) {
		name := "m.jsonl"
		if isCSV {
			name = "m.csv"
		}
		root := tree(t, map[string]string{"a.wav": "x", name: content})
		items, _ := scan(t, source.Config{}, filepath.Join(root, name))
		for _, item := range items {
			if !filepath.IsAbs(item.Path) {
				t.Errorf("%q gave the path %q", content, item.Path)
			}
		}
	})
}
