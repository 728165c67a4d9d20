package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// terminalWidth is how wide tables and texts get, in columns of a terminal.
const terminalWidth = 100

// terminal lays out text in columns. A Chinese character takes two.
type terminal struct {
	w      *bufio.Writer
	colour bool
	width  *runewidth.Condition
}

func newTerminal(w io.Writer, colour bool) *terminal {
	// Not the environment's: the same report must not look different elsewhere.
	return &terminal{w: bufio.NewWriter(w), colour: colour, width: &runewidth.Condition{StrictEmojiNeutral: true}}
}

// flush returns the first error of all writes.
func (t *terminal) flush() error {
	if err := t.w.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// line writes a line without spaces at its end.
func (t *terminal) line(parts ...string) {
	t.w.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n")
}

// rule writes a line across the whole width.
func (t *terminal) rule() { t.line(t.paint(toneMuted, strings.Repeat("─", terminalWidth))) }

// The escape sequences of the tones.
var colours = map[tone]string{toneGood: "32", toneWarn: "33", toneBad: "31", toneMuted: "90"}

// paint colours text where colours are wanted.
func (t *terminal) paint(tone tone, text string) string {
	if code := colours[tone]; t.colour && code != "" && text != "" {
		return "\x1b[" + code + "m" + text + "\x1b[0m"
	}
	return text
}

// bold makes text bold where colours are wanted.
func (t *terminal) bold(text string) string {
	if t.colour {
		return "\x1b[1m" + text + "\x1b[0m"
	}
	return text
}

// left returns text cut or padded to width columns.
func (t *terminal) left(text string, width int) string {
	return t.width.FillRight(t.width.Truncate(Printable(text), width, "…"), width)
}

// right returns text cut or padded to width columns, aligned to the right.
func (t *terminal) right(text string, width int) string {
	return t.width.FillLeft(t.width.Truncate(Printable(text), width, "…"), width)
}

// wrap breaks text into lines of at most width columns: between words, or inside one that is
// Chinese or too long.
func (t *terminal) wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, piece := range pieces(Printable(text)) {
		n := t.width.StringWidth(piece)
		if used+n > width && used > 0 {
			lines, line, used = append(lines, strings.TrimRight(line, " ")), "", 0
			if piece == " " {
				continue
			}
		}
		line, used = line+piece, used+n
	}
	return append(lines, strings.TrimRight(line, " "))
}

// flow sets items one after the other, each whole where it fits into a line.
func (t *terminal) flow(items []string, comma string, width int) []string {
	lines, line := []string{}, ""
	for i, item := range items {
		if i < len(items)-1 {
			item += comma
		}
		if line != "" && t.width.StringWidth(line+strings.TrimRight(item, " ")) > width {
			lines, line = append(lines, line), ""
		}
		line += item
	}
	var wrapped []string
	for _, line := range append(lines, line) {
		wrapped = append(wrapped, t.wrap(line, width)...)
	}
	return wrapped
}

// pieces splits text where a line may break: around each wide character, and at spaces. What ends
// a clause stays with what it ends.
func pieces(text string) []string {
	var all []string
	word := ""
	for _, r := range text {
		switch {
		case r == ' ':
			all, word = append(all, word, " "), ""
		case r == '\u00a0' && word == "" && len(all) > 0: // the last piece and what follows stay together
			all, word = all[:len(all)-1], all[len(all)-1]+" "
		case strings.ContainsRune("、，。；：！？）”…", r) && word == "" && len(all) > 0:
			all[len(all)-1] += string(r)
		case r < 0x2e80 || r == '“':
			word += string(r)
		default:
			all, word = append(all, word+string(r)), ""
		}
	}
	return append(all, word)
}

// Printable returns text without characters that would move a terminal's cursor or colour it.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, text)
}
