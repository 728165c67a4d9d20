package main

import (
	"io"
	"log/slog"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/config"
)

// The settings that several commands take as flags.
var (
	commonKeys = []string{"config", "lang", "log_level"}
	dataKeys   = append([]string{"data_dir", "store", "time_zone"}, commonKeys...)
	engineKeys = []string{
		"model", "models_dir", "weights", "vad", "language", "beam", "temperature_step", "window_patience", "hot_words", "punctuation", "threads", "agent_channel", "max_hours", "decode_timeout",
	}
	ruleKeys = []string{"scorecard", "lexicons"}
)

// action is a use of the program, given its settings.
type action func(cmd *cobra.Command, env app.Env, args []string) error

// command gives cmd its flags and runs do with the settings read.
func command(cmd *cobra.Command, do action, keys ...[]string) *cobra.Command {
	for _, list := range keys {
		config.Bind(cmd.Flags(), list...)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		settings, err := config.Load(cmd.Flags(), os.LookupEnv)
		if err != nil {
			return err
		}
		return do(cmd, newEnv(settings, cmd.OutOrStdout(), cmd.ErrOrStderr()), args)
	}
	return cmd
}

func newEnv(settings config.Config, out, errOut io.Writer) app.Env {
	var level slog.Level
	if err := level.UnmarshalText([]byte(settings.LogLevel)); err != nil { // checked by config
		level = slog.LevelWarn
	}
	return app.Env{
		Config: settings, Out: out, Err: errOut,
		Terminal: isTerminal(errOut), Colour: isTerminal(out) && os.Getenv("NO_COLOR") == "",
		Log:        slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: level})),
		Registerer: prometheus.NewRegistry(),
		Version:    version,
	}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
