package lexicon

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

//go:embed lists/*.yaml
var builtIn embed.FS

// extensions are those of word lists in a folder.
var extensions = []string{".yaml", ".yml"}

const maxVariantsInAll = 200_000

// source is one file of word lists.
type source struct {
	name string
	data []byte
}

// sources returns the built-in files and then those that paths name; a folder stands for the .yaml
// and .yml files in it.
func sources(paths []string) ([]source, error) {
	var all []source
	err := fs.WalkDir(builtIn, "lists", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := builtIn.ReadFile(path)
		all = append(all, source{name: "built-in/" + filepath.Base(path), data: data})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read built-in lists: %w", err)
	}
	for _, path := range paths {
		files, err := yamlFiles(path)
		if err != nil {
			return nil, fmt.Errorf("read word lists: %w", err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("read word lists: %w", err)
			}
			all = append(all, source{name: file, data: data})
		}
	}
	return all, nil
}

// Check reads the built-in lists and those that paths name, without preparing them for search, and
// returns all that is wrong with them.
func Check(paths []string) error {
	files, err := sources(paths)
	if err != nil {
		return err
	}
	_, err = parseLists(files)
	return err
}

func yamlFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	files, err := filepath.Glob(filepath.Join(path, "*.y*ml"))
	files = slices.DeleteFunc(files, func(file string) bool { return !slices.Contains(extensions, filepath.Ext(file)) })
	slices.Sort(files)
	return files, err
}

// loader reads lists and collects what is wrong with them.
type loader struct {
	faults  strictyaml.Faults
	lists   []*list
	count   int
	partial bool // not all files could be read
}

// parseLists reads the lists of all files. All their faults come back in one error.
func parseLists(files []source) ([]*list, error) {
	l := readLists(files)
	return l.lists, l.faults.Err()
}

func readLists(files []source) *loader {
	var l loader
	for _, file := range files {
		root := strictyaml.Parse(file.name, file.data, &l.faults)
		if root.Missing() {
			l.partial = true
			continue
		}
		top := root.Mapping("lists")
		for _, node := range top.Need("lists").List() {
			l.list(node)
		}
	}
	return &l
}

// NamesIn returns the names of the built-in lists and of those in paths, whatever else is wrong with them. It is
// nil when a file cannot be read, so that nobody knows.
func NamesIn(paths []string) []string {
	files, err := sources(paths)
	if err != nil {
		return nil
	}
	l := readLists(files)
	if l.partial {
		return nil
	}
	return l.names()
}

// list reads one list. A list whose name is known already must say extend or replace.
func (l *loader) list(node strictyaml.Node) {
	m := node.Mapping("name", "zh", "en", "tiers", "short", "edit_from", "whole_words",
		"extend", "replace", "not_inside", "not_before", "not_after", "not_negated", "not_in_question", "not_conditional", "not_reported", "not_softened", "not_inquiring", "terms")
	name := m.Need("name").Text()
	if strings.ContainsFunc(name, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		m.Get("name").Fault("%q is no list name: use a to z, 0 to 9 and _", name)
	}
	at := slices.IndexFunc(l.lists, func(known *list) bool { return known.name == name })
	extend, replace := m.Get("extend").Bool(), m.Get("replace").Bool()
	switch {
	case at < 0 && (extend || replace):
		m.Get("name").Fault("there is no list %q to extend or replace%s", name, strictyaml.Hint(name, l.names()))
		return
	case at < 0:
		l.lists = append(l.lists, &list{name: name})
		at = len(l.lists) - 1
	case replace:
		l.lists[at] = &list{name: name, zh: l.lists[at].zh, en: l.lists[at].en}
	case !extend:
		m.Get("name").Fault("there is a list %q already: say `extend: true` or `replace: true`", name)
		return
	}
	l.settings(l.lists[at], m, extend)
	l.terms(l.lists[at], m)
}

func (l *loader) names() []string {
	names := make([]string, len(l.lists))
	for i, known := range l.lists {
		names[i] = known.name
	}
	return names
}

