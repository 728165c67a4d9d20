package callgen

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// parseEvents parses the dialogue; first is the number of its first line in the file.
func parseEvents(text string, first int) ([]Event, error) {
	var events []Event
	var faults []error
	for i, line := range strings.Split(text, "\n") {
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) == "" {
			continue
		}
		event, err := parseEvent(line)
		if err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", first+i, err))
			continue
		}
		event.Line = first + i
		events = append(events, event)
	}
	if len(events) == 0 && len(faults) == 0 {
		return nil, errors.New("no dialogue")
	}
	return events, errors.Join(faults...)
}

func parseEvent(line string) (Event, error) {
	line, rules, err := cutFaults(line)
	if err != nil {
		return Event{}, err
	}
	event, err := parseSpeech(line)
	if head, _, found := strings.Cut(line, " "); found && !strings.Contains(line, ":") {
		event, err = parseGap(head, line[len(head):])
	}
	event.Faults = rules
	return event, err
}

// cutFaults takes the "!rule" marks off the end of a line.
func cutFaults(line string) (rest string, rules []string, err error) {
	parts := strings.Split(line, "!")
	for _, rule := range parts[1:] {
		rule = strings.TrimSpace(rule)
		if !strings.Contains(rule, ".") || strings.ContainsAny(rule, " ，。") {
			return "", nil, fmt.Errorf("%q is no rule", rule)
		}
		rules = append(rules, rule)
	}
	return strings.TrimSpace(parts[0]), rules, nil
}

func parseGap(word, length string) (Event, error) {
	kinds := map[string]Kind{"pause": KindPause, "hold": KindHold, "silence": KindSilence}
	kind, ok := kinds[word]
	if !ok {
		return Event{}, fmt.Errorf("%q is neither a party nor pause, hold or silence", word)
	}
	offset, err := parseLength(length)
	return Event{Kind: kind, Offset: offset}, err
}

func parseSpeech(line string) (Event, error) {
	m := regexp.MustCompile(`^(agent|customer)\s*(?:\(([^)]*)\))?:\s*(\S.*)$`).FindStringSubmatch(line)
	if m == nil {
		return Event{}, fmt.Errorf("cannot read %q", line)
	}
	event := Event{Role: call.Role(m[1]), Text: m[3]}
	words := strings.Fields(m[2])
	if len(words) > 0 && (words[0] == "backchannel" || words[0] == "interrupts") {
		event.Backchannel, event.Interrupts = words[0] == "backchannel", words[0] == "interrupts"
		words = words[1:]
	}
	placing, offset, err := parsePlacing(words)
	event.Placing, event.Offset = placing, offset
	if err == nil && event.Interrupts && placing == PlaceAfter {
		err = errors.New(`an interruption needs "over" or "at"`)
	}
	return event, err
}

func parsePlacing(words []string) (Placing, call.Millis, error) {
	if len(words) == 0 {
		return PlaceAfter, 0, nil
	}
	placing, ok := map[string]Placing{"over": PlaceOver, "at": PlaceAt}[words[0]]
	if !ok || len(words) != 2 {
		return 0, 0, fmt.Errorf(`%q is not "over" or "at" and a time`, strings.Join(words, " "))
	}
	offset, err := parseLength(words[1])
	return placing, offset, err
}

func parseLength(text string) (call.Millis, error) {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no length of time", strings.TrimSpace(text))
	}
	return call.FromDuration(d), nil
}
