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
	AgentChannel int // channel of the agent where the metadata don't say. Defaults to 0.
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
	same  singleflight.Group // by content hash: the same audio is never transcribed twice at once
}

// NewPipeline returns a pipeline that keeps its results in st and scores with scorer.
func NewPipeline(st *store.Store, scorer *score.Scorer, cfg Config) *Pipeline {
	return NewReloadingPipeline(st, HoldRules(scorer), cfg)
}

// NewReloadingPipeline returns a pipeline that keeps its results in st and scores by the rules that are held
// when a call's turn comes.
func NewReloadingPipeline(st *store.Store, rules *Rules, cfg Config) *Pipeline {
	return &Pipeline{Listener: NewListener(cfg), store: st, rules: rules}
}

// Done tells what became of one recording.
type Done struct {
	Item   source.Item
	Record score.Record     // when Err is nil
	Err    error            // a *call.Fault, or why the work was stopped
	Fresh  bool             // transcribed now, not taken from the store
	Stats  transcribe.Stats // when Fresh
}

// Process takes item all the way. A recording whose transcript is in the store already is only
// scored. What fails is kept in the store with its reason, unless ctx has ended.
func (p *Pipeline) Process(ctx context.Context, transcriber *transcribe.Transcriber, item source.Item) Done {
	started := time.Now()
	done := p.process(ctx, transcriber, item)
	if done.Err != nil && ctx.Err() != nil {
		return done
	}
	p.metrics.finished(done, time.Since(started))
	if done.Err != nil {
		p.fail(ctx, item, done.Err)
	}
	return done
}

func (p *Pipeline) process(ctx context.Context, transcriber *transcribe.Transcriber, item source.Item) Done {
	done := Done{Item: item}
	recording, err := p.Identify(ctx, item)
	if err != nil {
		done.Err = err
		return done
	}
	heard, fresh, err := p.hear(ctx, transcriber, recording)
	if err != nil {
		done.Err = err
		return done
	}
	done.Fresh, done.Stats = fresh, heard.Stats
	done.Record, done.Err = p.score(ctx, heard)
	return done
}

func (p *Pipeline) fail(ctx context.Context, item source.Item, cause error) {
	p.cfg.Log.Warn("recording failed", slog.String("reason", call.FaultCode(cause)))
	failure := call.Failure{Path: item.Path, Code: call.FaultCode(cause), Message: cause.Error()}
	if err := p.store.SaveFailure(ctx, failure); err != nil {
		p.cfg.Log.Error("failure not kept", slog.String("error", err.Error()))
	}
}

// hear returns what is said in recording: the stored transcript, or a new one, which it stores. The
// second result says whether this very call made it.
func (p *Pipeline) hear(ctx context.Context, transcriber *transcribe.Transcriber, recording call.Recording) (Heard, bool, error) {
	fresh, stats := false, transcribe.Stats{}
	_, err, _ := p.same.Do(recording.SHA256, func() (any, error) {
		_, err := p.stored(ctx, recording)
		if errors.Is(err, call.ErrNotFound) {
			fresh = true
			stats, err = p.listen(ctx, transcriber, recording)
		}
		return nil, err
	})
	if err != nil {
		return Heard{}, false, err
	}
	if err := p.sight(ctx, recording); err != nil {
		return Heard{}, false, err
	}
	heard, err := p.stored(ctx, recording)
	heard.Stats = stats
	return heard, fresh, err
}

// listen makes and keeps the transcript of recording.
func (p *Pipeline) listen(ctx context.Context, transcriber *transcribe.Transcriber, recording call.Recording) (transcribe.Stats, error) {
	heard, err := p.Listen(ctx, transcriber, recording)
	if err != nil {
		return heard.Stats, err
	}
	if err := p.store.SaveTranscript(ctx, heard.Recording, heard.Health, heard.Transcript); err != nil {
		return heard.Stats, fmt.Errorf("save transcript: %w", err)
	}
	return heard.Stats, nil
}

// sight keeps where a recording was seen, and notes when it is known with other metadata.
func (p *Pipeline) sight(ctx context.Context, recording call.Recording) error {
	conflict, err := p.store.AddSighting(ctx, recording)
	if err != nil {
		return fmt.Errorf("save sighting: %w", err)
	}
	if conflict {
		p.metrics.conflicts.Inc()
		p.cfg.Log.Warn("metadata_conflict: the same audio is known with other metadata; the first is kept",
			slog.String("call_id", recording.ID))
	}
	return nil
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
		return score.Record{}, fmt.Errorf("save result: %w", err)
	}
	return p.store.Decided(ctx, record)
}
