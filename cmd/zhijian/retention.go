package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func retentionCommand() *cobra.Command {
	root := &cobra.Command{Use: "retention", Short: "保存期限与删除 · how long data are kept, and deleting them"}
	root.AddCommand(
		command(&cobra.Command{
			Use: "apply", Short: "删除超过保存期限（keep）的通话数据 · delete the data of calls that are kept no longer", Args: cobra.NoArgs,
			Example: "  zhijian retention apply --dry-run\n  zhijian retention apply --keep 3y --keep 'complaint: 5y'",
		}, func(cmd *cobra.Command, env app.Env, _ []string) error {
			return app.ApplyRetention(cmd.Context(), env)
		}, dataKeys, []string{"keep", "dry_run", "reviewer", "json"}),
		command(&cobra.Command{
			Use: "erase [CALL…]", Short: "应要求删除几通通话或一位客户的数据 · delete calls, or a customer, on request",
			Example: "  zhijian retention erase 8f3a --note 工单17\n  zhijian retention erase --customer - --dry-run < number.txt",
		}, func(cmd *cobra.Command, env app.Env, args []string) error {
			return app.Erase(cmd.Context(), env, args, cmd.InOrStdin())
		}, dataKeys, []string{"customer", "dry_run", "note", "reviewer", "json"}),
		command(&cobra.Command{
			Use: "log", Short: "已删除了什么、何时、由谁 · what was deleted, when and by whom", Args: cobra.NoArgs,
		}, func(cmd *cobra.Command, env app.Env, _ []string) error {
			return app.RetentionLog(cmd.Context(), env)
		}, dataKeys, []string{"since", "until", "json"}),
	)
	return root
}
