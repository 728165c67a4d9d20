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

// Config is what a Pipeline works by. Its zero value works.
type Config struct {
	AgentChannel int // channel of the agent where the metadata don't say. Defaults to 0.
	Audio        audio.Config
	VAD          audio.VADConfig
	Transcribe   transcribe.Config
	Log          *slog.Logger          // defaults to no log
	Registerer   prometheus.Registerer // defaults to a registry of its own
}

// Pipeline takes one recording from its file to its stored score. It may be used by several
// workers at once.
type Pipeline struct {
	store    *store.Store
	scorer   *score.Scorer
	cfg      Config
	revision string // of every transcript that this pipeline makes
	metrics  *metrics
	same     singleflight.Group // by content hash: the same audio is never transcribed twice at once
}

// NewPipeline returns a pipeline that keeps its results in st and scores with scorer.
func NewPipeline(st *store.Store, scorer *score.Scorer, cfg Config) *Pipeline {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Registerer == nil {
		cfg.Registerer = prometheus.NewRegistry()
	}
	return &Pipeline{
		store: st, scorer: scorer, cfg: cfg, metrics: newMetrics(cfg.Registerer),
		revision: cfg.Transcribe.Revision(cfg.VAD.Name()),
	}
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
// scored. What fails is kept in the store with its reason, except for a cancelled ctx.
func (p *Pipeline) Process(ctx context.Context, transcriber *transcribe.Transcriber, item source.Item) Done {
	started := time.Now()
	done := Done{Item: item}
	done.Record, done.Stats, done.Fresh, done.Err = p.process(ctx, transcriber, item)
	p.metrics.finished(done, time.Since(started))
	if done.Err != nil && ctx.Err() == nil {
		p.fail(ctx, item, done.Err)
	}
	return done
}

func (p *Pipeline) fail(ctx context.Context, item source.Item, cause error) {
	p.cfg.Log.Warn("recording failed", slog.String("reason", call.FaultCode(cause)))
	failure := call.Failure{Path: item.Path, Code: call.FaultCode(cause), Message: cause.Error()}
	if err := p.store.SaveFailure(ctx, failure); err != nil {
		p.cfg.Log.Error("failure not kept", slog.String("error", err.Error()))
	}
}

func (p *Pipeline) process(ctx context.Context, transcriber *transcribe.Transcriber, item source.Item) (score.Record, transcribe.Stats, bool, error) {
	recording, err := p.identify(ctx, item)
	if err != nil {
		return score.Record{}, transcribe.Stats{}, false, err
	}
	heard, fresh, err := p.hear(ctx, transcriber, recording)
	if err != nil {
		return score.Record{}, transcribe.Stats{}, false, err
	}
	record, err := p.score(ctx, heard)
	return record, heard.stats, fresh, err
}

// identify gives the recording its content hash.
func (p *Pipeline) identify(ctx context.Context, item source.Item) (call.Recording, error) {
	defer p.metrics.stage("hash")()
	hash, err := audio.Hash(ctx, item.Path)
	if err != nil {
		return call.Recording{}, err
	}
	return call.Recording{ID: call.NewID(hash), SHA256: hash, Path: item.Path, Metadata: item.Metadata}, nil
}

// heard is a recording with its transcript.
type heard struct {
	recording  call.Recording
	health     []call.ChannelHealth
	transcript call.Transcript
	stats      transcribe.Stats
	fresh      bool
}

// hear returns the transcript of recording: the stored one, or a new one, which it stores. The
// second result says whether this very call made it.
func (p *Pipeline) hear(ctx context.Context, transcriber *transcribe.Transcriber, recording call.Recording) (heard, bool, error) {
	own := false
	value, err, _ := p.same.Do(recording.SHA256, func() (any, error) {
		own = true
		known, err := p.stored(ctx, recording.SHA256)
		if errors.Is(err, call.ErrNotFound) {
			known, err = p.listen(ctx, transcriber, recording)
		}
		return known, err
	})
	if err != nil {
		return heard{}, false, err
	}
	result := value.(heard)
	if own && result.fresh {
		return result, true, nil
	}
	conflict, err := p.store.AddSighting(ctx, recording)
	if err != nil {
		return heard{}, false, fmt.Errorf("keep sighting: %w", err)
	}
	if conflict {
		p.metrics.conflicts.Inc()
		p.cfg.Log.Warn("metadata_conflict: the same audio is known with other metadata, the first is kept", slog.String("call_id", recording.ID))
	}
	result, err = p.stored(ctx, recording.SHA256)
	return result, false, err
}

func (p *Pipeline) stored(ctx context.Context, hash string) (heard, error) {
	recording, health, transcript, err := p.store.FindTranscript(ctx, hash, p.revision)
	return heard{recording: recording, health: health, transcript: transcript}, err
}

// listen makes and stores the transcript of recording.
func (p *Pipeline) listen(ctx context.Context, transcriber *transcribe.Transcriber, recording call.Recording) (heard, error) {
	file, err := audio.Open(ctx, recording.Path, p.cfg.Audio)
	if err != nil {
		return heard{}, err
	}
	defer file.Close()
	analysis, err := p.analyse(ctx, file)
	if err != nil {
		return heard{}, err
	}
	recording.Duration = analysis.Info.Duration
	roles := Roles(analysis.Info.Channels, recording.AgentChannel, p.cfg.AgentChannel)
	h := heard{health: audio.Health(analysis, roles), fresh: true}
	stop := p.metrics.stage("transcribe")
	h.transcript, h.stats, err = transcriber.Call(ctx, file, analysis, roles)
	stop()
	if err != nil {
		return heard{}, err
	}
	h.transcript.Revision = p.revision
	if err := p.store.SaveTranscript(ctx, recording, h.health, h.transcript); err != nil {
		return heard{}, fmt.Errorf("save transcript: %w", err)
	}
	h.recording = recording
	return h, nil
}

func (p *Pipeline) analyse(ctx context.Context, file *audio.File) (audio.Analysis, error) {
	defer p.metrics.stage("audio")()
	return audio.Analyse(ctx, file, p.cfg.VAD)
}

func (p *Pipeline) score(ctx context.Context, h heard) (score.Record, error) {
	defer p.metrics.stage("score")()
	record := p.scorer.Score(h.recording, h.health, h.transcript)
	if err := p.store.SaveResult(ctx, record); err != nil {
		return score.Record{}, fmt.Errorf("save result: %w", err)
	}
	return record, nil
}

// Roles returns who is on each of n channels: the agent on the channel that the metadata name, else
// on the default one. A single channel carries both parties, so its role is unknown.
func Roles(n int, named *int, fallback int) []call.Role {
	if n != 2 {
		return []call.Role{call.RoleUnknown}
	}
	agent := fallback
	if named != nil {
		agent = *named
	}
	if agent == 1 {
		return []call.Role{call.RoleCustomer, call.RoleAgent}
	}
	return []call.Role{call.RoleAgent, call.RoleCustomer}
}
