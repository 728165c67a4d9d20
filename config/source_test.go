package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/config"
)

func TestSources(t *testing.T) {
	t.Parallel()
	want := []config.Source{
		{Name: "录音", URL: "file:///srv/录音", When: "settled", Settle: 30 * time.Second},
		{
			Name: "pbx", URL: "s3://calls?endpoint=http://m:9000&prefix=in/", Credentials: "/etc/keys", Pattern: []string{"**/*.wav", "b*"},
			When: "manifest", Settle: 0, Manifest: "*.csv", MoveDone: "done/", MoveFailed: "failed", Urgent: true,
		},
	}
	c, err := load(t, `sources:
  - file:///srv/录音
  - name: pbx
    url: s3://calls?endpoint=http://m:9000&prefix=in/
    credentials: /etc/keys
    pattern: ['**/*.wav', 'b*']
    when: manifest
    manifest: '*.csv'
    settle: 0s
    move_done: done/
    move_failed: failed
    urgent: true
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, c.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	c, err = load(t, "", map[string]string{"ZHIJIAN_SOURCES": "file:///srv/录音\ns3://calls?region=cn-north-1"})
	if err != nil || len(c.Sources) != 2 || c.Sources[1].Name != "calls" || c.Sources[1].Settle != 30*time.Second {
		t.Errorf("got %+v, %v", c.Sources, err)
	}
}

func TestFaultsOfSourcesHavePlaces(t *testing.T) {
	t.Parallel()
	_, err := load(t, `sources:
  - /srv/rec
  - url: s3://key:geheim@calls
    colour: red
    settle: soon
    when: maybe
    pattern: '[a'
    move_done: ../x
  - name: uploads
    url: file:///srv/a
  - name: a b
    url: file:///srv/b
    when: manifest
    move_done: done
    move_failed: done/
  - file:///x/same
  - file:///y/same
  - name: nowhere
  - 7
`, nil)
	got := ""
	if err != nil {
		got = err.Error()
	}
	for _, want := range []string{
		":2:5: url: it is no URL such as", ":3:10: url: a URL of recordings holds no user", `:4:5: unknown key "colour"`,
		`:5:13: settle: "soon" is not a length`, `:6:11: "maybe" is unknown`, `:7:14: pattern: "[a" is no pattern`, `:8:16: move_done: "../x" is no prefix`,
		":9:11: name: uploads is the source of what is uploaded", `:11:11: name: "a b" cannot name a source`, ":13:11: when: recordings wait for a manifest",
		":15:18: move_failed: it is the same place", ":17:5: two sources are called same", `"url" is missing`, ":19:5: 7 is not text",
	} {
		if !contains(got, want) {
			t.Errorf("%s is not named in:\n%s", want, got)
		}
	}
	if contains(got, "geheim") {
		t.Error("a password is shown")
	}
	for _, lines := range []string{"file:///a/x\nfile:///b/x", "s3://", "file:///srv/uploads"} {
		if _, err := load(t, "", map[string]string{"ZHIJIAN_SOURCES": lines}); err == nil {
			t.Errorf("%q is taken", lines)
		}
	}
}

func contains(text, part string) bool { return strings.Contains(text, part) }
