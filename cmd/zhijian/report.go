package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func reportCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "report",
		Short: "生成报告：Excel、CSV、JSON、网页 · write the report: xlsx, csv, json, html",
		Example: `  zhijian report --since 2026-11-20 --until 2026-11-20 --out report
  zhijian report --by team --clips`,
		Args: cobra.NoArgs,
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		return app.Report(cmd.Context(), env)
	}, dataKeys, []string{"since", "until", "by", "out", "min_calls", "clips", "margin", "json", "unmasked"})
}
