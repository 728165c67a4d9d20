package source

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// Parts of the default patterns. A staff number has at most eight digits and stands by itself; what
// has an area code, a country code or more digits is a telephone number.
const (
	when     = `(?:^|\D)(?P<started_at>\d{8}[-_T]?\d{6})[-_]`
	dashed   = `(?P<started_at>\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})`
	phone    = `(?P<customer>\+?(?:86-?)?0\d{2,3}-?\d{7,8}|\+?(?:86-?)?1\d{10}|\d{9,13})`
	agent    = `(?P<agent>\d{2,8})`
	customer = `(?:[-_](?P<customer>0\d{2,3}-?\d{7,8}|\d{5,13}))?`
	before   = `(?:^|[^-+\d]-?)`                   // no digit, nor one and a hyphen
	after    = `(?:[^\d/][^/]*)?$`                 // no digit, then the rest of the name
	part     = `(?:-\d{1,2})?-?(?:[^-\d/][^/]*)?$` // nor a hyphen and a digit, but for the number of a part
)

// DefaultPatterns read names such as 20261121-093000_1024_13800001111.wav and
// 1024_2026-11-21_09-30-00.wav, and the same with the customer's number alone.
func DefaultPatterns() []string {
	return []string{
		when + phone + part,
		when + agent + customer + part,
		before + phone + `_` + dashed + after,
		before + agent + `_` + dashed + after,
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

// Match returns the metadata in path, and false when the pattern does not fit, a group's text cannot
// be read, or the staff number would be a part of a longer one.
func (p Pattern) Match(path string, zone *time.Location) (call.Metadata, bool) {
	path = strings.ReplaceAll(path, `\`, "/")
	bounds := p.expression.FindStringSubmatchIndex(path)
	if bounds == nil {
		return call.Metadata{}, false
	}
	var m call.Metadata
	for i, name := range p.expression.SubexpNames() {
		from, to := bounds[2*i], bounds[2*i+1]
		if name == "" || from == to {
			continue
		}
		c, _ := findColumn(name)
		if c.name == "agent" && (p.cuts(path, bounds, from) || p.cuts(path, bounds, to)) {
			return call.Metadata{}, false
		}
		if err := c.set(&m, path[from:to], zone); err != nil {
			return call.Metadata{}, false
		}
	}
	return m, true
}

// cuts reports whether a group that begins or ends at the place at cuts a number in two, unless
// another named group begins or ends there as well.
func (p Pattern) cuts(path string, bounds []int, at int) bool {
	if at <= 0 || at >= len(path) || !digit(path[at-1]) || !digit(path[at]) {
		return false
	}
	named := 0
	for i, name := range p.expression.SubexpNames() {
		from, to := bounds[2*i], bounds[2*i+1]
		if name != "" && from < to && (from == at || to == at) {
			named++
		}
	}
	return named < 2
}

func digit(b byte) bool { return '0' <= b && b <= '9' }
