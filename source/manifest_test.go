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
		"rec/a.wav,1024,王芳,一班,13800001111,2026-11-21T09:30:00+08:00,IN,Repair,1,true,false,extra\n"
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
		{"too many fields", "m.csv", "path\na.wav,1\n", ":2", "2 fields and the heading 1"},
		{"an open quote", "m.csv", "path\n\"a.wav\n", ":2", "quote"},
		{"no path column", "m.csv", "agent\n7\n", ":1", "no column is called path"},
		{"the same column twice", "m.csv", "path,file\na,b\n", ":1", "two columns are called path"},
		{"an empty file", "m.csv", "", ":1", "the first line must name the columns"},
		{"not JSON", "m.jsonl", "hello\n", ":1", "not a JSON object"},
		{"two objects on a line", "m.jsonl", `{"path":"a.wav"}{"path":"b.wav"}`, ":1", "more than one"},
		{"null", "m.jsonl", "null", ":1", "not a JSON object"},
		{"the same field twice", "m.jsonl", `{"path":"a.wav","agent":"1","工号":"2"}`, ":1", "two values are called agent"},
		{"a path with control characters", "m.jsonl", `{"path":"a\u0000.wav"}`, ":1", "it names no path"},
		{"a nested value", "m.jsonl", `{"path":"a.wav","agent":[1]}`, ":1", "agent is not a plain value"},
		{"no text at all", "m.csv", "path\n\xff\xfe\xff\xff\n", "m.csv", "neither UTF-8 nor GB18030"},
		{"a path that climbs out", "m.csv", "path\n../../../../etc/passwd\n", "passwd", "there is no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, map[string]string{"a.wav": "x", tt.file: tt.content})
			items, problems := scan(t, source.Config{}, filepath.Join(root, tt.file))
			if len(problems) != 1 || len(items) != 0 || problems[0].Warning {
				t.Fatalf("got items %v, problems %v; want one problem", items, problems)
			}
			got := problems[0]
			if !strings.Contains(got.Path, tt.where) || !strings.Contains(got.Err.Error(), tt.want) {
				t.Errorf("got %s: %v, want %s: …%s…", got.Path, got.Err, tt.where, tt.want)
			}
		})
	}
}

// brief writes what a scan found in short: the agent of each recording and where the problems are.
func brief(root string, items []source.Item, problems []source.Problem) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(filepath.Base(item.Path) + "=" + item.Agent + " ")
	}
	for _, p := range problems {
		b.WriteString(p.Err.Code + "@" + strings.TrimPrefix(p.Path, root+"/"))
		if p.Warning {
			b.WriteString("?")
		}
		b.WriteString(" ")
	}
	return strings.TrimSpace(b.String())
}

func TestOneLineAtATime(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, content, want string }{
		{"a good line after a bad one", "path,agent\nno.wav,1\na.wav,2\n", "a.wav=2 not_found@no.wav"},
		{"a stray quote before a field", "path,agent\n\"a.wav,1\nb.wav,2\nc.wav,3\n", "b.wav=2 c.wav=3 bad_manifest@m.csv:2"},
		{"a stray quote before the last field", "path,agent\na.wav,\"1\nb.wav,2\nc.wav,3", "b.wav=2 c.wav=3 bad_manifest@m.csv:2"},
		{"a quote that a later line would close", "path,agent,note\na.wav,1,\"5\nb.wav,2,x\nc.wav,3,6\"\n", "b.wav=2 c.wav=3 bad_manifest@m.csv:2"},
		{"two stray quotes", "path,agent\n\"a.wav,1\nb.wav,2\n\"c.wav,3\n", "b.wav=2 bad_manifest@m.csv:2 bad_manifest@m.csv:4"},
		{"quotes inside a field", "path,agent,note\na.wav,1,a 5\" disk\nb.wav,2,\"he\" said\nc.wav,3,\n", "a.wav=1 b.wav=2 c.wav=3"},
		{"a field over three lines", "path,note,agent\na.wav,\"one\ntwo, \"\"2\"\"\n\nthree\",1\nb.wav,x,2\n", "a.wav=1 b.wav=2"},
		{"the number of the line after such a field", "path,note\na.wav,\"one\ntwo\"\n,x\n", "a.wav= bad_manifest@m.csv:4"},
		{"columns without a heading", "path,agent,,\na.wav,1,x,\nb.wav,2,,\n", "a.wav=1 b.wav=2"},
		{"an unknown column twice", "path,agent,x,x\na.wav,1,2,3\n", "a.wav=1"},
		{"empty fields beyond the heading", "path,agent\na.wav,1,,\n", "a.wav=1"},
		{"empty lines before the heading", "\n\r\npath;agent\n\na.wav;1\n", "a.wav=1"},
		{"the same line twice", "path,agent,started_at\na.wav,1,2026-11-21 09:30\na.wav,1,2026/11/21 09:30:00\n", "a.wav=1"},
		{"the same recording, other metadata", "path,agent\na.wav,1\nb.wav,2\n./a.wav,3\n", "a.wav=1 b.wav=2 duplicate@m.csv:4?"},
		{
			"values that cannot be read", "path,agent,complaint,started_at,agent_channel\na.wav,1,maybe,soon,2\n",
			"a.wav=1 bad_value@m.csv:2? bad_value@m.csv:2? bad_value@m.csv:2?",
		},
		{"a control character", "path,agent,team\na.wav,1\x1b,x\nb.wav,2,\"x\ny\"\n", "a.wav= b.wav=2 bad_value@m.csv:2? bad_value@m.csv:3?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, map[string]string{"a.wav": "x", "b.wav": "x", "c.wav": "x", "m.csv": tt.content})
			items, problems := scan(t, source.Config{}, filepath.Join(root, "m.csv"))
			if got := strings.ReplaceAll(brief(root, items, problems), root+"/", ""); got != tt.want {
				t.Errorf("got  %s\nwant %s\nproblems %v", got, tt.want, problems)
			}
		})
	}
}

