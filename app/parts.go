package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
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

// joinClose gives open back and returns err, or else what went wrong in giving it back.
func joinClose(err error, open *closers) error {
	if closing := open.close(); err == nil {
		return closing
	}
	return err
}

func (e Env) storePath() string { return filepath.Join(e.Config.DataDir, "zhijian.db") }

// storeLocation is the database of results: the one that is set, or else a file in the data folder.
func (e Env) storeLocation() string { return cmp.Or(e.Config.Store, e.storePath()) }

// hasStore fails when nothing has been scored in the data folder yet.
func (e Env) hasStore() error {
	if e.Config.Store != "" {
		return nil
	}
	if _, err := os.Stat(e.storePath()); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("nothing has been scored in %s yet: run zhijian score, or name another folder by --data-dir: %w", e.Config.DataDir, call.ErrNotFound)
	}
	return nil
}

// writing opens the database of a data folder that has one, for a use that writes: one process owns it. What
// serve owns may be written too, since decisions, deletions and new scores are transactions of their own.
func (e Env) writing(ctx context.Context, use func(*store.Store) error) (err error) {
	if err := e.hasStore(); err != nil {
		return err
	}
	release, err := store.Lock(e.Config.DataDir)
	switch {
	case err == nil:
		defer release()
	case !errors.Is(err, call.ErrConflict) || !e.isServed(ctx):
		return err
	}
	st, err := store.Open(ctx, e.storeLocation())
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, &closers{st.Close}) }()
	return use(st)
}

// isServed reports whether serve runs on the data folder.
func (e Env) isServed(ctx context.Context) bool {
	_, _, err := e.findServer(ctx)
	return err == nil
}

// reading opens the database of a data folder that has one, for a use that only reads.
func (e Env) reading(ctx context.Context, use func(*store.Store) error) (err error) {
	if err := e.hasStore(); err != nil {
		return err
	}
	st, err := store.Open(ctx, e.storeLocation())
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, &closers{st.Close}) }()
	return use(st)
}

// own makes this process the owner of the data folder.
func (e Env) own(c *closers) error {
	release, err := store.Lock(e.Config.DataDir)
	if err != nil {
		return err
	}
	c.add(func() error { release(); return nil })
	return nil
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
	return score.New(lex, card, e.scoreConfig())
}

// openRules loads the lexicons and the scorecard so that they can be loaded anew.
func (e Env) openRules(c *closers) (*worker.Rules, error) {
	first, err := e.openLexicon(c)
	if err != nil {
		return nil, err
	}
	lex := first
	return worker.NewRules(func() (*score.Scorer, error) {
		if lex == nil { // not the first time: the segmenter stays, the lists are read anew
			var err error
			if lex, err = lexicon.Load(lexicon.Config{Segmenter: first.Segmenter(), Paths: e.Config.Lexicons}); err != nil {
				return nil, err
			}
		}
		loaded := lex
		lex = nil
		card, err := score.LoadScorecard(e.Config.Scorecard)
		if err != nil {
			return nil, err
		}
		return score.New(loaded, card, e.scoreConfig())
	})
}

// scoreConfig hands the settings of the measures on to whoever scores.
func (e Env) scoreConfig() score.Config {
	l := e.Config.Limits
	ms := call.FromDuration
	return score.Config{Limits: score.Limits{
		Pause:            ms(l.Pause),
		InterruptionLead: ms(l.InterruptionLead), InterruptionGoesOn: ms(l.InterruptionGoesOn), InterruptionOverlap: ms(l.InterruptionOverlap),
		YieldWithin:       ms(l.YieldWithin),
		BackchannelLength: ms(l.BackchannelLength), BackchannelCharacters: l.BackchannelCharacters,
		Silence: ms(l.Silence), HoldReach: ms(l.HoldReach), ReturnWithin: ms(l.ReturnWithin),
		RateSpeech: ms(l.RateSpeech), UtteranceSpeech: ms(l.UtteranceSpeech),
		LevelSpeech: ms(l.LevelSpeech), ShoutDB: l.ShoutDB, ShoutFloorDB: l.ShoutFloorDB, ShoutLength: ms(l.ShoutLength),
		Responses: l.Responses, Monologue: ms(l.Monologue),
	}}
}

func (e Env) openLexicon(c *closers) (*lexicon.Set, error) {
	lex, err := lexicon.Load(lexicon.Config{CacheDir: filepath.Join(e.Config.DataDir, "cache"), Paths: e.Config.Lexicons})
	if err != nil {
		return nil, err
	}
	c.add(func() error { lex.Close(); return nil })
	return lex, nil
}

// openModel loads the speech model that is set, once for all workers. Reading, packing and loading a large one take
// many seconds and cannot be stopped: when ctx ends they go on in the background, and what comes of them is given back.
func (e Env) openModel(ctx context.Context, c *closers) (*whisper.Model, models.Weights, error) {
	type loaded struct {
		model   *whisper.Model
		weights models.Weights
		err     error
	}
	done := make(chan loaded, 1)
	go func() {
		var l loaded
		l.model, l.weights, l.err = e.readModel()
		done <- l
	}()
	select {
	case l := <-done:
		if l.err == nil {
			c.add(l.model.Close)
		}
		return l.model, l.weights, l.err
	case <-ctx.Done():
		go func() {
			if l := <-done; l.err == nil {
				_ = l.model.Close() // nothing is lost with it
			}
		}()
		return nil, models.Weights{}, ctx.Err()
	}
}

