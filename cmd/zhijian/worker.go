package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func workerCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:     "worker",
		Short:   "只评分的工作进程，与 serve 共用队列和数据库 · workers only, on the queue and the database of serve",
		Example: "  zhijian worker --config zhijian.yml --workers 8",
		Args:    cobra.NoArgs,
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		return app.Work(cmd.Context(), env)
	}, dataKeys, engineKeys, ruleKeys, serviceKeys, []string{"file_patterns", "max_file_mb"})
}
