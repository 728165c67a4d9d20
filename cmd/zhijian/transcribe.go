package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func transcribeCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "transcribe FILE…",
		Short: "转写录音：文本、字幕或 JSON · print what was said as text, srt or json",
		Args:  cobra.MinimumNArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		return app.Transcribe(cmd.Context(), env, args)
	}, dataKeys, engineKeys, []string{"format", "json", "unmasked"})
}
