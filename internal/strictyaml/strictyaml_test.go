package strictyaml_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// read walks a small file as the loaders do.
func read(data string) (texts []string, number float64, faults *strictyaml.Faults) {
	faults = &strictyaml.Faults{}
	m := strictyaml.Parse("f.yaml", []byte(data), faults).Mapping("name", "terms", "points", "veto", "kind")
	m.Need("name").Text()
	texts = m.Get("terms").Texts()
	number = m.Get("points").Float()
	m.Get("veto").Bool()
	m.Get("kind").OneOf("must_say", "must_not_say")
	return texts, number, faults
}

func TestHint(t *testing.T) {
	t.Parallel()
	known := []string{"agent_talk_ratio", "silences", "longest_silence", "loudness_db", "terms", "tiers", "greeting.opening", "greeting.opening_late"}
	for word, want := range map[string]string{
		"talk_ratioo": "agent_talk_ratio", "talk_ratio": "agent_talk_ratio", "loudness": "loudness_db", "silence": "silences",
		"trems": "terms", "opening": "greeting.opening", "opning": "greeting.opening", "ratio_talk": "", "db": "loudness_db", "zz": "", "": "",
	} {
		if want != "" {
			want = `, did you mean "` + want + `"?`
		}
		if got := strictyaml.Hint(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestEmptyListsAreFaults(t *testing.T) {
	t.Parallel()
	var faults strictyaml.Faults
	m := strictyaml.Parse("f.yaml", []byte("a: []\nb: []\nc: [x]\nd: y\n"), &faults).Mapping("a", "b", "c", "d", "e")
	m.NeedSome("a")
	m.Some("b")
	m.Some("e")
	if m.NeedSome("c").Texts()[0] != "x" || m.Some("d").Text() != "y" {
		t.Error("got other values")
	}
	want := "f.yaml:1:4: \"a\" is an empty list: name at least one, or leave the key out\nf.yaml:2:4: \"b\" is an empty list: name at least one, or leave the key out"
	if got := faults.Err().Error(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFaultsNameTheirPlace(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, want string }{
		"unknown key":     {"name: a\ntrems: [x]\n", `f.yaml:2:1: unknown key "trems", did you mean "terms"?`},
		"strange key":     {"name: a\nzzzzzz: 1\n", `f.yaml:2:1: unknown key "zzzzzz"; known: name, terms, points, veto, kind`},
		"missing key":     {"terms: [x]\n", `f.yaml:1:6: "name" is missing`},
		"number":          {"name: a\nterms: [您好, 010]\n", "f.yaml:2:13: 010 is not text: put it in quotes"},
		"hexadecimal":     {"name: a\nterms: [0x10]\n", "f.yaml:2:9: 0x10 is not text: put it in quotes"},
		"boolean":         {"name: a\nterms:\n  - true\n", "f.yaml:3:5: true is not text: put it in quotes"},
		"null item":       {"name: a\nterms: [~]\n", "f.yaml:2:9: is empty, wants text"},
		"blank item":      {"name: a\nterms: ['']\n", "f.yaml:2:9: is empty"},
		"bracket":         {"name: a\nterms:\n  - [a|b]c\n", "f.yaml:3"},
		"text for number": {"name: a\npoints: five\n", "f.yaml:2:9: wants a number"},
		"text for bool":   {"name: a\nveto: 1\n", "f.yaml:2:7: wants true or false"},
		"unknown kind":    {"name: a\nkind: must_sya\n", `f.yaml:2:7: "must_sya" is unknown, did you mean "must_say"?; known: must_say, must_not_say`},
		"alias":           {"name: &a x\nterms: [*a]\n", "f.yaml:1:7: anchors, aliases and merge keys are not allowed here"},
		"two documents":   {"name: a\n---\nname: b\n", "f.yaml: has 2 documents, wants exactly one"},
		"empty":           {"", "f.yaml: has 0 documents"},
		"syntax":          {"name: [a\n", "f.yaml:1"},
		"GBK":             {"name: a\nterms: [\xd0\xd0]\n", "f.yaml:2:9: is not UTF-8"},
		"UTF-16":          {"\xff\xfen\x00a\x00", "f.yaml:1:1: is not UTF-8"},
		"NUL":             {"name: a\nterms: [行\x00]\n", "f.yaml:2:10: holds a NUL character"},
		"a list at top":   {"- a\n", "wants a mapping"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, faults := read(tc.data)
			if faults.Err() == nil || !strings.Contains(faults.Error(), tc.want) {
				t.Errorf("got %v, want %s", faults.Err(), tc.want)
			}
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, _, faults := read("terms: [1, 2]\npoints: x\nvet: true\nname: ok\n")
	if got := len(strings.Split(faults.Error(), "\n")); got != 4 {
		t.Errorf("got %d faults, want 4:\n%s", got, faults.Error())
	}
}

func TestGoodFile(t *testing.T) {
	t.Parallel()
	texts, number, faults := read("\ufeffname: a\r\nterms:\r\n  - 您好\r\n  - '010'\r\n  - |\r\n    a\r\npoints: 1.5\r\n")
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	if len(texts) != 3 || texts[1] != "010" || number != 1.5 {
		t.Errorf("got %q, %v", texts, number)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("name: a\nterms: [您好, 010, {a: b}]\n")
	f.Add("name: &a [*a]\n")
	f.Fuzz(func(_ *testing.T, data string) { read(data) })
}
