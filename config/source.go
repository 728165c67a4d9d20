package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/zhijian-qa/zhijian/internal/bucketurl"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// Source is a place that recordings are taken from by serve and worker. In the environment it is its URL alone.
type Source struct {
	Name        string        // made from the URL when it is not given
	URL         string        // file:///folder or s3://bucket?endpoint=…&region=…&prefix=…
	Credentials string        // file with access keys, empty for the environment's
	Pattern     []string      // globs of names
	When        string        // sign of a complete recording: settled, done, manifest or sidecar
	Settle      time.Duration // how long size and time must not have changed
	Manifest    string        // glob of manifests in the bucket
	MoveDone    string        // prefix that scored recordings are moved to, empty to leave them
	MoveFailed  string        // prefix for those that could not be scored
	Urgent      bool          // its recordings pass all others
}

// The signs of a complete recording, and how long one must not have changed.
var signs = []string{"settled", "done", "manifest", "sidecar"}

const (
	defaultSettle = 30 * time.Second
	longestSettle = 24 * time.Hour
	reservedName  = "uploads" // the source of what is uploaded
)

func newSource(url string) Source { return Source{URL: url, When: signs[0], Settle: defaultSettle} }

// sources reads a list of sources, each a URL or a mapping.
func readSources(node strictyaml.Node) []Source {
	var list []Source
	items := node.List()
	for _, item := range items {
		if !item.IsMapping() {
			s := newSource(item.Text())
			s.checkURL(item)
			list = append(list, s)
			continue
		}
		list = append(list, readSource(item))
	}
	names := map[string]bool{}
	for i, s := range list {
		if names[s.Name] && s.Name != "" {
			items[i].Fault("two sources are called %s: give each a name", s.Name)
		}
		names[s.Name] = true
	}
	return list
}

func readSource(node strictyaml.Node) Source {
	m := node.Mapping("name", "url", "credentials", "pattern", "when", "settle", "manifest", "move_done", "move_failed", "urgent")
	url := m.Need("url")
	s := newSource(url.Text())
	text := func(key string, field *string) {
		if m.Has(key) {
			*field = m.Get(key).Text()
		}
	}
	text("name", &s.Name)
	text("credentials", &s.Credentials)
	text("manifest", &s.Manifest)
	text("move_done", &s.MoveDone)
	text("move_failed", &s.MoveFailed)
	s.Pattern = m.Get("pattern").Texts()
	if m.Has("when") {
		s.When = m.Get("when").OneOf(signs...)
	}
	s.readSettle(m.Get("settle"))
	if m.Has("urgent") {
		s.Urgent = m.Get("urgent").Bool()
	}
	if m.Has("name") && s.Name != "" {
		checkName(m.Get("name"), s.Name)
	}
	if !url.Missing() {
		s.checkURL(url)
	}
	s.checkPlaces(m)
	return s
}

func (s *Source) readSettle(node strictyaml.Node) {
	if node.Missing() {
		return
	}
	length, err := time.ParseDuration(node.Plain())
	if err != nil || length < 0 || length > longestSettle {
		node.Fault("settle: %q is not a length of time such as 30s, up to a day", node.Plain())
		return
	}
	s.Settle = length
}

func checkName(node strictyaml.Node, name string) {
	switch {
	case !bucketurl.GoodName(name):
		node.Fault("name: %q cannot name a source: letters, digits and - _ . can", name)
	case name == reservedName:
		node.Fault("name: %s is the source of what is uploaded: choose another", name)
	}
}

// checkURL checks the URL and makes a name from it when there is none.
func (s *Source) checkURL(node strictyaml.Node) {
	if s.URL == "" {
		return // said already
	}
	u, err := bucketurl.Parse(s.URL)
	if err != nil {
		node.Fault("url: %v", err)
		return
	}
	if s.Name == "" {
		s.Name = u.Name()
		checkName(node, s.Name)
	}
}

// checkPlaces checks the globs and the prefixes.
func (s *Source) checkPlaces(m strictyaml.Mapping) {
	for key, globs := range map[string][]string{"pattern": s.Pattern, "manifest": {s.Manifest}} {
		for _, glob := range globs {
			if !doublestar.ValidatePattern(glob) {
				m.Get(key).Fault("%s: %q is no pattern such as **/*.wav", key, glob)
			}
		}
	}
	for key, prefix := range map[string]string{"move_done": s.MoveDone, "move_failed": s.MoveFailed} {
		if prefix != "" && !bucketurl.CleanKey(strings.TrimSuffix(prefix, "/")) {
			m.Get(key).Fault("%s: %q is no prefix such as done/", key, prefix)
		}
	}
	if s.MoveDone != "" && strings.TrimSuffix(s.MoveDone, "/") == strings.TrimSuffix(s.MoveFailed, "/") {
		m.Get("move_failed").Fault("move_failed: it is the same place as move_done")
	}
	if s.When == "manifest" && s.Manifest == "" {
		m.Get("when").Fault("when: recordings wait for a manifest, and manifest names none")
	}
}

// sourcesOf reads what a variable says: one URL a line.
func sourcesOf(text string) ([]Source, error) {
	var list []Source
	for _, url := range splitList(text) {
		u, err := bucketurl.Parse(url)
		if err != nil {
			return nil, err
		}
		s := newSource(url)
		s.Name = u.Name()
		if s.Name == reservedName || slices.ContainsFunc(list, func(other Source) bool { return other.Name == s.Name }) {
			return nil, fmt.Errorf("the name %s, made from the URL, is taken: name the sources in the configuration file", s.Name)
		}
		list = append(list, s)
	}
	return list, nil
}
