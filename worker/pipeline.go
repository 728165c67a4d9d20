package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// Config is what recordings are worked on by. Its zero value works.
type Config struct {
	AgentChannel int           // channel of the agent where the metadata don't say. Defaults to 0.
	FixSwapped   bool          // put swapped channels right by the words. Defaults to naming them only.
	MaxDuration  time.Duration // longest recording taken. Defaults to any.
	Audio        audio.Config
	VAD          audio.VADConfig
	Transcribe   transcribe.Config
	Log          *slog.Logger          // defaults to no log
	Registerer   prometheus.Registerer // defaults to a registry of its own
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Pipeline takes one recording from its file to its stored score. Several workers may use it at once.
type Pipeline struct {
	*Listener
	store *store.Store
	rules *Rules
	same  singleflight.Group // by content hash: the same audio is never worked on twice at once
}

// NewPipeline returns a pipeline that keeps its results in st and scores with scorer.
func NewPipeline(st *store.Store, scorer *score.Scorer, cfg Config) *Pipeline {
	return NewReloadingPipeline(st, HoldRules(scorer), cfg)
}

// NewReloadingPipeline returns a pipeline that keeps its results in st and scores by the rules that are held
// when a call's turn comes.
func NewReloadingPipeline(st *store.Store, rules *Rules, cfg Config) *Pipeline {
	p := &Pipeline{Listener: NewListener(cfg), store: st, rules: rules}
	rules.Follow(func(s *score.Scorer) { p.metrics.judged.expect(s.Scorecard().Severities()) })
	return p
}

// Rules returns the rules that calls are scored by.
func (p *Pipeline) Rules() *Rules { return p.rules }

// Done tells what became of one recording.
type Done struct {
	Item   source.Item
	Record score.Record     // when Err is nil
	Err    error            // a *call.Fault, or why the work was stopped
	Fresh  bool             // transcribed now, not taken from the store
	Ended  bool             // the item's job is done, and the store knows
	Stats  transcribe.Stats // when Fresh
}

// Process takes one recording all the way.
type Process func(ctx context.Context, item source.Item) Done

// Process takes item all the way. A recording whose transcript is in the store already is only
// scored. What fails is kept in the store with its reason, unless ctx has ended.
func (p *Pipeline) Process(ctx context.Context, transcriber *transcribe.Transcriber, item source.Item) Done {
	started := time.Now()
	done := p.guarded(item, func() Done { return p.process(ctx, transcriber, item) })
	if done.Err != nil && ctx.Err() != nil {
		return done
	}
	p.metrics.finished(done, time.Since(started))
	p.logWork(done, time.Since(started))
	if done.Err != nil && !isStoppage(done.Err) && !IsErased(done.Err) {
		p.fail(ctx, item, done.Err)
	}
	return done
}

// logWork says what a new transcript took.
func (p *Pipeline) logWork(done Done, took time.Duration) {
	if !done.Fresh || done.Err != nil {
		return
	}
	s := done.Stats
	p.cfg.Log.Info("call transcribed", slog.String("call_id", done.Record.Recording.ID),
		slog.Int64("duration_ms", int64(done.Record.Recording.Duration)), slog.Int64("speech_ms", int64(s.Speech)),
		slog.Int("windows", s.Windows), slog.Int("encoded", s.Encoded), slog.Int64("computed_ms", int64(s.Computed)),
		slog.Int("retries", s.Retries), slog.Int("fallbacks", s.Fallbacks), slog.Int("tokens", s.Decoded),
		slog.Int64("engine_ms", s.Engine.Milliseconds()), slog.Int64("took_ms", took.Milliseconds()))
}

func (p *Pipeline) process(ctx context.Context, transcriber *transcribe.Transcriber, item source.Item) Done {
	recording, err := p.Identify(ctx, item)
	if err != nil {
		return Done{Item: item, Err: err}
	}
	done := p.take(ctx, transcriber, sighting{recording, item})
	if isStoppage(done.Err) && ctx.Err() == nil {
		if erased := p.refuseErased(ctx, recording); erased != nil { // deleted while it was worked on
			done.Err = erased
		}
	}
	return done
}

// erased is the code of the fault of a recording whose data were deleted.
const erased = "erased"

// IsErased reports whether a recording was left alone because its data were deleted, for their age or on
// request. That is no failure: nothing of it is kept again.
func IsErased(err error) bool { return call.FaultCode(err) == erased }

// refuseErased returns a fault when the data of recording were deleted.
func (p *Pipeline) refuseErased(ctx context.Context, recording call.Recording) error {
	erasure, was, err := p.store.Erased(ctx, recording.SHA256)
	if err != nil {
		return storeFault("find erasure", err)
	}
	if was {
		return call.NewFault(erased, fmt.Sprintf("the data of call %s were deleted on %s: it is not scored again",
			erasure.ID, erasure.At.Format(time.DateOnly)), nil)
	}
	return nil
}

func (p *Pipeline) fail(ctx context.Context, item source.Item, cause error) {
	p.cfg.Log.Info("recording failed", slog.String("reason", call.FaultCode(cause)))
	failure := call.Failure{
		Path: item.Path, Code: call.FaultCode(cause), Message: cause.Error(), StartedAt: item.StartedAt,
	}
	if err := p.store.SaveFailure(ctx, failure); err != nil {
		p.cfg.Log.Error("failure not kept", slog.String("error", err.Error()))
	}
}

// sighting is a recording as it was found now.
type sighting struct {
	call.Recording
	item source.Item
}

// take takes the recording seen all the way. Workers that see the same audio at once go one after the other.
func (p *Pipeline) take(ctx context.Context, transcriber *transcribe.Transcriber, seen sighting) (done Done) {
	for own := false; !own; {
		_, _, _ = p.same.Do(seen.SHA256, func() (any, error) {
			own = true
			done = p.guarded(seen.item, func() Done { return p.takeAlone(ctx, transcriber, seen) })
			return nil, nil
		})
	}
	return done
}

// takeAlone scores the stored transcript, or makes a new one, which it stores.
func (p *Pipeline) takeAlone(ctx context.Context, transcriber *transcribe.Transcriber, seen sighting) Done {
	done := Done{Item: seen.item}
	kept, known, err := p.sight(ctx, seen)
	if err != nil {
		done.Err = err
		return done
	}
	if known {
		heard, err := p.stored(ctx, kept)
		if err == nil {
			done.Record, done.Err = p.score(ctx, heard)
			return done
		}
		if !errors.Is(err, call.ErrNotFound) {
			done.Err = storeFault("find transcript", err)
			return done
		}
	}
	heard, err := p.listen(ctx, transcriber, kept, seen.item.File())
	if err != nil {
		done.Err = err
		return done
	}
	done.Fresh, done.Stats = true, heard.Stats
	if !known {
		done.Record, done.Ended, done.Err = p.saveNew(ctx, heard, seen.item.Job)
	}
	if !done.Ended && done.Err == nil { // something is kept of it
		done.Record, done.Err = p.save(ctx, kept, heard)
	}
	return done
}

// listen makes the transcript of recording as it is kept.
func (p *Pipeline) listen(ctx context.Context, transcriber *transcribe.Transcriber, recording call.Recording, name string) (Heard, error) {
	heard, err := p.Listen(ctx, transcriber, recording, name)
	if err != nil {
		return Heard{}, err
	}
	heard.Transcript = p.rules.Scorer().Segment(heard.Transcript)
	if p.cfg.FixSwapped {
		heard.Health, heard.Transcript = p.rules.Scorer().PutRight(heard.Health, heard.Transcript)
	}
	return heard, nil
}

// saveNew scores heard and saves it with its result and the end of its job; ok is false when something is kept of the
// recording by now. A mistake in scoring does not cost the transcript.
func (p *Pipeline) saveNew(ctx context.Context, heard Heard, job string) (record score.Record, ok bool, err error) {
	defer p.metrics.stage("score")()
	scored := false
	defer func() {
		if scored {
			return
		}
		if err := p.store.SaveTranscript(ctx, heard.Recording, heard.Health, heard.Transcript); err != nil {
			p.cfg.Log.Error("transcript not kept", slog.String("call_id", heard.Recording.ID), slog.String("error", err.Error()))
		}
	}()
	record = p.rules.Scorer().Score(heard.Recording, heard.Health, heard.Transcript)
	scored = true
	ok, err = p.store.SaveNew(ctx, heard.Health, record, job)
	return record, ok, storeFault("save call", err)
}

// save saves heard beside what is kept of its recording, and its result.
func (p *Pipeline) save(ctx context.Context, kept call.Recording, heard Heard) (score.Record, error) {
	if err := p.store.SaveTranscript(ctx, heard.Recording, heard.Health, heard.Transcript); err != nil {
		return score.Record{}, storeFault("save transcript", err)
	}
	heard, err := p.stored(ctx, kept)
	if err != nil {
		return score.Record{}, storeFault("find transcript", err)
	}
	return p.score(ctx, heard)
}

// sight returns the recording with the metadata that are kept for its audio, and the path at which it was seen now;
// known is false when nothing of it is kept. One whose data were deleted is a fault. It notes where known audio was
// seen, and when other metadata were said of it.
func (p *Pipeline) sight(ctx context.Context, seen sighting) (kept call.Recording, known bool, err error) {
	met, err := p.store.Meet(ctx, seen.SHA256)
	if err != nil {
		return call.Recording{}, false, storeFault("find recording", err)
	}
	if met.Erased {
		return call.Recording{}, false, p.refuseErased(ctx, seen.Recording)
	}
	if !met.Kept {
		return seen.Recording, false, nil
	}
	now := seen.Recording
	now.Metadata = seen.item.Said
	conflict, err := p.store.AddSighting(ctx, now)
	if err != nil {
		return call.Recording{}, false, storeFault("save sighting", err)
	}
	if conflict {
		p.metrics.conflicts.Inc()
		p.cfg.Log.Warn("metadata_conflict: the same audio is known with other metadata; the first is kept",
			slog.String("call_id", seen.ID))
	}
	kept, err = p.store.FindRecording(ctx, seen.SHA256)
	kept.Path = seen.Path // the first may be gone
	return kept, true, storeFault("find recording", err)
}

func (p *Pipeline) stored(ctx context.Context, seen call.Recording) (Heard, error) {
	recording, health, transcript, err := p.store.FindTranscript(ctx, seen.SHA256, p.revisionOf(seen))
	if err != nil {
		return Heard{}, err
	}
	return Heard{Recording: recording, Health: health, Transcript: transcript}, nil
}

func (p *Pipeline) score(ctx context.Context, heard Heard) (score.Record, error) {
	defer p.metrics.stage("score")()
	record := p.rules.Scorer().Score(heard.Recording, heard.Health, heard.Transcript)
	if err := p.store.SaveResult(ctx, record); err != nil {
		return score.Record{}, storeFault("save result", err)
	}
	return p.store.Decided(ctx, record)
}

// stoppage is an error of the store: it would meet every recording, so it ends the whole run.
type stoppage struct{ error }

func (s stoppage) Unwrap() error { return s.error }

func isStoppage(err error) bool {
	var stop stoppage
	return errors.As(err, &stop)
}

// storeFault wraps an error of the store, nil stays nil.
func storeFault(what string, err error) error {
	if err == nil {
		return nil
	}
	return stoppage{fmt.Errorf("%s: %w", what, err)}
}
