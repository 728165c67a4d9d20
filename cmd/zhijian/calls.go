package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func callsCommand() *cobra.Command {
	root := &cobra.Command{Use: "calls", Short: "被搁置的通话 · calls that were set aside"}
	root.AddCommand(
		command(&cobra.Command{
			Use: "failed", Short: "列出被搁置的通话及原因 · list the calls that were set aside, with reasons", Args: cobra.NoArgs,
		}, func(cmd *cobra.Command, env app.Env, _ []string) error {
			return app.FailedCalls(cmd.Context(), env)
		}, dataKeys, []string{"json"}),
		command(&cobra.Command{
			Use: "retry [ID…]", Short: "重新排队 · queue them again",
			Example: "  zhijian calls retry 8f3a\n  zhijian calls retry --all",
		}, func(cmd *cobra.Command, env app.Env, args []string) error {
			return app.RetryCalls(cmd.Context(), env, args)
		}, dataKeys, []string{"all"}),
	)
	return root
}
