package lexicon

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// codeRevision changes whenever matching itself does, so that stored results are known to be old.
const codeRevision = "7"

// Config says what Load reads. The zero value is good: the built-in lists alone.
type Config struct {
	// CacheDir is the folder in which the segmentation dictionaries are unpacked. Defaults to the
	// user's cache folder.
	CacheDir string
	// Paths are files and folders of word lists beside the built-in ones.
	Paths []string
	// Segmenter is used instead of a new one, and is not closed by Set.Close.
	Segmenter *Segmenter
}

// Set is word lists made ready for search. It does not change and many goroutines may use it.
type Set struct {
	lists     []*list
	byName    map[string]*list
	index     *index
	segmenter *Segmenter
	ownsIt    bool
	revision  string

	rivals       rivals
	segmentation string    // revision of what Segment makes
	workspaces   sync.Pool // of *workspace
	scratches    sync.Pool // of *scratch
}

// Match is a place where a term was found.
type Match struct {
	List     string
	Term     string // as the list has it, with its alternatives chosen
	Tier     Tier
	Text     string // what stands there
	Start    int    // rune offsets in the text as given, half-open
	End      int
	Distance int // characters that are not those of the term
	Length   int // characters of the term, slots not counted

	Conditional bool // what stands beside it could have made it harmless
}

// Load reads the built-in lists and those that cfg names, and prepares them for search. All faults in
// the files come back in one error, each with its place.
func Load(cfg Config) (*Set, error) {
	files, err := sources(cfg.Paths)
	if err != nil {
		return nil, err
	}
	return newSet(files, cfg)
}

// newSet prepares the lists of files.
func newSet(files []source, cfg Config) (*Set, error) {
	lists, err := parseLists(files)
	if err != nil {
		return nil, err
	}
	set := &Set{lists: lists, byName: map[string]*list{}, segmenter: cfg.Segmenter, revision: revisionOf(files), segmentation: segmentationRevision()}
	if set.segmenter == nil {
		if set.segmenter, err = NewSegmenter(cfg.CacheDir); err != nil {
			return nil, err
		}
		set.ownsIt = true
	}
	for i, l := range lists {
		l.prepare(i)
		set.byName[l.name] = l
	}
	for i, name := range slices.Sorted(maps.Keys(set.byName)) {
		set.byName[name].alphabetic = i
	}
	set.index, set.rivals = newIndex(lists), newRivals(lists)
	return set, nil
}

func revisionOf(files []source) string {
	hash := sha256.New()
	fmt.Fprintf(hash, "%s %s\n", codeRevision, DictionaryRevision())
	for _, file := range files {
		fmt.Fprintf(hash, "%x\n", sha256.Sum256(file.data))
	}
	return hex.EncodeToString(hash.Sum(nil))[:12]
}

// Revision names the content of the lists, the dictionaries and the way of matching.
func (s *Set) Revision() string { return s.revision }

// Close frees what Load made. It may be called more than once.
func (s *Set) Close() {
	if s.ownsIt {
		s.segmenter.Close()
	}
}

// Segmenter returns the segmenter of s, so that another Set can share it.
func (s *Set) Segmenter() *Segmenter { return s.segmenter }

// Names returns the names of the lists in the order in which they were read.
func (s *Set) Names() []string {
	names := make([]string, len(s.lists))
	for i, l := range s.lists {
		names[i] = l.name
	}
	return names
}

// Has reports whether there is a list of that name.
func (s *Set) Has(name string) bool { return s.byName[name] != nil }

// Title returns what the list of that name is called in Chinese and in English.
func (s *Set) Title(name string) (zh, en string) {
	if l := s.byName[name]; l != nil {
		return l.zh, l.en
	}
	return "", ""
}

// Find returns every place of text where a term of any list stands, by place. Where terms of one list
// overlap, the one that fits best stands for all.
func (s *Set) Find(text string) []Match {
	return s.find(s.index, []Match{}, text, nil)
}

// FindOf is Find for the terms of one list.
func (s *Set) FindOf(name, text string) []Match {
	l := s.byName[name]
	if l == nil {
		return nil
	}
	return s.find(l.alone(), []Match{}, text, nil)
}

// AppendFound appends what Find returns to found. ends has an entry for each rune offset of text, whether a word ends
// there, or is nil when that is not known.
func (s *Set) AppendFound(found []Match, text string, ends []bool) []Match {
	return s.find(s.index, found, text, ends)
}

