package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func checkCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "check",
		Short: "检查配置、词库和评分卡及其示例 · check settings, lexicons, scorecards and their examples",
		Args:  cobra.NoArgs,
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		if env.Config.Watch {
			return app.WatchCheck(cmd.Context(), env)
		}
		return app.Check(cmd.Context(), env)
	}, dataKeys, ruleKeys, []string{"file_patterns", "keep", "watch"})
}
