package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// Lines writes JSON Lines: one compact object for each recording, as the public contract says.
type Lines struct {
	enc  *json.Encoder
	mask func(string) string
}

// NewLines returns Lines that write to w, with personal data hidden by mask; a nil mask shows them.
func NewLines(w io.Writer, mask func(string) string) *Lines {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Lines{enc: enc, mask: mask}
}

// Call writes a scored call.
func (l *Lines) Call(rec score.Record) error {
	if err := l.enc.Encode(complete(MaskRecord(rec, l.mask))); err != nil {
		return fmt.Errorf("write json line: %w", err)
	}
	return nil
}

// transcriptLine is the form of a recording that was only transcribed.
type transcriptLine struct {
	Recording  call.Recording       `json:"recording"`
	Health     []call.ChannelHealth `json:"health"`
	Transcript call.Transcript      `json:"transcript"`
}

// Transcript writes a call that has a transcript and no score.
func (l *Lines) Transcript(rec score.Record) error {
	rec = complete(MaskRecord(rec, l.mask))
	if err := l.enc.Encode(transcriptLine{rec.Recording, rec.Health, rec.Transcript}); err != nil {
		return fmt.Errorf("write json line: %w", err)
	}
	return nil
}

// failureLine is the form of a recording that could not be worked on.
type failureLine struct {
	Recording struct {
		Path string `json:"path"`
	} `json:"recording"`
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// Failure writes a recording that could not be worked on.
func (l *Lines) Failure(f call.Failure) error {
	f = MaskFailure(f, l.mask)
	var line failureLine
	line.Recording.Path, line.Error.Code, line.Error.Message = f.Path, f.Code, f.Message
	if err := l.enc.Encode(line); err != nil {
		return fmt.Errorf("write json line: %w", err)
	}
	return nil
}

// complete returns rec with empty lists where it has none, so that readers find a list wherever the
// contract has one. A withheld measure stays null.
func complete(rec score.Record) score.Record {
	rec.Health = filled(rec.Health)
	for i := range rec.Health {
		rec.Health[i].Reasons = filled(rec.Health[i].Reasons)
	}
	rec.Transcript.Utterances = rounded(rec.Transcript.Utterances)
	rec.Transcript.Removed = filled(rec.Transcript.Removed)
	if rec.Measures.Withheld == nil {
		rec.Measures.Withheld = map[string]string{}
	}
	if _, withheld := rec.Measures.Withheld["interruptions"]; !withheld {
		rec.Measures.Interruptions = filled(rec.Measures.Interruptions)
	}
	if _, withheld := rec.Measures.Withheld["silences"]; !withheld {
		rec.Measures.Silences = filled(rec.Measures.Silences)
	}
	rec.Score.Criteria = filled(rec.Score.Criteria)
	for i := range rec.Score.Criteria {
		rec.Score.Criteria[i].Evidence = filled(rec.Score.Criteria[i].Evidence)
	}
	return rec
}

// rounded returns a copy of utterances, never nil, with confidences in thousandths: more digits than that
// say nothing, and every word has one.
func rounded(utterances []call.Utterance) []call.Utterance {
	utterances = filled(utterances)
	for i := range utterances {
		u := &utterances[i]
		u.Confidence = thousandth(u.Confidence)
		u.Words = slices.Clone(u.Words)
		for j := range u.Words {
			u.Words[j].Confidence = thousandth(u.Words[j].Confidence)
		}
	}
	return utterances
}

func thousandth(f float64) float64 { return math.Round(f*1000) / 1000 }

// filled returns a copy of items that is never nil.
func filled[T any](items []T) []T { return append([]T{}, items...) }
