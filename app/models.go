package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/mattn/go-runewidth"
	"github.com/schollz/progressbar/v3"

	"github.com/zhijian-qa/zhijian/models"
)

// ListModels prints the demo model, the catalogue and the models that were added.
func ListModels(env Env) error {
	list, err := models.List(env.Config.ModelsDir)
	if err != nil {
		return err
	}
	if env.Config.JSON {
		if err := json.NewEncoder(env.Out).Encode(list); err != nil {
			return fmt.Errorf("print models: %w", err)
		}
		return nil
	}
	for _, m := range list {
		size := max(m.Size, m.Bytes)
		_, err := fmt.Fprintf(env.Out, "%s %s %8s  %s\n",
			runewidth.FillRight(m.Name, 24), runewidth.FillRight(env.state(m.State), 10), megabytes(size), m.Note)
		if err != nil {
			return fmt.Errorf("print models: %w", err)
		}
	}
	return nil
}

func (e Env) state(s models.State) string {
	switch s {
	case models.StateEmbedded:
		return e.text("内置", "built in")
	case models.StateInstalled:
		return e.text("已安装", "installed")
	case models.StatePartial:
		return e.text("未下完", "partial")
	}
	return e.text("可下载", "available")
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "?"
	}
	return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
}

// PullModel downloads a model of the catalogue; a download that broke off is taken up again.
func PullModel(ctx context.Context, env Env, name string) error {
	bar := env.byteBar(name)
	m, err := models.Pull(ctx, name, env.Config.ModelsDir, models.PullConfig{
		Address: env.Config.ModelMirror, Trust: env.Config.Trust, Progress: bar,
	})
	if err != nil {
		return err
	}
	env.say("%s 已就绪：%s", "%s is ready: %s", m.Name, m.File)
	return nil
}

// AddModel copies a file that is at hand into the models folder and checks it.
func AddModel(ctx context.Context, env Env, path string) error {
	m, err := models.Add(ctx, path, env.Config.ModelsDir, env.Config.Trust, env.byteBar(path))
	if err != nil {
		return err
	}
	env.say("%s 已就绪：%s", "%s is ready: %s", m.Name, m.File)
	return nil
}

// VerifyModels hashes every model at hand. A model that cannot be used makes it fail.
func VerifyModels(ctx context.Context, env Env) error {
	bars := map[string]func(done, total int64){}
	verified, err := models.Verify(ctx, env.Config.ModelsDir, func(name string, done, total int64) {
		if bars[name] == nil {
			bars[name] = env.byteBar(name)
		}
		bars[name](done, total)
	})
	if err != nil {
		return err
	}
	faults := 0
	for _, v := range verified {
		if v.Err != nil {
			faults++
			env.say("✘ %s：%v", "✘ %s: %v", v.Name, v.Err)
			continue
		}
		env.say("✔ %s %s", "✔ %s %s", v.Name, v.SHA256)
	}
	if faults > 0 {
		return ErrCheckFailed
	}
	return nil
}

// byteBar returns a progress bar that counts bytes, and does nothing where nobody watches.
func (e Env) byteBar(name string) func(done, total int64) {
	if !e.Terminal {
		return func(int64, int64) {}
	}
	var bar *progressbar.ProgressBar
	return func(done, total int64) {
		if bar == nil {
			bar = progressbar.NewOptions64(max(total, -1),
				progressbar.OptionSetWriter(e.Err), progressbar.OptionSetDescription(name), progressbar.OptionShowBytes(true),
				progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		if total > 0 {
			bar.ChangeMax64(total)
		}
		_ = bar.Set64(done) // a terminal that is gone stops no work
	}
}
