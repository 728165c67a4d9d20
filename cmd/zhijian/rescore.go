package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func rescoreCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "rescore",
		Short: "换规则后重新评分，并比较前后 · score stored calls by other rules and compare",
		Long: "只用已保存的转写文本，不读录音；新结果与旧结果并存 · " +
			"from stored transcripts alone, never from audio; old results stay beside the new ones",
		Example: `  zhijian rescore --since 2026-11-20 --scorecard strict.yaml --dry-run
  zhijian rescore --lexicons lists/ --diff`,
		Args: cobra.NoArgs,
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		return app.Rescore(cmd.Context(), env)
	}, dataKeys, ruleKeys, []string{"since", "until", "workers", "dry_run", "diff", "json", "unmasked"})
}
