package callgen

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/zhijian-qa/zhijian/call"
)

// Script is a call as written down: who takes part, and what happens in which order.
type Script struct {
	Name  string // the recording's file name without extension
	Title string
	Metadata
	Agent    Party
	Customer Party
	Sound    Sound
	Faults   []string // rules that fail for the call as a whole, as a missing greeting
	Passes   []string // rules that must pass, not merely stay without a fault
	Vetoed   bool     // a fault fails the call whatever its points
	Events   []Event
}

// Metadata is what the manifest says about the call beside its parties.
type Metadata struct {
	StartedAt    time.Time `json:"started_at" yaml:"started_at"`
	Direction    string    `json:"direction" yaml:"direction"`
	Scenario     string    `json:"scenario" yaml:"scenario"`
	Satisfaction *bool     `json:"satisfaction,omitempty" yaml:"satisfaction"`
	Complaint    *bool     `json:"complaint,omitempty" yaml:"complaint"`
	Resolved     *bool     `json:"resolved,omitempty" yaml:"resolved"`
}

// Party is one side of the call and the voice that speaks for it.
type Party struct {
	ID    string  `yaml:"id"` // staff number of an agent, telephone number of a customer
	Name  string  `yaml:"name"`
	Team  string  `yaml:"team"`
	Voice string  `yaml:"voice"` // a variant of espeak-ng, as f2
	Rate  int     `yaml:"rate"`  // words a minute, as espeak-ng counts. Defaults to 170.
	Pitch int     `yaml:"pitch"` // 0 to 99. Defaults to 50.
	Level float64 `yaml:"level"` // of the speech, dB below full scale. Defaults to -20.
}

// Sound is how the recording sounds beside the voices.
type Sound struct {
	Codec string  // alaw, mulaw or pcm16. Defaults to alaw.
	Noise float64 // level of the noise on each channel in dB. Defaults to -66.
	Seed  uint64  // of the noise and the pauses
}

// Kind says what an event of a script is.
type Kind int

// The kinds of events.
const (
	KindSpeech Kind = iota
	KindPause
	KindHold
	KindSilence
)

// Placing says where a line of speech starts.
type Placing int

// The placings of a line.
const (
	PlaceAfter Placing = iota // after a pause, when everyone has finished
	PlaceOver                 // Offset before the other party's line ends
	PlaceAt                   // Offset after the other party's line started
)

// Event is one line of a script.
type Event struct {
	Kind        Kind
	Role        call.Role
	Text        string
	Placing     Placing
	Offset      call.Millis // of a placing, or the length of a pause, hold or silence
	Backchannel bool
	Interrupts  bool
	Faults      []string
	Line        int
}

// header is the YAML part of a script.
type header struct {
	Title    string `yaml:"title"`
	Metadata `yaml:",inline"`
	Agent    Party    `yaml:"agent"`
	Customer Party    `yaml:"customer"`
	Codec    string   `yaml:"codec"`
	Noise    float64  `yaml:"noise"`
	Seed     uint64   `yaml:"seed"`
	Faults   []string `yaml:"faults"`
	Passes   []string `yaml:"passes"`
	Vetoed   bool     `yaml:"vetoed"`
}

// ReadScript reads a script file; the recording gets the file's name.
func ReadScript(path string) (*Script, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read script: %w", err)
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	script, err := ParseScript(name, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return script, nil
}

// ParseScript parses a script; all faults of its dialogue are reported at once.
func ParseScript(name string, data []byte) (*Script, error) {
	head, body, found := bytes.Cut(data, []byte("\n---\n"))
	if !found {
		return nil, errors.New(`no line "---" between header and dialogue`)
	}
	var h header
	if err := yaml.UnmarshalWithOptions(head, &h, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("parse header: %w", err)
	}
	events, err := parseEvents(string(body), bytes.Count(head, []byte("\n"))+3)
	if err != nil {
		return nil, err
	}
	return &Script{
		Name: name, Title: h.Title, Metadata: h.Metadata,
		Agent: h.Agent.withDefaults("f2"), Customer: h.Customer.withDefaults("m3"),
		Sound:  Sound{Codec: h.Codec, Noise: h.Noise, Seed: h.Seed}.withDefaults(),
		Faults: h.Faults, Passes: h.Passes, Vetoed: h.Vetoed, Events: events,
	}, nil
}

func (p Party) withDefaults(voice string) Party {
	p.Voice = cmp.Or(p.Voice, voice)
	p.Rate = cmp.Or(p.Rate, 170)
	p.Pitch = cmp.Or(p.Pitch, 50)
	p.Level = cmp.Or(p.Level, -20)
	return p
}

func (s Sound) withDefaults() Sound {
	s.Codec = cmp.Or(s.Codec, "alaw")
	s.Noise = cmp.Or(s.Noise, -66)
	return s
}

// party returns the side of the call that role stands for.
func (s *Script) party(role call.Role) Party {
	if role == call.RoleAgent {
		return s.Agent
	}
	return s.Customer
}
