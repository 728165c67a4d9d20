package lexicon

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed dict/ts_characters.txt
var traditionalTable string

// simplified maps each traditional character to its simplified form.
var simplified = sync.OnceValue(func() map[rune]rune {
	table := map[rune]rune{'妳': '你'}
	for line := range strings.Lines(traditionalTable) {
		pair := []rune(strings.TrimSpace(line))
		if len(pair) == 2 {
			table[pair[0]] = pair[1]
		}
	}
	return table
})

// Simplify turns traditional characters into simplified ones, one rune into one rune. Bytes that are
// not UTF-8 become U+FFFD, one rune each.
func Simplify(s string) string {
	table := simplified()
	return strings.Map(func(r rune) rune {
		if to, ok := table[r]; ok {
			return to
		}
		return r
	}, s)
}
