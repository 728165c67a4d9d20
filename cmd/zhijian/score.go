package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func scoreCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "score PATH…",
		Short: "为录音评分：文件、文件夹或清单 · score recordings: files, folders or a manifest",
		Example: `  zhijian score /recordings/2026-11-21
  zhijian score day.csv --workers 8
  zhijian score call.wav --json`,
		Args: cobra.MinimumNArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		return app.Score(cmd.Context(), env, args)
	}, dataKeys, engineKeys, ruleKeys, []string{"workers", "json", "unmasked", "file_patterns", "min_calls"})
}
