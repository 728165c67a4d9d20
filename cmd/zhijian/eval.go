package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func evalCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "eval LABELS… | --template CALL…",
		Short: "与人工标注对比：字错率、指标误差、各规则的准确率与一致性 · hold stored results against human labels",
		Long: "LABELS 是标注文件（JSON 或 CSV，格式见 docs/eval.md）；--template 打印已评分通话的标注模板 · " +
			"LABELS are files of labels (JSON or CSV, see docs/eval.md); --template prints labels of scored calls to start from",
		Example: `  zhijian eval --template 8f3a > call_03.json     # 核对后改 checked · check it, then set checked
  zhijian eval labels/*.json
  zhijian eval sheet.csv --json`,
		Args: cobra.MinimumNArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		if env.Config.Template {
			return app.LabelTemplate(cmd.Context(), env, args)
		}
		return app.Eval(cmd.Context(), env, args)
	}, dataKeys, []string{"template", "csv", "json", "unmasked"})
}
