package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func backupCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:     "backup FILE",
		Short:   "备份结果数据库，运行中也可以 · back up the database of results, also while others work",
		Example: "  zhijian backup /备份/zhijian-2026-11-21.db",
		Args:    cobra.ExactArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		return app.Backup(cmd.Context(), env, args[0])
	}, dataKeys, []string{"force", "json"})
}