func TestDuplicateNamesTheFirstLine(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"a.wav": "x", "m.csv": "path,agent\na.wav,1\n", "n.jsonl": `{"path":"a.wav","agent":2}`})
	_, problems := scan(t, source.Config{}, filepath.Join(root, "m.csv"), filepath.Join(root, "n.jsonl"))
	if len(problems) != 1 || !strings.HasSuffix(problems[0].Err.Error(), "m.csv:2") {
		t.Errorf("got problems %v", problems)
	}
}

func TestManifestBeatsWhatWasFoundBefore(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"1024_2026-11-21_09-30-00.wav": "x", "1024_2026-11-21_09-30-00.wav.json": `{"agent":"9","team":"二班"}`,
		"m.csv": "path,agent\n1024_2026-11-21_09-30-00.wav,7\n",
	})
	manifest := filepath.Join(root, "m.csv")
	for _, paths := range [][]string{{manifest}, {root, manifest}, {manifest, root, manifest}} {
		items, problems := scan(t, source.Config{}, paths...)
		if len(items) != 1 || len(problems) != 0 {
			t.Fatalf("%v: got %v, problems %v", paths, items, problems)
		}
		want := call.Metadata{Agent: "7", Team: "二班", StartedAt: time.Date(2026, 11, 21, 9, 30, 0, 0, shanghai)}
		if diff := cmp.Diff(want, items[0].Metadata); diff != "" {
			t.Errorf("%v (-want +got):\n%s", paths, diff)
		}
	}
}

func TestFaultsDoNotQuotePersonalData(t *testing.T) {
	t.Parallel()
	// Every field holds a name or a number, as when the fields of a line have slipped.
	content := "path,agent,name,team,customer,started_at,direction,scenario,agent_channel,satisfaction,complaint,settled,resolved\n" +
		"a.wav" + strings.Repeat(",王芳\x1b13800001111", 12) + "\n" + strings.Repeat("王芳13800001111,", 20) + "\n"
	root := tree(t, map[string]string{
		"a.wav": "x", "m.csv": content, "h.csv": "path,王芳,王芳,13800001111,13800001111,agent,agent\n",
		"a.wav.json": `{"started_at":"王芳13800001111","complaint":"王芳13800001111"}`,
		"m.jsonl":    `"13800001111 王芳"` + "\n13800001111\n" + `{"path":"a.wav","agent":["王芳"],"13800001111":[]}`,
	})
	_, problems := scan(t, source.Config{}, filepath.Join(root, "m.csv"), filepath.Join(root, "h.csv"), filepath.Join(root, "m.jsonl"))
	if len(problems) != 12+1+1+1+3 {
		t.Errorf("got %d problems: %v", len(problems), problems)
	}
	for _, p := range problems {
		if text := p.Err.Error(); strings.Contains(text, "1380000") || strings.Contains(text, "王") {
			t.Errorf("%s: %s", p.Path, text)
		}
	}
}