// settings reads how a list is matched. A list that extends another keeps what it doesn't say.
func (l *loader) settings(to *list, m strictyaml.Mapping, extend bool) {
	if m.Has("zh") {
		to.zh = m.Get("zh").Text()
	}
	if m.Has("en") {
		to.en = m.Get("en").Text()
	}
	if !extend {
		to.tiers = []Tier{TierExact, TierHomophone, TierNearHomophone}
		to.short, to.editFrom, to.wholeWords = []Tier{TierExact}, defaultEditFrom, wholeAuto
	}
	if m.Has("tiers") {
		to.tiers = readTiers(m.Some("tiers"))
	}
	if m.Has("short") {
		to.short = readTiers(m.Some("short"))
	}
	if node := m.Get("edit_from"); m.Has("edit_from") {
		if to.editFrom = node.Int(); to.editFrom < defaultEditFrom {
			node.Fault("one edit needs terms of at least %d characters", defaultEditFrom)
		}
	}
	if m.Has("whole_words") {
		to.wholeWords = wholeWords(m.Get("whole_words").OneOf(string(wholeAuto), string(wholeAlways), string(wholeNever)))
	}
}

func readTiers(node strictyaml.Node) []Tier {
	var tiers []Tier
	for _, item := range node.List() {
		tiers = append(tiers, Tier(item.OneOf(tierNames...)))
	}
	return tiers
}

func (l *loader) terms(to *list, m strictyaml.Mapping) {
	common := termOptions{exceptions: readExceptions(m)}
	for _, node := range m.NeedSome("terms").List() {
		if !node.IsMapping() {
			l.term(to, node, common)
			continue
		}
		tm := node.Mapping("term", "terms", "tiers", "not_inside", "not_before", "not_after", "not_negated", "not_in_question", "not_conditional", "not_reported", "not_softened", "not_inquiring")
		own := readExceptions(tm)
		options := termOptions{tiers: readTiers(tm.Some("tiers")), exceptions: exceptions{
			notInside:      slices.Concat(common.notInside, own.notInside),
			notBefore:      slices.Concat(common.notBefore, own.notBefore),
			notAfter:       slices.Concat(common.notAfter, own.notAfter),
			notNegated:     common.notNegated || own.notNegated,
			notInQuestion:  common.notInQuestion || own.notInQuestion,
			notConditional: common.notConditional || own.notConditional,
			notReported:    common.notReported || own.notReported,
			notSoftened:    common.notSoftened || own.notSoftened,
			notInquiring:   common.notInquiring || own.notInquiring,
		}}
		if tm.Has("terms") == tm.Has("term") {
			tm.Fault("wants either \"term\" or \"terms\"")
			continue
		}
		if tm.Has("term") {
			l.term(to, tm.Get("term"), options)
		}
		for _, item := range tm.Some("terms").List() {
			l.term(to, item, options)
		}
	}
}

func (l *loader) term(to *list, node strictyaml.Node, options termOptions) {
	text := node.Text()
	if text == "" {
		return
	}
	texts, err := expand(text)
	if err != nil {
		node.Fault("%s", err.Error())
		return
	}
	for _, variantText := range texts {
		if l.count++; l.count > maxVariantsInAll {
			if l.count == maxVariantsInAll+1 {
				node.Fault("more than %d phrases in all lists", maxVariantsInAll)
			}
			return
		}
		variants, err := newVariants(to, variantText, options)
		if err != nil {
			node.Fault("%s", err.Error())
			return
		}
		to.variants = append(to.variants, variants...)
	}
}

func readExceptions(m strictyaml.Mapping) exceptions {
	return exceptions{
		notInside:      readPhrases(m.Get("not_inside")),
		notBefore:      readPhrases(m.Get("not_before")),
		notAfter:       readPhrases(m.Get("not_after")),
		notNegated:     m.Get("not_negated").Bool(),
		notInQuestion:  m.Get("not_in_question").Bool(),
		notConditional: m.Get("not_conditional").Bool(),
		notReported:    m.Get("not_reported").Bool(),
		notSoftened:    m.Get("not_softened").Bool(),
		notInquiring:   m.Get("not_inquiring").Bool(),
	}
}

func readPhrases(node strictyaml.Node) []saying {
	var phrases []saying
	for _, text := range node.Texts() {
		variants, err := expand(text)
		if err != nil {
			node.Fault("%s", err.Error())
			continue
		}
		for _, v := range variants {
			var phrase saying
			for _, u := range units([]rune(v)) {
				phrase = append(phrase, element{r: u.r, voice: u.voice})
			}
			if len(phrase) == 0 {
				node.Fault("%q holds nothing that can be spoken", text)
				continue
			}
			phrases = append(phrases, phrase)
		}
	}
	return phrases
}
