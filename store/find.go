package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// unknowable reports whether nothing stored can be called text: no text of a database holds a NUL, and asking for one
// is an error.
func unknowable(text string) bool { return strings.Contains(text, "\x00") }

// findLimit bounds how many candidates an ambiguous reference names.
const findLimit = 5

// candidate is a recording that a reference may mean.
type candidate struct {
	SHA256 string   `bun:"sha256"`
	ID     string   `bun:"id"`
	Path   diskPath `bun:"path"`
}

// FindCall returns the result saved last, with what people decided about it, of the call that ref means: an ID, the beginning of one, a
// path, or a file name with or without its extension. It is call.ErrNotFound when there is none
// and call.ErrConflict, with a message that lists them, when there are several.
func (s *Store) FindCall(ctx context.Context, ref string) (score.Record, error) {
	rec, err := s.FindJudged(ctx, ref)
	if err != nil {
		return score.Record{}, err
	}
	return s.Decided(ctx, rec)
}

// FindJudged returns what FindCall does as the program judged it, without what people decided.
func (s *Store) FindJudged(ctx context.Context, ref string) (score.Record, error) {
	found, err := s.findOne(ctx, ref, "scored ", func(q *bun.SelectQuery) { q.Where("recording.result_key IS NOT NULL") })
	if err != nil {
		return score.Record{}, fmt.Errorf("find call: %w", err)
	}
	row := new(callRow)
	if err := s.selectCalls().Model(row).Where("recording.sha256 = ?", found.SHA256).Scan(ctx); err != nil {
		return score.Record{}, fmt.Errorf("find call: %w", err)
	}
	rec, err := row.record()
	if err != nil {
		return score.Record{}, fmt.Errorf("find call: %w", err)
	}
	return rec, nil
}

// FindAny returns the recording that ref means, as FindCall does, whether it is scored or not.
func (s *Store) FindAny(ctx context.Context, ref string) (call.Recording, error) {
	found, err := s.findOne(ctx, ref, "", func(*bun.SelectQuery) {})
	if err != nil {
		return call.Recording{}, fmt.Errorf("find call: %w", err)
	}
	return s.FindRecording(ctx, found.SHA256)
}

// findOne returns the only recording that ref means, of those that only leaves and that are called so.
func (s *Store) findOne(ctx context.Context, ref, called string, only func(*bun.SelectQuery)) (candidate, error) {
	found, err := s.candidates(ctx, strings.TrimSpace(ref), only)
	switch {
	case err != nil:
		return candidate{}, err
	case len(found) == 0:
		return candidate{}, fmt.Errorf("%w: no %scall has the ID or file name %q", call.ErrNotFound, called, ref)
	case len(found) > 1:
		return candidate{}, fmt.Errorf("%w: %q means several calls:%s", call.ErrConflict, ref, list(found))
	}
	return found[0], nil
}

// candidates returns the recordings that ref may mean, by the most exact reading that finds any.
func (s *Store) candidates(ctx context.Context, ref string, only func(*bun.SelectQuery)) ([]candidate, error) {
	if ref == "" || unknowable(ref) {
		return nil, nil
	}
	lower := escapeLike(strings.ToLower(ref))
	for _, reading := range []struct {
		where string
		value any
	}{
		{"recording.id = ?", strings.ToLower(ref)},
		{"sighting.path = ?", diskPath(ref)},
		{"sighting.name = ?", diskPath(ref)},
		{`recording.sha256 LIKE ? ESCAPE '\'`, lower + "%"},
		{`sighting.name LIKE ? ESCAPE '\'`, diskPath(escapeLike(ref) + ".%")},
	} {
		var found []candidate
		query := s.read.NewSelect().TableExpr("recordings AS recording").
			ColumnExpr("DISTINCT recording.sha256, recording.id, recording.path").
			Join("JOIN sightings AS sighting ON sighting.sha256 = recording.sha256").
			Where(reading.where, reading.value).OrderExpr("recording.path").Limit(findLimit + 1)
		only(query)
		err := query.Scan(ctx, &found)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

func list(found []candidate) string {
	var b strings.Builder
	for i, c := range found {
		if i == findLimit {
			b.WriteString("\n  …")
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s", c.ID, c.Path)
	}
	return b.String()
}

// escapeLike makes text stand for itself in a LIKE pattern whose escape character is a backslash.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
