package calltest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/zhijian-qa/zhijian/call"
)

const (
	defaultConfidence = 0.9
	millisPerRune     = 250
	pauseBetween      = 400
	tailSilence       = 500
	joinGap           = 300 // pauses shorter than this belong to a party's speech
	unrecognised      = "[?]"
	maxSeconds        = 24 * 3600
	usualLevel        = -25 // dBFS
)

// Call is what a script describes.
type Call struct {
	Recording  call.Recording
	Health     []call.ChannelHealth
	Transcript call.Transcript
}

// line is one utterance: [times] role[(confidence)] [removed reason]: text.
var line = regexp.MustCompile(`^(?:([0-9.]+)-([0-9.]+)\s+)?(agent|customer|unknown)(?:\(([0-9.]+)\))?(?:\s+(-[0-9]+)dB)?(?:\s+removed\s+([^\s:]+(?::[^\s:]+)?))?\s*[:：]\s*(.*)$`)

// Parse reads a script. Its error names the line.
func Parse(script string) (Call, error) {
	p := parser{speech: map[call.Role][]call.Span{}, levels: map[call.Role]float64{}, pieces: map[call.Role][]call.SpanLevels{}, health: map[call.Role]call.ChannelHealth{}}
	number := 0
	for text := range strings.Lines(script) {
		number++
		if err := p.line(strings.TrimSpace(text)); err != nil {
			return Call{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return p.call(), nil
}

type parser struct {
	recording  call.Recording
	mono       bool
	health     map[call.Role]call.ChannelHealth
	levels     map[call.Role]float64
	speech     map[call.Role][]call.Span
	pieces     map[call.Role][]call.SpanLevels
	loud       bool // a line names its level
	utterances []call.Utterance
	removed    []call.Removed
	clock      call.Millis // end of the latest line
	spoken     bool
}

func (p *parser) line(text string) error {
	if text == "" || strings.HasPrefix(text, "#") {
		return nil
	}
	if m := line.FindStringSubmatch(text); m != nil {
		return p.utterance(m)
	}
	key, value, _ := strings.Cut(text, " ")
	if set, ok := directives[key]; ok {
		return set(p, strings.TrimSpace(value))
	}
	return fmt.Errorf("neither an utterance nor one of %s: %q", strings.Join(slices.Sorted(maps.Keys(directives)), ", "), text)
}

func (p *parser) utterance(m []string) error {
	role, text := call.Role(m[3]), strings.TrimSpace(m[7])
	if p.mono {
		role = call.RoleUnknown
	}
	span, err := p.span(m[1], m[2], text)
	if err != nil {
		return err
	}
	confidence := defaultConfidence
	if m[4] != "" {
		if confidence, err = strconv.ParseFloat(m[4], 64); err != nil || confidence > 1 {
			return fmt.Errorf("confidence %q is not from 0 to 1", m[4])
		}
	}
	p.clock, p.spoken = max(p.clock, span.End), true
	if m[6] != "" {
		p.removed = append(p.removed, call.Removed{Role: role, Span: span, Text: text, Reason: m[6]})
		return nil
	}
	p.speech[role] = append(p.speech[role], span)
	if err := p.measured(role, span, m[5]); err != nil {
		return err
	}
	if text = strings.TrimSpace(strings.ReplaceAll(text, unrecognised, "")); text != "" {
		p.utterances = append(p.utterances, call.Utterance{
			Role: role, Span: span, Text: text, Confidence: confidence, Words: words(text, span, confidence),
		})
	}
	return nil
}

// measured notes how loud a line is.
func (p *parser) measured(role call.Role, span call.Span, level string) error {
	db := usualLevel
	if level != "" {
		var err error
		if db, err = strconv.Atoi(level); err != nil || db < -100 {
			return fmt.Errorf("%q is not a level from -100 to 0 dB", level)
		}
		p.loud = true
	}
	pieces := make([]int, span.Pieces())
	for i := range pieces {
		pieces[i] = db
	}
	p.pieces[role] = append(p.pieces[role], call.SpanLevels{Span: span, DB: pieces})
	return nil
}

func (p *parser) span(from, to, text string) (call.Span, error) {
	if from == "" {
		start := p.clock
		if p.spoken {
			start += pauseBetween
		}
		return call.Span{Start: start, End: start + millisPerRune*call.Millis(max(2, spokenRunes(text)))}, nil
	}
	start, err := seconds(from)
	if err != nil {
		return call.Span{}, err
	}
	end, err := seconds(to)
	if err == nil && end <= start {
		err = fmt.Errorf("%s-%s ends before it begins", from, to)
	}
	return call.Span{Start: start, End: end}, err
}

func seconds(s string) (call.Millis, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v < 0 || v > maxSeconds {
		return 0, fmt.Errorf("%q is not a time in seconds", s)
	}
	return call.Millis(math.Round(v * 1000)), nil
}

func spokenRunes(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// words spreads the characters of text evenly over span; punctuation belongs to the character before it.
func words(text string, span call.Span, confidence float64) []call.Word {
	n := call.Millis(max(1, spokenRunes(text)))
	var all []call.Word
	var i call.Millis
	for _, r := range text {
		if counts := unicode.IsLetter(r) || unicode.IsDigit(r); counts || len(all) == 0 {
			at := call.Span{Start: span.Start + span.Length()*i/n, End: span.Start + span.Length()*min(n, i+1)/n}
			all = append(all, call.Word{Span: at, Text: string(r), Confidence: confidence})
			if counts {
				i++
			}
			continue
		}
		all[len(all)-1].Text += string(r)
	}
	return all
}

// directives are the lines that are not utterances.
var directives = map[string]func(p *parser, value string) error{
	"duration": func(p *parser, v string) (err error) { p.recording.Duration, err = seconds(v); return err },
	"silence": func(p *parser, v string) error {
		length, err := seconds(v)
		p.clock += length
		return err
	},
	"mono":       func(p *parser, _ string) error { p.mono = true; return nil },
	"health":     func(p *parser, v string) error { return p.setHealth(strings.Fields(v)) },
	"agent":      func(p *parser, v string) error { p.recording.Agent = v; return nil },
	"agent_name": func(p *parser, v string) error { p.recording.AgentName = v; return nil },
	"team":       func(p *parser, v string) error { p.recording.Team = v; return nil },
	"customer":   func(p *parser, v string) error { p.recording.Customer = v; return nil },
	"direction":  func(p *parser, v string) error { p.recording.Direction = v; return nil },
	"scenario":   func(p *parser, v string) error { p.recording.Scenario = v; return nil },
	"hung_up_by": func(p *parser, v string) error { p.recording.HungUpBy = v; return nil },
	"rings":      func(p *parser, v string) error { return p.setRings(v) },
	"answer_delay": func(p *parser, v string) error {
		delay, err := seconds(v)
		p.recording.AnswerDelay = &delay
		return err
	},
	"level": func(p *parser, v string) error { return p.setLevel(strings.Fields(v)) },
	"started_at": func(p *parser, v string) (err error) {
		p.recording.StartedAt, err = time.Parse(time.RFC3339, v)
		return err
	},
	"complaint":    func(p *parser, v string) error { return yesNo(&p.recording.Complaint, v) },
	"satisfaction": func(p *parser, v string) error { return yesNo(&p.recording.Satisfaction, v) },
	"settled":      func(p *parser, v string) error { return yesNo(&p.recording.Settled, v) },
	"resolved":     func(p *parser, v string) error { return yesNo(&p.recording.Resolved, v) },
}

func yesNo(to **bool, value string) error {
	if value != "yes" && value != "no" {
		return fmt.Errorf("%q is neither yes nor no", value)
	}
	yes := value == "yes"
	*to = &yes
	return nil
}

func (p *parser) setRings(value string) error {
	rings, err := strconv.Atoi(value)
	if err != nil || rings < 0 {
		return fmt.Errorf("%q is not a number of rings", value)
	}
	p.recording.Rings = &rings
	return nil
}

func (p *parser) setLevel(words []string) error {
	if len(words) != 2 {
		return fmt.Errorf("level wants a role and decibels")
	}
	level, err := strconv.ParseFloat(words[1], 64)
	if err != nil || level < -200 || level > 0 {
		return fmt.Errorf("%q is not a level in decibels up to 0", words[1])
	}
	p.levels[call.Role(words[0])] = level
	return nil
}

func (p *parser) setHealth(words []string) error {
	if len(words) < 2 {
		return fmt.Errorf("health wants a role, a status and reasons")
	}
	role, status := call.Role(words[0]), call.Status(words[1])
	if !slices.Contains([]call.Role{call.RoleAgent, call.RoleCustomer}, role) ||
		!slices.Contains([]call.Status{call.StatusOK, call.StatusWarn, call.StatusBad}, status) {
		return fmt.Errorf("health wants agent or customer, and ok, warn or bad")
	}
	p.health[role] = call.ChannelHealth{Status: status, Reasons: append([]string{}, words[2:]...)}
	return nil
}

func (p *parser) call() Call {
	c := Call{Recording: p.recording}
	c.Recording.SHA256 = strings.Repeat("0", 64)
	c.Recording.ID = call.NewID(c.Recording.SHA256)
	c.Recording.Path = "script.wav"
	if c.Recording.Duration == 0 {
		c.Recording.Duration = p.clock + tailSilence
	}
	slices.SortStableFunc(p.utterances, func(a, b call.Utterance) int { return cmp.Compare(a.Start, b.Start) })
	c.Health = p.channels()
	c.Transcript = call.Transcript{
		Revision: "script", Model: "script", Language: "zh", VAD: "script",
		Speech: map[call.Role][]call.Span{}, Utterances: p.utterances, Removed: p.removed,
	}
	whole := call.Span{End: c.Recording.Duration}
	if p.loud {
		c.Transcript.Levels = p.pieces
	}
	for role, spans := range p.speech {
		c.Transcript.Speech[role] = call.Clip(call.Merge(spans, joinGap), whole)
	}
	return c
}

func (p *parser) channels() []call.ChannelHealth {
	if p.mono {
		return []call.ChannelHealth{{Role: call.RoleUnknown, Status: call.StatusWarn, Reasons: []string{call.ReasonMono}}}
	}
	var all []call.ChannelHealth
	for i, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
		h, known := p.health[role]
		if !known {
			h = call.ChannelHealth{Status: call.StatusOK, Reasons: []string{}}
		}
		h.Channel, h.Role = i, role
		if level, known := p.levels[role]; known {
			h.LevelDB = &level
		}
		all = append(all, h)
	}
	return all
}
