package source

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// DefaultPatterns read names such as 20261121-093000_1024_13800001111.wav and
// 1024_2026-11-21_09-30-00.wav.
func DefaultPatterns() []string {
	return []string{
		`(?P<started_at>\d{8}[-_T]?\d{6})[-_](?P<agent>\d{2,8})([-_](?P<customer>\d{5,13}))?[^/]*$`,
		`(?P<agent>\d{2,8})_(?P<started_at>\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})[^/]*$`,
	}
}

// Pattern reads metadata from a file's path. Its named groups are columns of a manifest.
type Pattern struct{ expression *regexp.Regexp }

func compilePatterns(texts []string) ([]Pattern, error) {
	if len(texts) == 0 {
		texts = DefaultPatterns()
	}
	patterns := make([]Pattern, len(texts))
	for i, text := range texts {
		expression, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("read file-name pattern %d: %w", i+1, err)
		}
		named := 0
		for _, group := range expression.SubexpNames() {
			if group == "" {
				continue
			}
			named++
			if _, ok := findColumn(group); !ok {
				return nil, fmt.Errorf("read file-name pattern %d: group %s is not a column of a manifest: %w", i+1, group, call.ErrInvalid)
			}
		}
		if named == 0 {
			return nil, fmt.Errorf("read file-name pattern %d: it has no named group such as (?P<agent>\\d+): %w", i+1, call.ErrInvalid)
		}
		patterns[i] = Pattern{expression}
	}
	return patterns, nil
}

// Match returns the metadata in path, and false when the pattern does not fit or a group's text
// cannot be read.
func (p Pattern) Match(path string, zone *time.Location) (call.Metadata, bool) {
	groups := p.expression.FindStringSubmatch(strings.ReplaceAll(path, `\`, "/"))
	if groups == nil {
		return call.Metadata{}, false
	}
	var m call.Metadata
	for i, name := range p.expression.SubexpNames() {
		if name == "" || groups[i] == "" {
			continue
		}
		c, _ := findColumn(name)
		if err := c.set(&m, groups[i], zone); err != nil {
			return call.Metadata{}, false
		}
	}
	return m, true
}