// find appends where the terms of an index stand. Where words end is worked out when ends don't say it.
func (s *Set) find(terms *index, matches []Match, text string, ends []bool) []Match {
	w, used := s.workspaces.Get().(*workspace)
	if !used {
		w = &workspace{}
	}
	cut := w.cut(text)
	words := boundaries{segmenter: s.segmenter, text: w.runes}
	if len(ends) == len(w.runes)+1 {
		words = boundaries{text: w.runes, ends: ends}
	}
	w.fits = w.fits[:0]
	terms.candidates(cut, &w.said, func(p *posting, start, length int) {
		if f, ok := verify(cut, &w.said, p, start, length); ok {
			w.fits = append(w.fits, f)
		}
	})
	kept := w.best(func(f *fit) bool { return f.keepsWhole(cut, &words) && !f.excepted(cut) })
	matches = slices.Grow(matches, len(kept))
	for _, at := range kept {
		matches = append(matches, w.fits[at].match(cut, w.quote))
	}
	w.text = ""
	s.workspaces.Put(w)
	return matches
}

// keepsWhole reports whether f cuts no word apart that it may not. Only clauses with such fits are segmented.
func (f *fit) keepsWhole(cut []unit, words *boundaries) bool {
	return !f.variant.whole || words.at(cut[f.start].at) && words.at(cut[f.end-1].end)
}

// workspace is memory that searches use one after another.
type workspace struct {
	text   string
	runes  []rune
	bytes  []int32 // where in text each rune begins, and where it ends
	units  []unit
	folded []unit
	said   said
	fits   []fit
	order  []ordered
	kept   []int32 // places among the fits
	marks  []bool  // all false between searches
}

// cut makes w about text and returns its units.
func (w *workspace) cut(text string) []unit {
	w.text, w.runes, w.bytes = text, w.runes[:0], w.bytes[:0]
	for at, r := range text {
		w.runes, w.bytes = append(w.runes, r), append(w.bytes, int32(at))
	}
	w.bytes = append(w.bytes, int32(len(text)))
	w.units = appendUnits(w.units[:0], w.runes)
	cut := w.units
	if anyFolds(cut) {
		w.folded = appendFolded(w.folded[:0], cut)
		cut = w.folded
	}
	w.said.about(cut)
	if len(w.marks) < len(cut) {
		w.marks = make([]bool, len(cut))
	}
	return cut
}

// quote returns the runes [start, end) of the text, what is no UTF-8 replaced.
func (w *workspace) quote(start, end int) string {
	if quote := w.text[w.bytes[start]:w.bytes[end]]; utf8.ValidString(quote) {
		return quote
	}
	return string(w.runes[start:end])
}

// ordered is the place of a fit among the others.
type ordered struct {
	rank  uint64
	start int32
	fit   int32
}

// best keeps of the overlapping fits of one list the best that counts, and returns what is kept by place. What is
// overlapped is not asked whether it counts.
func (w *workspace) best(counts func(*fit) bool) []int32 {
	w.order, w.kept = w.order[:0], w.kept[:0]
	for i := range w.fits {
		f := &w.fits[i]
		w.order = append(w.order, ordered{f.ranked(), int32(f.start), int32(i)})
	}
	slices.SortFunc(w.order, func(a, b ordered) int {
		switch {
		case a.rank != b.rank:
			return cmp.Compare(a.rank, b.rank)
		case a.start != b.start:
			return cmp.Compare(a.start, b.start)
		}
		v, other := w.fits[a.fit].variant, w.fits[b.fit].variant
		return cmp.Or(strings.Compare(v.text, other.text), cmp.Compare(v.place, other.place), cmp.Compare(a.fit, b.fit))
	})
	for from := 0; from < len(w.order); {
		first := len(w.kept)
		list := w.fits[w.order[from].fit].variant.list
		for ; from < len(w.order) && w.fits[w.order[from].fit].variant.list == list; from++ {
			at := w.order[from].fit
			if f := &w.fits[at]; !slices.Contains(w.marks[f.start:f.end], true) && counts(f) {
				f.mark(w.marks, true)
				w.kept = append(w.kept, at)
			}
		}
		for _, at := range w.kept[first:] {
			w.fits[at].mark(w.marks, false)
		}
	}
	slices.SortFunc(w.kept, func(a, b int32) int {
		f, g := &w.fits[a], &w.fits[b]
		if f.start != g.start {
			return cmp.Compare(f.start, g.start)
		}
		return cmp.Compare(f.variant.list.alphabetic, g.variant.list.alphabetic)
	})
	return w.kept
}

// ranked orders fits by list, and in it the best first: by tier, length and distance, none of which is above 2^16.
func (f *fit) ranked() uint64 {
	const most = 1<<16 - 1
	return uint64(f.variant.list.order)<<48 | uint64(f.tier)<<32 | uint64(most-(f.end-f.start))<<16 | uint64(f.distance)
}

func (f *fit) mark(taken []bool, as bool) {
	for i := f.start; i < f.end; i++ {
		taken[i] = as
	}
}

func (f *fit) match(cut []unit, quote func(start, end int) string) Match {
	start, end := cut[f.start].at, cut[f.end-1].end
	return Match{
		List: f.variant.list.name, Term: f.variant.text, Tier: Tier(tierNames[f.tier]), Text: quote(start, end),
		Start: start, End: end, Distance: f.distance, Length: f.variant.literals,
		Conditional: f.variant.conditional(),
	}
}
