package score

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

//go:embed cards/*.yaml
var builtInCards embed.FS

// Scorecard is a list of rules with their points, as QA staff write it.
type Scorecard struct {
	name     string
	zh, en   string
	hash     string
	passMark float64 // share of the potential from which a call passes
	// leastJudged is the share of the points of the rules that apply which must have been judged for a verdict.
	leastJudged float64
	minTalk     call.Millis // with less talk only what was said can be judged, not what was missing
	sections    []section
	rules       []*rule
	lower       float64  // bounds of the points of a call
	upper       *float64 // nil for none
	reading     []string // the files that are being read, outermost first
	partial     bool     // a scorecard to include could not be read, so rules may be missing
}

type section struct {
	id, zh, en string
	weight     float64
}

// rule is one line of a scorecard.
type rule struct {
	id       string
	zh, en   string
	section  string
	kind     string
	severity Severity
	veto     bool
	anyone   bool // in a mono recording the words of either party prove it
	points   float64
	coaching text
	role     call.Role
	where    where
	when     []condition // one of them must hold, when there are any
	unless   []condition // none of them may
	say      say
	measure  measureSpec

	flow       flow
	readBack   []string // kinds of what must be repeated
	repetition repetition
	expression expression

	replace  bool // takes the place of an included rule
	examples []example
	node     strictyaml.Node // for faults that only show with the lists at hand
}

// text is a sentence in both languages.
type text struct{ zh, en string }

// say is what must_say and must_not_say ask for.
type say struct {
	lists   []string
	maybe   []string // lists of what may come to the same: a person decides when nothing else was said
	atLeast int      // hits that must_say wants
	all     bool     // must_say wants a hit of each list

	staffNumber bool // a number said in them must be the agent's
	restates    bool // taking up what the other party said does for must_say, too

	literal bool // phrases alone count, not what else comes to the same, nor how they were meant

	perHit float64 // points that each hit of must_not_say costs
	most   float64 // points that all of them cost at most

	atMost     int     // hits that must_not_say lets pass
	perHundred float64 // the same for each hundred characters
	clearedBy  clearing
}

// measureSpec is what a measure rule asks for.
type measureSpec struct {
	name    string
	minTalk call.Millis // below it the rule does not apply
	limit   call.Millis // for silence: shorter ones don't count
	bands   []band
}

// band is a range of a figure and the share of the points that it earns.
type band struct {
	from, upTo *float64
	share      float64
	outcome    Outcome
}

// example is a short call and what must come of it.
type example struct {
	expect Outcome
	script string
	line   int
}

// Names of the built-in scorecards, for messages.
func builtInNames() []string {
	files, err := fs.Glob(builtInCards, "cards/*.yaml")
	if err != nil {
		return nil
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(filepath.Base(file), ".yaml")
	}
	return names
}

// LoadScorecard reads a built-in scorecard by its name, or a YAML file by its path. All faults come back
// in one error, each with its place.
func LoadScorecard(name string) (*Scorecard, error) { return CheckScorecard(name, nil) }

// CheckScorecard is LoadScorecard that also finds fault with lists that rules name and that are not among lists,
// unless lists is nil.
func CheckScorecard(name string, lists []string) (*Scorecard, error) {
	card, faults, err := loadScorecard(name, nil)
	if err != nil {
		return nil, err
	}
	card.weigh()
	if lists != nil {
		card.checkLists(lists, faults)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return card, nil
}

// loadScorecard reads a scorecard inside of others, which it must not include again. It returns what could be
// read, and its faults beside it; err is for a file that cannot be had at all.
func loadScorecard(name string, within []string) (card *Scorecard, faults *strictyaml.Faults, err error) {
	if slices.Contains(builtInNames(), name) {
		data, err := builtInCards.ReadFile("cards/" + name + ".yaml")
		if err != nil {
			return nil, nil, fmt.Errorf("read scorecard %s: %w", name, err)
		}
		card, faults = parseScorecard("built-in/"+name+".yaml", data, append(within, name))
		return card, faults, nil
	}
	if !strings.ContainsAny(name, `./\`) {
		return nil, nil, fmt.Errorf("there is no built-in scorecard %q: %w; known: %s; or name a .yaml file",
			name, call.ErrNotFound, strings.Join(builtInNames(), ", "))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, fmt.Errorf("read scorecard: %w", err)
	}
	card, faults = parseScorecard(name, data, append(within, name))
	return card, faults, nil
}

func parseScorecard(file string, data []byte, reading []string) (*Scorecard, *strictyaml.Faults) {
	var faults strictyaml.Faults
	card := &Scorecard{hash: hashOf(data), reading: reading}
	if root := strictyaml.Parse(file, data, &faults); !root.Missing() {
		card.read(root)
	}
	return card, &faults
}

func hashOf(data []byte) string {
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:])[:12]
}

// Name returns the name of the scorecard.
func (c *Scorecard) Name() string { return c.name }

// Title returns the scorecard's title in Chinese and in English.
func (c *Scorecard) Title() (zh, en string) { return c.zh, c.en }

// Hash names the content of the scorecard.
func (c *Scorecard) Hash() string { return c.hash }

// PassMark returns the share of the potential from which a call passes.
func (c *Scorecard) PassMark() float64 { return c.passMark }

// Rules returns the IDs of the rules in order.
func (c *Scorecard) Rules() []string {
	ids := make([]string, len(c.rules))
	for i, r := range c.rules {
		ids[i] = r.id
	}
	return ids
}

// RuleName returns the names of a rule in Chinese and English, empty ones when the scorecard has no such rule.
func (c *Scorecard) RuleName(id string) (zh, en string) {
	for _, r := range c.rules {
		if r.id == id {
			return r.zh, r.en
		}
	}
	return "", ""
}

// usedSections are the sections that rules belong to.
func (c *Scorecard) usedSections() []Section {
	var used []Section
	for _, s := range c.sections {
		if slices.ContainsFunc(c.rules, func(r *rule) bool { return r.section == s.id }) {
			used = append(used, Section{ID: s.id, Name: s.zh, NameEN: s.en})
		}
	}
	return used
}

// Severities returns how grave it is to break each rule.
func (c *Scorecard) Severities() map[string]Severity {
	severities := make(map[string]Severity, len(c.rules))
	for _, r := range c.rules {
		severities[r.id] = r.severity
	}
	return severities
}
