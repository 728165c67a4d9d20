package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/models"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
	"github.com/zhijian-qa/zhijian/worker"
)

// closers are given back in reverse order.
type closers []func() error

func (c *closers) add(fn func() error) { *c = append(*c, fn) }

func (c *closers) close() error {
	var errs []error
	for i := len(*c) - 1; i >= 0; i-- {
		errs = append(errs, (*c)[i]())
	}
	*c = nil
	return errors.Join(errs...)
}

// openStore opens the database of the data folder.
func (e Env) openStore(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, filepath.Join(e.Config.DataDir, "zhijian.db"))
}

// openOwnStore opens it for a use that writes: one process owns a data folder.
func (e Env) openOwnStore(ctx context.Context, c *closers) (*store.Store, error) {
	release, err := store.Lock(e.Config.DataDir)
	if err != nil {
		return nil, err
	}
	c.add(func() error { release(); return nil })
	st, err := e.openStore(ctx)
	if err != nil {
		return nil, err
	}
	c.add(st.Close)
	return st, nil
}

// openScorer loads the lexicons and the scorecard.
func (e Env) openScorer(c *closers) (*score.Scorer, error) {
	lex, err := e.openLexicon(c)
	if err != nil {
		return nil, err
	}
	card, err := score.LoadScorecard(e.Config.Scorecard)
	if err != nil {
		return nil, err
	}
	return score.New(lex, card, score.Config{})
}

func (e Env) openLexicon(c *closers) (*lexicon.Set, error) {
	lex, err := lexicon.Load(lexicon.Config{CacheDir: filepath.Join(e.Config.DataDir, "cache"), Paths: e.Config.Lexicons})
	if err != nil {
		return nil, err
	}
	c.add(func() error { lex.Close(); return nil })
	return lex, nil
}

// openModel loads the speech model that is set, once for all workers.
func (e Env) openModel(c *closers) (*whisper.Model, models.Weights, error) {
	weights, err := models.Resolve(e.Config.Model, e.Config.ModelsDir)
	if err != nil {
		return nil, weights, err
	}
	cfg := whisper.Config{Log: e.Log}
	var model *whisper.Model
	if weights.Bytes != nil {
		model, err = whisper.LoadBytes(weights.Bytes, cfg)
	} else {
		model, err = whisper.LoadFile(weights.Path, cfg)
	}
	if err != nil {
		return nil, weights, fmt.Errorf("load model %s: %w", weights.Name, err)
	}
	c.add(model.Close)
	return model, weights, nil
}

func (e Env) transcribeConfig(weights models.Weights) transcribe.Config {
	return transcribe.Config{
		Model:    weights.Name + "@" + weights.Hash,
		Simplify: lexicon.Simplify,
		Options: transcribe.Options{
			Language: e.Config.Language, Beam: e.Config.Beam, Threads: e.Config.Threads, TemperatureStep: e.Config.Fallback,
		},
		Registerer: e.Registerer,
	}
}

func (e Env) audioConfig() audio.Config {
	return audio.Config{TranscodeTimeout: e.Config.DecodeTimeout}
}

// openPool wires everything that scores recordings.
func (e Env) openPool(ctx context.Context, c *closers) (*worker.Pool, *store.Store, error) {
	st, err := e.openOwnStore(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	scorer, err := e.openScorer(c)
	if err != nil {
		return nil, nil, err
	}
	model, weights, err := e.openModel(c)
	if err != nil {
		return nil, nil, err
	}
	pipeline := worker.NewPipeline(st, scorer, worker.Config{
		AgentChannel: e.Config.AgentChannel,
		Audio:        e.audioConfig(),
		Transcribe:   e.transcribeConfig(weights),
		Log:          e.Log,
		Registerer:   e.Registerer,
	})
	return &worker.Pool{
		Pipeline: pipeline, Workers: e.workers(),
		NewEngine: func() (worker.Recogniser, error) { return model.NewEngine() },
	}, st, nil
}

func (e Env) workers() int {
	if e.Config.Workers > 0 {
		return e.Config.Workers
	}
	return runtime.GOMAXPROCS(0)
}
