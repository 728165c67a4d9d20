package app_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
)

type tried struct {
	Text       string
	Normalised string
	Tokens     []string
	Matches    []struct {
		List, Term, Tier, Text string
		Start, End             int
	}
}

// try runs "lexicon try" on sentences and returns its lines.
func try(t *testing.T, in string, sentences ...string) []tried {
	t.Helper()
	b := setup(t, asJSON)
	if err := app.TryLexicon(t.Context(), b.Env, strings.NewReader(in), sentences); err != nil {
		t.Fatal(err)
	}
	var all []tried
	for line := range bytes.Lines(b.out.Bytes()) {
		var one tried
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, one)
	}
	return all
}

func TestLexiconTry(t *testing.T) {
	t.Parallel()
	in := "您好，工號４０３為您服務\n\n恨高性为您服务\r\n喂\x00\xff不行\n不归我们管"
	all := try(t, in, "这个没办法", "-")
	if len(all) != 6 {
		t.Fatalf("got %d lines, want 6: %+v", len(all), all)
	}
	for i, want := range []struct{ normalised, list, tier, text string }{
		{"这个没办法", "refusal", "exact", "没办法"},
		{"您好工号403为您服务", "self_intro", "exact", "您好，工號４０３"},
		{"", "", "", ""},
		{"恨高性为您服务", "offer_help", "homophone", "恨高性为您服务"},
		{"喂不行", "refusal", "exact", "不行"},
		{"不归我们管", "shirking", "exact", "不归我们管"},
	} {
		got := all[i]
		if got.Normalised != want.normalised || strings.Join(got.Tokens, "") != got.Text {
			t.Errorf("line %d: got %+v", i, got)
		}
		found := want.list == ""
		for _, m := range got.Matches {
			if string([]rune(got.Text)[m.Start:m.End]) != m.Text {
				t.Errorf("line %d: %q does not stand at %d–%d", i, m.Text, m.Start, m.End)
			}
			found = found || m.List == want.list && m.Tier == want.tier && m.Text == want.text
		}
		if !found {
			t.Errorf("line %d: %s is not among %+v", i, want.list, got.Matches)
		}
	}
	if !slices.Contains(all[0].Tokens, "没办法") && len(all[0].Tokens) < 2 {
		t.Errorf("got words %q", all[0].Tokens)
	}
}

// TestLexiconTryNamesBadBytes says where a sentence is no UTF-8, half a surrogate pair too, and goes on.
func TestLexiconTryNamesBadBytes(t *testing.T) {
	t.Parallel()
	for _, asJSON := range []bool{false, true} {
		b := setup(t, func(c *config.Config) { c.JSON = asJSON })
		in := strings.NewReader("您\xed\xa0\x80好\n不行\n")
		if err := app.TryLexicon(t.Context(), b.Env, in, []string{"好\xff", "-"}); err != nil {
			t.Fatal(err)
		}
		if got := b.err.String(); strings.Count(got, "UTF-8") != 2 || strings.Count(got, "3") < 2 {
			t.Errorf("got messages %q, want two with their places", got)
		}
		if !strings.Contains(b.out.String(), "不行") || !utf8.ValidString(b.out.String()) {
			t.Errorf("got %q", b.out)
		}
	}
}

func TestLexiconTryForPeople(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if err := app.TryLexicon(t.Context(), b.Env, strings.NewReader(""), []string{"您好，请稍等", "嗡"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nin hao ， qing shao deng", "请稍候", "exact", "没有匹配"} {
		if !strings.Contains(b.out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, b.out)
		}
	}
	wrong := setup(t, func(c *config.Config) { c.Lexicons = []string{"/no/such.yml"} })
	if err := app.TryLexicon(t.Context(), wrong.Env, strings.NewReader(""), []string{"您好"}); app.ExitCode(err) != 1 {
		t.Errorf("got %v for a list that is not there", err)
	}
}
