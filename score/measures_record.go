package score

import "github.com/zhijian-qa/zhijian/call"

// Measures are the figures of one call; docs/measures.md has the formula of each. A measure that cannot be
// told is nil (null in JSON) and named in Withheld with its reason; one that cannot be told of one party is
// missing for that party, and named there as measure.role.
type Measures struct {
	TalkMS           map[call.Role]call.Millis `json:"talk_ms"`
	AgentTalkRatio   *float64                  `json:"agent_talk_ratio"`
	OverlapMS        *call.Millis              `json:"overlap_ms"`
	NonTalkMS        *call.Millis              `json:"non_talk_ms"`
	Interruptions    []Interruption            `json:"interruptions"`
	Silences         []Silence                 `json:"silences"`
	CharsPerMinute   map[call.Role]float64     `json:"chars_per_minute"`
	UtteranceRates   []*float64                `json:"utterance_chars_per_minute"` // one for each utterance of the transcript, null where it is too short
	ResponseMS       map[call.Role]Response    `json:"response_ms"`
	LongestMonologue map[call.Role]Monologue   `json:"longest_monologue"`
	LongMonologues   []Monologue               `json:"long_monologues"`    // of at least 60 s
	LevelDB          map[call.Role]float64     `json:"level_db"`           // median level of the speech, in dBFS
	UtteranceLevels  []*float64                `json:"utterance_level_db"` // one for each utterance of the transcript, in dBFS, null where it is too short
	LoudnessDB       map[call.Role]float64     `json:"loudness_db"`        // LevelDB less that of the other party
	Shouts           []Shout                   `json:"shouts"`
	AnswerDelayMS    *call.Millis              `json:"answer_delay_ms"` // by the metadata
	Rings            *int                      `json:"rings"`           // by the metadata
	HungUpBy         *call.Role                `json:"hung_up_by"`      // by the metadata
	Withheld         map[string]string         `json:"withheld"`
}

// Interruption is substantive speech that begins while the other party is mid-speech.
type Interruption struct {
	By        call.Role   `json:"by"`
	Start     call.Millis `json:"start_ms"`
	OverlapMS call.Millis `json:"overlap_ms"`
	Yielded   bool        `json:"yielded"` // the other stopped within 2 s, and no later than the interrupter
	Uncertain bool        `json:"uncertain,omitempty"`
	Text      string      `json:"text"`       // of the interrupter
	OtherText string      `json:"other_text"` // what the other was saying, up to the end of the overlap
}

// Silence is a stretch longer than 3 s between the first and the last speech in which nobody speaks.
type Silence struct {
	call.Span
	Announced  bool      `json:"announced"`   // hold language came before it
	WaitingFor call.Role `json:"waiting_for"` // who should have spoken
	Hold       *Hold     `json:"hold,omitempty"`
	// Sounds are heard meanwhile: hold music, keys, tones.
	Sounds []call.SoundKind `json:"sounds,omitempty"`
}

// Hold is the hold language that announced a silence, and how the wait ended.
type Hold struct {
	By call.Role `json:"by"`
	call.Span
	Quote      string       `json:"quote"`
	Promise    string       `json:"promise,omitempty"` // the length as it was said
	PromisedMS *call.Millis `json:"promised_ms"`       // null when no length was said
	OverrunMS  *call.Millis `json:"overrun_ms"`        // by which the silence outlasts the promise
	Renewed    bool         `json:"renewed,omitempty"` // more patience was asked for after the silence
	Return     *Said        `json:"return"`            // the words that ended the wait, null when there were none
}

// Said is something that was said.
type Said struct {
	call.Span
	Quote string `json:"quote"`
}

// Response is how long a party takes to speak after the other has ended.
type Response struct {
	MedianMS call.Millis `json:"median_ms"`
	P90MS    call.Millis `json:"p90_ms"`
	Count    int         `json:"count"`
}

// Monologue is a stretch in which one party alone has the floor.
type Monologue struct {
	Role call.Role `json:"role"`
	call.Span
	Text string `json:"text"` // how it begins
}

// Shout is a stretch of speech far louder than is usual for its speaker.
type Shout struct {
	Role call.Role `json:"role"`
	call.Span
	LevelDB float64 `json:"level_db"` // in dBFS
	AboveDB float64 `json:"above_db"` // the speaker's own median
	Text    string  `json:"text"`
}
