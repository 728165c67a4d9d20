package source_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
)

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
		{"a telephone number alone", "20261121-093000_13800001111.wav", "", nil, call.Metadata{Customer: "13800001111", StartedAt: at}},
		{"a telephone number first", "13800001111_2026-11-21_09-30-00.wav", "", nil, call.Metadata{Customer: "13800001111", StartedAt: at}},
		{"an area code", "20261121-093000_0571-87654321.wav", "", nil, call.Metadata{Customer: "0571-87654321", StartedAt: at}},
		{"an area code first", "0571-87654321_2026-11-21_09-30-00.wav", "", nil, call.Metadata{Customer: "0571-87654321", StartedAt: at}},
		{"an area code after the agent", "20261121-093000_1024_0571-87654321.wav", "", nil, call.Metadata{Agent: "1024", Customer: "0571-87654321", StartedAt: at}},
		{"a country code", "20261121-093000_+86-13800001111.wav", "", nil, call.Metadata{Customer: "+86-13800001111", StartedAt: at}},
		{"a country code without a sign", "20261121-093000-86-13800001111.wav", "", nil, call.Metadata{Customer: "86-13800001111", StartedAt: at}},
		{"a number in groups", "20261121-093000_138-0000-1111.wav", "", nil, call.Metadata{}},
		{"a number in groups first", "138-0000-1111_2026-11-21_09-30-00.wav", "", nil, call.Metadata{}},
		{"more digits than any number has", "20261121-093000_138000011112222.wav", "", nil, call.Metadata{}},
		{"a longer number before the time", "120261121-093000_1024.wav", "", nil, call.Metadata{}},
		{"a customer after the agent that is too long", "20261121-093000_1024_138000011112222.wav", "", nil, call.Metadata{Agent: "1024", StartedAt: at}},
		{"a part's number", "20261121-093000-1024-2.wav", "", nil, call.Metadata{Agent: "1024", StartedAt: at}},
		{"words around", "rec-1024_2026-11-21_09-30-00-in (2).wav", "", nil, call.Metadata{Agent: "1024", StartedAt: at}},
		{
			"a pattern of one's own that cuts a number", "13800001111/x.wav", "", []string{`(?P<agent>\d{4})/`}, call.Metadata{},
		},
		{
			"fields of fixed width", "102413800001111.wav", "",
			[]string{`(?P<agent>\d{4})(?P<customer>\d{11})\.`},
			call.Metadata{Agent: "1024", Customer: "13800001111"},
		},
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

func TestBadPatternsAreRefused(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{"(": "missing closing", `(?P<colour>x)`: "colour is not a column", `\d+`: "no named group"} {
		_, _, err := source.Scan(t.Context(), nil, source.Config{Patterns: []string{pattern}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("pattern %s: got %v, want …%s…", pattern, err, want)
		}
	}
}
