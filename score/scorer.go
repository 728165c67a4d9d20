package score

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// codeRevision changes whenever judging itself does, so that stored results are known to be old.
const codeRevision = "13"

// Config adjusts a Scorer. The zero value is good.
type Config struct {
	// PassMark overrides the scorecard's own when it is above 0: the share of the potential, up to 1.
	PassMark float64
	// Limits are the thresholds of the measures.
	Limits Limits
}

// Scorer judges calls by one scorecard. Many goroutines may use it.
type Scorer struct {
	lexicon  *lexicon.Set
	senses   *sense.Model
	judges   map[string]func(*rule, *trial) judgement
	card     *Scorecard
	passMark float64
	limits   Limits
	revision string
	room     sync.Pool // of *[]hit, for one call after the other
}

// New joins a scorecard with the lists that it names. All lists that are not there come back in one error.
func New(lex *lexicon.Set, card *Scorecard, cfg Config) (*Scorer, error) {
	if cfg.PassMark < 0 || cfg.PassMark > 1 {
		return nil, fmt.Errorf("pass mark %v is not from 0 to 1: %w", cfg.PassMark, call.ErrInvalid)
	}
	if err := cfg.Limits.check(); err != nil {
		return nil, err
	}
	var faults strictyaml.Faults
	if card.checkLists(lex.Names(), &faults); faults.Len() > 0 {
		return nil, &faults
	}
	senses, err := sense.Builtin()
	if err != nil {
		return nil, err
	}
	s := &Scorer{lexicon: lex, senses: senses, judges: judges(), card: card, passMark: card.passMark, limits: cfg.Limits.withDefaults()}
	if cfg.PassMark > 0 {
		s.passMark = cfg.PassMark
	}
	hash := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %v %+v", codeRevision, card.hash, lex.Revision(), senses.Revision(), s.passMark, s.limits))
	s.revision = hex.EncodeToString(hash[:])[:12]
	return s, nil
}

// checkLists records a fault for each list that a rule names and that is not there.
func (c *Scorecard) checkLists(known []string, faults *strictyaml.Faults) {
	for _, r := range c.rules {
		for _, name := range r.namesLists() {
			if !slices.Contains(known, name) {
				faults.Add(r.node.NewFault("rule %s names the list %q, which is not there%s", r.id, name, strictyaml.Hint(name, known)))
			}
		}
	}
}

// Revision names all that a result depends on but the transcript and the metadata: scorecard, lists,
// dictionaries, settings and code.
func (s *Scorer) Revision() string { return s.revision }

// Scorecard returns the scorecard that s judges by.
func (s *Scorer) Scorecard() *Scorecard { return s.card }

// Segment returns tr with how its texts fall into words, which scoring it again then need not work out.
func (s *Scorer) Segment(tr call.Transcript) call.Transcript {
	tr.Segmentation = s.lexicon.Segment(tr)
	return tr
}

// Score measures and judges one call. The arrays of the record are never nil, but for withheld measures.
func (s *Scorer) Score(rec call.Recording, health []call.ChannelHealth, tr call.Transcript) Record {
	v := s.newView(rec, health, tr)
	defer v.release(s)
	return Record{
		Recording:  rec,
		Health:     filled(v.health),
		Transcript: complete(tr),
		Measures:   v.measures,
		Score:      s.judge(v),
	}
}

func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func complete(tr call.Transcript) call.Transcript {
	tr.Utterances, tr.Removed = filled(tr.Utterances), filled(tr.Removed)
	if tr.Speech == nil {
		tr.Speech = map[call.Role][]call.Span{}
	}
	return tr
}
