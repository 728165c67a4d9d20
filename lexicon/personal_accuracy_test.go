package lexicon_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/zhijian-qa/zhijian/lexicon"
)

// labelledTurn is an utterance with what is personal in it: whose[i] is the label of rune i, "" for none.
type labelledTurn struct {
	role  string
	text  string
	spans []labelledSpan
}

// labelledSpan is a marked piece of an utterance; Start and End count runes.
type labelledSpan struct {
	kind       string
	start, end int
}

// tally counts what is personal, what of it was found, and what was found for nothing.
type tally struct{ labelled, found, right, wrong int }

func (c tally) recall() float64 { return share(c.found, c.labelled) }

func (c tally) precision() float64 { return share(c.right, c.right+c.wrong) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// TestPersonalAccuracy measures the recognisers on the labelled set. Lines of an even number are counted
// apart, as held out. The bounds are those that were asked for: numbers are recalled at 0.98 or better, and
// what is masked is personal at 0.95 or better.
func TestPersonalAccuracy(t *testing.T) {
	dialogues := readLabelled(t)
	if len(dialogues) < 250 {
		t.Fatalf("%d dialogues, want at least 250", len(dialogues))
	}
	for _, part := range []struct {
		name string
		of   func(i int) bool
	}{
		{"tuned", func(i int) bool { return i%2 == 0 }},
		{"held out", func(i int) bool { return i%2 == 1 }},
		{"all", func(int) bool { return true }},
	} {
		t.Run(part.name, func(t *testing.T) {
			counts := map[string]tally{}
			for i, turns := range dialogues {
				if part.of(i) {
					countPersonal(t, turns, counts)
				}
			}
			for _, kind := range []string{"phone", "identity", "card", "account", "name", "address", "numbers", "pooled"} {
				c := counts[kind]
				t.Logf("%-9s recall %.3f (%d/%d)  precision %.3f (%d/%d)", kind,
					c.recall(), c.found, c.labelled, c.precision(), c.right, c.right+c.wrong)
			}
			if got := counts["numbers"].recall(); got < 0.98 {
				t.Errorf("recall of numbers %.3f, want at least 0.98", got)
			}
			for _, kind := range []string{"numbers", "pooled"} {
				if got := counts[kind].precision(); got < 0.95 {
					t.Errorf("precision of %s %.3f, want at least 0.95", kind, got)
				}
			}
		})
	}
}

// countPersonal adds what was found in one dialogue. A labelled piece is found when all of it is; a found
// piece is right when at least half of it is labelled.
func countPersonal(t *testing.T, turns []labelledTurn, counts map[string]tally) {
	t.Helper()
	for at, found := range findByParty(turns) {
		turn := turns[at]
		covered := make([]bool, len([]rune(turn.text)))
		for _, p := range found {
			labelled := 0
			for i := p.Start; i < p.End; i++ {
				covered[i] = true
				if turn.labelAt(i) != "" {
					labelled++
				}
			}
			right := 2*labelled >= p.End-p.Start
			if !right {
				t.Logf("wrong %s: %q in %s", p.Kind, string([]rune(turn.text)[p.Start:p.End]), turn.text)
			}
			add(counts, labelOf(p.Kind), func(c *tally) {
				if right {
					c.right++
				} else {
					c.wrong++
				}
			})
		}
		for _, span := range turn.spans {
			whole := true
			for i := span.start; i < span.end; i++ {
				whole = whole && (covered[i] || !isLetter([]rune(turn.text)[i]))
			}
			if !whole {
				t.Logf("missed %s: %q in %s", span.kind, string([]rune(turn.text)[span.start:span.end]), turn.text)
			}
			add(counts, span.kind, func(c *tally) {
				c.labelled++
				if whole {
					c.found++
				}
			})
		}
	}
}

// add changes the counts of a kind and of the pools that it belongs to.
func add(counts map[string]tally, kind string, change func(*tally)) {
	keys := []string{kind, "pooled"}
	if kind != "name" && kind != "address" {
		keys = append(keys, "numbers")
	}
	for _, key := range keys {
		c := counts[key]
		change(&c)
		counts[key] = c
	}
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func labelOf(kind lexicon.PersonalKind) string {
	if kind == lexicon.PersonalBankCard {
		return "card"
	}
	return string(kind)
}

func findByParty(turns []labelledTurn) [][]lexicon.Personal {
	found := make([][]lexicon.Personal, len(turns))
	for _, role := range []string{"A", "C"} {
		var texts []string
		var at []int
		for i, turn := range turns {
			if turn.role == role {
				texts, at = append(texts, turn.text), append(at, i)
			}
		}
		for i, places := range lexicon.FindPersonalAll(texts) {
			found[at[i]] = places
		}
	}
	return found
}

func (l labelledTurn) labelAt(i int) string {
	for _, s := range l.spans {
		if i >= s.start && i < s.end {
			return s.kind
		}
	}
	return ""
}

func readLabelled(t *testing.T) [][]labelledTurn {
	t.Helper()
	data, err := os.ReadFile("testdata/personal.txt")
	if err != nil {
		t.Fatal(err)
	}
	var dialogues [][]labelledTurn
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var turns []labelledTurn
		for _, said := range strings.Split(line, " | ") {
			turns = append(turns, parseLabelled(said))
		}
		dialogues = append(dialogues, turns)
	}
	return dialogues
}

// parseLabelled reads "C:我姓[name:李]"; a line without a party is the customer's.
func parseLabelled(said string) labelledTurn {
	turn := labelledTurn{role: "C"}
	if role, rest, ok := strings.Cut(said, ":"); ok && (role == "A" || role == "C") {
		turn.role, said = role, rest
	}
	marks := regexp.MustCompile(`\[(phone|identity|card|account|name|address):([^\]]*)\]`)
	for {
		at := marks.FindStringSubmatchIndex(said)
		if at == nil {
			turn.text += said
			return turn
		}
		turn.text += said[:at[0]]
		start := len([]rune(turn.text))
		turn.text += said[at[4]:at[5]]
		turn.spans = append(turn.spans, labelledSpan{kind: said[at[2]:at[3]], start: start, end: len([]rune(turn.text))})
		said = said[at[1]:]
	}
}
