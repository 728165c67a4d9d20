package worker

import (
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/audio"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// Heard is a recording with what was said in it.
type Heard struct {
	Recording  call.Recording
	Health     []call.ChannelHealth
	Transcript call.Transcript
	Stats      transcribe.Stats
}

// Listener takes a recording from its file to its transcript, and keeps nothing.
type Listener struct {
	cfg      Config
	revision string // of every transcript that it makes, but for the agent's channel
	metrics  *metrics
}

// NewListener returns a listener.
func NewListener(cfg Config) *Listener {
	cfg = cfg.withDefaults()
	return &Listener{cfg: cfg, metrics: newMetrics(cfg.Registerer), revision: cfg.Transcribe.Revision(cfg.VAD.String())}
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = discard()
	}
	if c.Registerer == nil {
		c.Registerer = prometheus.NewRegistry()
	}
	return c
}

// Identify gives the recording its content hash and ID.
func (l *Listener) Identify(ctx context.Context, item source.Item) (call.Recording, error) {
	defer l.metrics.stage("hash")()
	hash, err := audio.Hash(ctx, item.File())
	if err != nil {
		return call.Recording{}, err
	}
	return call.Recording{ID: call.NewID(hash), SHA256: hash, Path: item.Path, Metadata: item.Metadata}, nil
}

// Listen makes the transcript of recording, whose bytes are in the file called name.
func (l *Listener) Listen(ctx context.Context, transcriber *transcribe.Transcriber, recording call.Recording, name string) (Heard, error) {
	file, err := audio.Open(ctx, name, l.cfg.Audio)
	if err != nil {
		return Heard{}, err
	}
	defer file.Close()
	defer l.metrics.work.start()()
	if limit := l.cfg.MaxDuration; limit > 0 && file.Info().Duration.Duration() > limit {
		return Heard{}, call.NewFault("too_long", fmt.Sprintf("the recording is longer than the %.1f hours that max_hours allows", limit.Hours()), nil)
	}
	analysis, err := l.analyse(ctx, file)
	if err != nil {
		return Heard{}, err
	}
	recording.Duration = analysis.Info.Duration
	roles := rolesOf(analysis.Info.Channels, l.agentChannel(recording))
	heard := Heard{Recording: recording, Health: audio.Health(analysis, roles)}
	defer l.metrics.stage("transcribe")()
	heard.Transcript, heard.Stats, err = transcriber.Call(ctx, file, analysis, roles)
	heard.Transcript.Revision = l.revisionOf(recording)
	if err == nil && !call.Chinese(heard.Transcript.Language) {
		heard.Health = foreign(heard.Health)
	}
	return heard, err
}

// foreign names on every channel that the call is not in Chinese, before any other reason.
func foreign(health []call.ChannelHealth) []call.ChannelHealth {
	named := slices.Clone(health)
	for i := range named {
		named[i].Reasons = append([]string{call.ReasonLanguage}, named[i].Reasons...)
		if named[i].Status == call.StatusOK {
			named[i].Status = call.StatusWarn
		}
	}
	return named
}

func (l *Listener) analyse(ctx context.Context, file *audio.File) (audio.Analysis, error) {
	defer l.metrics.stage("audio")()
	return audio.Analyse(ctx, file, l.cfg.VAD)
}

// agentChannel returns the channel that the metadata name, else the default one.
func (l *Listener) agentChannel(recording call.Recording) int {
	if recording.AgentChannel != nil {
		return *recording.AgentChannel
	}
	return l.cfg.AgentChannel
}

// revisionOf returns the revision of recording's transcript: it also says on which channel the agent
// was taken to be and whether the words may put it right, so that each gives a transcript of its own.
func (l *Listener) revisionOf(recording call.Recording) string {
	roles := fmt.Sprintf("agent%d", l.agentChannel(recording))
	if l.cfg.FixSwapped {
		roles += "-fixed"
	}
	return l.revision + "-" + roles
}

// rolesOf returns who is on each of n channels. A single channel carries both parties, so its role is
// unknown.
func rolesOf(n, agentChannel int) []call.Role {
	switch {
	case n != 2:
		return []call.Role{call.RoleUnknown}
	case agentChannel == 1:
		return []call.Role{call.RoleCustomer, call.RoleAgent}
	}
	return []call.Role{call.RoleAgent, call.RoleCustomer}
}
