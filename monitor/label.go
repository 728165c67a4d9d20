package monitor

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode/utf8"
)

// mostLabel is the length of a label in characters; staff numbers and names of teams are shorter.
const mostLabel = 64

// labelSecret names the secret of the store that agents are hidden by.
const labelSecret = "agent_labels"

var (
	// staffNumber matches what may be a staff number. Names in any script but plain Latin do not.
	staffNumber = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	// personal matches numbers of persons among digits without marks between them: mobile numbers, with or without a
	// country code; landlines with the code of their area; identity cards (GB 11643).
	personal = regexp.MustCompile(`1[3-9]\d{9}|^0\d{9,11}$|\d{17}[\dXx]`)
	marks    = strings.NewReplacer(".", "", "_", "", "-", "")
)

// labeller makes agents' IDs labels.
type labeller struct{ secret []byte }

// of returns an agent's ID as a label. Where a contact centre writes a name or a number of a person in its place, the
// label is a keyed hash (HMAC-SHA-256, the first 48 bits): enough to tell agents apart, and without the secret there is
// nothing to hold names and numbers against. A name in plain Latin letters without spaces cannot be told from a staff
// number and stays.
func (l *labeller) of(agent string) string {
	if staffNumber.MatchString(agent) && len(agent) <= mostLabel && !personal.MatchString(marks.Replace(agent)) {
		return agent
	}
	mac := hmac.New(sha256.New, l.secret)
	mac.Write([]byte(agent))
	return "#" + hex.EncodeToString(mac.Sum(nil)[:6])
}

// plain returns text as valid UTF-8 of bounded length.
func plain(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if utf8.RuneCountInString(text) > mostLabel {
		text = string([]rune(text)[:mostLabel])
	}
	return text
}
