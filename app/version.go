package app

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"

	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/models"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/transcribe/whisper"
)

// about is what the program is made of.
type about struct {
	Zhijian    string   `json:"zhijian"`
	Go         string   `json:"go"`
	Libwhisper string   `json:"libwhisper"`
	Backends   []string `json:"backends"`
	Features   []string `json:"cpu_features"`
	Model      string   `json:"model"` // name@hash, and +q8_0 when it is packed
	ModelNote  string   `json:"model_note,omitempty"`
	Dictionary string   `json:"dictionary"`
	Scorecard  string   `json:"scorecard"`
}

// Version prints the versions and hashes of what recognises and scores here.
func Version(_ context.Context, env Env) error {
	a := about{Zhijian: env.Version, Go: runtime.Version(), Dictionary: lexicon.DictionaryRevision()}
	system, err := whisper.System()
	if err != nil {
		return err
	}
	a.Libwhisper, a.Backends, a.Features = system.Version, system.Backends, system.Features
	weights, err := env.resolveModel()
	if err != nil {
		return err
	}
	a.Model = weights.String()
	if weights.Demo {
		a.ModelNote = models.DemoNote
	}
	card, err := score.LoadScorecard(env.Config.Scorecard)
	if err != nil {
		return err
	}
	a.Scorecard = card.Name() + "@" + card.Hash()
	if env.Config.JSON {
		if err := json.NewEncoder(env.Out).Encode(a); err != nil {
			return fmt.Errorf("print version: %w", err)
		}
		return nil
	}
	return a.print(env)
}

func (a about) print(env Env) error {
	model := a.Model
	if a.ModelNote != "" {
		model += "  (" + a.ModelNote + ")"
	}
	_, err := fmt.Fprintf(env.Out, `zhijian     %s
go          %s
libwhisper  %s
ggml        %s
cpu         %s
model       %s
dictionary  %s
scorecard   %s
`, a.Zhijian, a.Go, a.Libwhisper, strings.Join(a.Backends, ", "), strings.Join(a.Features, " "), model, a.Dictionary, a.Scorecard)
	if err != nil {
		return fmt.Errorf("print version: %w", err)
	}
	return nil
}
