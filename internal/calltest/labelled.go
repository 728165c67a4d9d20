package calltest

import (
	"fmt"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// Labelled is a call with what a person said of it: in a line that begins with *, words with or without | between them.
// Below it "a:" is the agent and "c:" the customer.
type Labelled struct {
	Labels map[string]bool
	Lines  []Line
}

// Line is what a party said.
type Line struct {
	Role call.Role
	Text string
}

// By returns what a party said.
func (l Labelled) By(role call.Role) []string {
	var said []string
	for _, line := range l.Lines {
		if line.Role == role {
			said = append(said, line.Text)
		}
	}
	return said
}

// ParseLabelled reads labelled calls, with an empty line between them; lines that begin with # are comments.
func ParseLabelled(text string) ([]Labelled, error) {
	var all []Labelled
	open := false
	for number, line := range strings.Split(text, "\n") {
		head, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch head {
		case "":
			open = false
		case "#":
		case "*":
			all, open = append(all, Labelled{Labels: labels(rest)}), true
		case "a:", "c:":
			if !open {
				return nil, fmt.Errorf("line %d: it belongs to no call, which begins with *", number+1)
			}
			said := &all[len(all)-1].Lines
			*said = append(*said, Line{map[string]call.Role{"a:": call.RoleAgent, "c:": call.RoleCustomer}[head], rest})
		default:
			return nil, fmt.Errorf("line %d: begin with *, a:, c: or #", number+1)
		}
	}
	return all, nil
}

func labels(line string) map[string]bool {
	said := map[string]bool{}
	for _, label := range strings.Fields(strings.ReplaceAll(line, "|", " ")) {
		said[label] = true
	}
	return said
}
