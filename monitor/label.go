package monitor

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode/utf8"
)

// mostLabel is the length of a label in characters; staff numbers and names of teams are shorter.
const mostLabel = 64

// personal matches what is no staff number: a Chinese name of two to four characters, a mobile number, an
// identity card.
var personal = regexp.MustCompile(`^\p{Han}{2,4}$|1[3-9]\d{9}|\d{17}[\dXx]`)

// agentLabel returns an agent's ID as a label. Where a contact centre writes a name or a number of a person
// in its place, the label is a hash of it: enough to tell agents apart, nothing to recognise one by.
func agentLabel(agent string) string {
	if personal.MatchString(agent) {
		hash := sha256.Sum256([]byte(agent))
		return "#" + hex.EncodeToString(hash[:4])
	}
	return plain(agent)
}

// plain returns text as valid UTF-8 of bounded length.
func plain(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if utf8.RuneCountInString(text) > mostLabel {
		text = string([]rune(text)[:mostLabel])
	}
	return text
}
