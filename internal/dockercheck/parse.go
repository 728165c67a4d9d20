package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// stage is a FROM with what follows it.
type stage struct {
	from, name string
	steps      []step
}

// step is one instruction.
type step struct {
	line        int
	instruction string // in capitals
	flags       map[string]string
	rest        string
}

// parse reads the part of the Dockerfile language that this project's uses. What it does not know is an
// error: a step that is passed over would be one that is not checked.
func parse(text string) ([]stage, error) {
	var stages []stage
	for _, s := range split(text) {
		if s.instruction == "FROM" {
			words := strings.Fields(s.rest)
			next := stage{from: words[0]}
			if len(words) == 3 && strings.EqualFold(words[1], "AS") {
				next.name = words[2]
			} else if len(words) != 1 {
				return nil, fmt.Errorf("line %d: FROM image [AS name] is known only", s.line)
			}
			stages = append(stages, next)
			continue
		}
		if len(stages) == 0 {
			return nil, fmt.Errorf("line %d: %s before FROM", s.line, s.instruction)
		}
		if !known[s.instruction] {
			return nil, fmt.Errorf("line %d: %s is not known here", s.line, s.instruction)
		}
		last := &stages[len(stages)-1]
		last.steps = append(last.steps, s)
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("there is no FROM")
	}
	return stages, nil
}

var known = map[string]bool{
	"RUN": true, "COPY": true, "WORKDIR": true, "ENV": true, "USER": true, "VOLUME": true, "EXPOSE": true,
	"STOPSIGNAL": true, "HEALTHCHECK": true, "ENTRYPOINT": true, "CMD": true,
}

// split divides a Dockerfile into instructions: comments go, lines that end in a backslash go on.
func split(text string) []step {
	var steps []step
	whole, first := "", 0
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "#") || whole == "" && trimmed == "" {
			continue
		}
		if whole == "" {
			first = i + 1
		}
		part, goesOn := strings.CutSuffix(strings.TrimRight(line, " \t"), "\\")
		whole += part
		if goesOn {
			continue
		}
		steps = append(steps, newStep(first, strings.TrimSpace(whole)))
		whole = ""
	}
	if whole != "" {
		steps = append(steps, newStep(first, strings.TrimSpace(whole)))
	}
	return steps
}

func newStep(line int, text string) step {
	name, rest, _ := strings.Cut(text, " ")
	s := step{line: line, instruction: strings.ToUpper(name), flags: map[string]string{}, rest: strings.TrimSpace(rest)}
	for strings.HasPrefix(s.rest, "--") {
		flag, after, _ := strings.Cut(s.rest, " ")
		key, value, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		s.flags[key], s.rest = value, strings.TrimSpace(after)
	}
	return s
}

// list returns the words of a JSON list, or of text.
func (s step) list() []string {
	var words []string
	if json.Unmarshal([]byte(s.rest), &words) == nil {
		return words
	}
	return strings.Fields(s.rest)
}

// command returns what a step runs: a JSON list as it is, text by a shell.
func (s step) command() []string {
	var words []string
	if json.Unmarshal([]byte(s.rest), &words) == nil {
		return words
	}
	return []string{"/bin/sh", "-c", s.rest}
}