func (e Env) readModel() (*whisper.Model, models.Weights, error) {
	weights, err := e.resolveModel()
	if err != nil {
		return nil, weights, err
	}
	model, err := loadModel(weights, whisper.Config{Log: e.Log})
	if err != nil {
		return nil, weights, fmt.Errorf("load model %s: %w", weights.Name, err)
	}
	return model, weights, nil
}

// resolveModel finds the speech model that is set, and says whether its weights are packed when it is loaded.
func (e Env) resolveModel() (models.Weights, error) {
	weights, err := models.Resolve(e.Config.Model, e.Config.ModelsDir)
	weights.Packed = e.Config.Weights == models.Packed && weights.Structure.Packable()
	return weights, err
}

func loadModel(weights models.Weights, cfg whisper.Config) (*whisper.Model, error) {
	switch {
	case weights.Bytes != nil:
		return whisper.LoadBytes(weights.Bytes, cfg)
	case !weights.Packed:
		return whisper.LoadFile(weights.Path, cfg)
	}
	packed, err := weights.Pack()
	if err != nil {
		return nil, err
	}
	defer debug.FreeOSMemory() // libwhisper has a copy
	return whisper.LoadBytes(packed, cfg)
}

func (e Env) workerConfig(weights models.Weights) (worker.Config, error) {
	vad, err := e.vadConfig()
	return worker.Config{
		VAD:          vad,
		AgentChannel: e.Config.AgentChannel,
		FixSwapped:   e.Config.FixSwapped,
		MaxDuration:  e.maxDuration(),
		Audio:        e.audioConfig(),
		Transcribe: transcribe.Config{
			Model:    weights.String(),
			Simplify: lexicon.Simplify,
			Patience: e.Config.Patience, Unpunctuated: !e.Config.Punctuation,
			Options: transcribe.Options{
				Language: e.Config.Language, Beam: e.Config.Beam, FullContext: e.Config.FullContext, Threads: e.Config.Threads, TemperatureStep: temperatureStep(e.Config.Fallback),
				Prompt: prompt(e.Config.HotWords),
			},
			Metrics: transcribe.NewMetrics(e.Registerer),
		},
		Log:        e.Log,
		Registerer: e.Registerer,
	}, err
}

// vadConfig chooses who finds speech: the Silero model that is set, or the built-in detector.
func (e Env) vadConfig() (audio.VADConfig, error) {
	if e.Config.VAD == "" {
		return audio.VADConfig{}, nil
	}
	weights, err := models.ResolveVAD(e.Config.VAD, e.Config.ModelsDir)
	if err != nil {
		return audio.VADConfig{}, err
	}
	open := func() (audio.VoiceStream, error) { return whisper.OpenVoices(weights.Path) }
	return audio.VADConfig{Voices: &audio.Voices{Name: weights.String(), Open: open}}, nil
}

// temperatureStep translates the setting, where 0 means no second try, to the engine's option.
func temperatureStep(setting float64) float64 {
	if setting == 0 {
		return -1
	}
	return setting
}

func (e Env) audioConfig() audio.Config {
	return audio.Config{
		TranscodeTimeout: e.Config.DecodeTimeout,
		MaxDuration:      e.maxDuration() + time.Minute, // enough to see that it is too long
	}
}

func (e Env) maxDuration() time.Duration {
	return time.Duration(e.Config.MaxHours * float64(time.Hour))
}

// openPool wires everything that scores recordings into st, in a data folder that is owned.
func (e Env) openPool(ctx context.Context, c *closers, st *store.Store) (*worker.Pool, error) {
	rules, err := e.openRules(c)
	if err != nil {
		return nil, err
	}
	model, weights, err := e.openModel(ctx, c)
	if err != nil {
		return nil, err
	}
	cfg, err := e.workerConfig(weights)
	if err != nil {
		return nil, err
	}
	if err := e.checkHotWords(c); err != nil {
		return nil, err
	}
	if err := whisper.CheckOptions(cfg.Transcribe.Options); err != nil {
		return nil, err
	}
	if cfg.Audio.ScratchDir, err = e.cleanScratch(); err != nil {
		return nil, err
	}
	e.registerBuild(cfg.Transcribe.Model, rules)
	rules.Instrument(e.Registerer)
	pipeline := worker.NewReloadingPipeline(st, rules, cfg)
	return &worker.Pool{
		Pipeline: pipeline, Workers: e.workers(),
		NewEngine: func() (worker.Recogniser, error) { return model.NewEngine() },
	}, nil
}

// cleanScratch returns the folder for transcoded audio of a data folder that is owned, emptied of what
// a killed run may have left.
func (e Env) cleanScratch() (string, error) {
	folder := filepath.Join(e.Config.DataDir, "scratch")
	if err := os.RemoveAll(folder); err != nil {
		return "", fmt.Errorf("clean scratch folder: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make scratch folder: %w", err)
	}
	return folder, nil
}

// scratchFor makes a folder for copies of recordings, which a killed run leaves to cleanScratch.
func (e Env) scratchFor(pattern string) (string, error) {
	folder := filepath.Join(e.Config.DataDir, "scratch")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make scratch folder: %w", err)
	}
	return os.MkdirTemp(folder, pattern)
}

func (e Env) workers() int {
	if e.Config.Workers > 0 {
		return e.Config.Workers
	}
	return runtime.GOMAXPROCS(0)
}
