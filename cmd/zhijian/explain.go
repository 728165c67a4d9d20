package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func explainCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "explain CALL",
		Short: "说明一通电话的得分与依据 · show one call's scorecard with its evidence",
		Long:  "CALL 是编号、编号的开头或文件名 · CALL is an ID, the beginning of one, or a file name",
		Args:  cobra.ExactArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		return app.Explain(cmd.Context(), env, args[0])
	}, dataKeys, []string{"json", "unmasked"})
}
