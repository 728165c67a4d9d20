package callgen

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/zhijian-qa/zhijian/call"
)

// Truth is everything that is known about a synthetic recording because it was made.
type Truth struct {
	File     string      `json:"file"` // the recording's file name
	Title    string      `json:"title"`
	Duration call.Millis `json:"duration_ms"`
	Metadata
	Agent    Person `json:"agent"`
	Customer Person `json:"customer"`
	Seed     uint64 `json:"seed"`

	Utterances []Utterance               `json:"utterances"` // in order of their start
	Speech     map[call.Role][]call.Span `json:"speech"`     // pauses shorter than PauseLimit belong to it
	Overlaps   []call.Span               `json:"overlaps"`

	Interruptions []Interruption `json:"interruptions"`
	Silences      []Silence      `json:"silences"`
	Faults        []Fault        `json:"faults"`
	Vetoed        bool           `json:"vetoed,omitempty"` // a planted fault fails the call whatever its points
	Passes        []string       `json:"passes,omitempty"` // rules that must pass
}

// Person is one party of the call.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Team  string `json:"team,omitempty"`
	Voice string `json:"voice"` // variant, rate and pitch
}

// Utterance is one line of the script and where its sound lies.
type Utterance struct {
	Role call.Role `json:"role"`
	call.Span
	Text        string `json:"text"`
	Backchannel bool   `json:"backchannel,omitempty"`
}

// Interruption is substantive speech that begins while the other party is mid-speech.
type Interruption struct {
	By      call.Role   `json:"by"`
	Start   call.Millis `json:"start_ms"`
	Overlap call.Millis `json:"overlap_ms"`
	Yielded bool        `json:"yielded"`
	Text    string      `json:"text"`
}

// Silence is a stretch longer than SilenceLimit without anyone's speech.
type Silence struct {
	call.Span
	Announced bool `json:"announced"`
}

// Fault is a rule that fails, and where. Whole says that it fails for the call as a whole, as a
// farewell that is missing; its span is then the whole call.
type Fault struct {
	Rule string    `json:"rule"`
	Role call.Role `json:"role"`
	call.Span
	Whole bool   `json:"whole,omitempty"`
	Text  string `json:"text,omitempty"`
}

// ReadTruth reads a truth file.
func ReadTruth(path string) (*Truth, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read truth: %w", err)
	}
	truth := new(Truth)
	if err := json.Unmarshal(data, truth); err != nil {
		return nil, fmt.Errorf("read truth %s: %w", path, err)
	}
	return truth, nil
}

// Transcript returns what a perfect recogniser would hear.
func (t *Truth) Transcript() call.Transcript {
	tr := call.Transcript{Revision: "truth", Model: "truth", Language: "zh", VAD: "truth", Speech: t.Speech}
	for _, u := range t.Utterances {
		tr.Utterances = append(tr.Utterances, call.Utterance{Role: u.Role, Span: u.Span, Text: u.Text, Confidence: 1})
	}
	return tr
}

// Recording returns the recording as the manifest describes it.
func (t *Truth) Recording() call.Recording {
	return call.Recording{
		ID: t.File, Path: t.File, Duration: t.Duration,
		Metadata: call.Metadata{
			Agent: t.Agent.ID, AgentName: t.Agent.Name, Team: t.Agent.Team, Customer: t.Customer.ID,
			StartedAt: t.StartedAt, Direction: t.Direction, Scenario: t.Scenario,
			Satisfaction: t.Satisfaction, Complaint: t.Complaint, Resolved: t.Resolved,
		},
	}
}

// AgentTalkRatio returns the agent's share of all talk time.
func (t *Truth) AgentTalkRatio() float64 {
	agent, customer := call.Total(t.Speech[call.RoleAgent]), call.Total(t.Speech[call.RoleCustomer])
	if agent+customer == 0 {
		return 0
	}
	return float64(agent) / float64(agent+customer)
}

// Rules returns the set of rules with a planted fault.
func (t *Truth) Rules() map[string]bool {
	rules := make(map[string]bool)
	for _, f := range t.Faults {
		rules[f.Rule] = true
	}
	return rules
}

// Backchannels returns the utterances that only show that someone listens.
func (t *Truth) Backchannels() []Utterance {
	var found []Utterance
	for _, u := range t.Utterances {
		if u.Backchannel {
			found = append(found, u)
		}
	}
	return found
}
