package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func reviewCommand() *cobra.Command {
	root := &cobra.Command{Use: "review", Short: "人工复核与申诉 · people's decisions on findings"}
	decide := func(name, short string, decide func(ctx context.Context, env app.Env, ref, rule string) error) *cobra.Command {
		return command(&cobra.Command{
			Use: name + " CALL RULE", Short: short, Args: cobra.ExactArgs(2),
			Example: "  zhijian review " + name + ` call_03.wav forbidden.shirking --note "客户先提到物业"`,
		}, func(cmd *cobra.Command, env app.Env, args []string) error {
			return decide(cmd.Context(), env, args[0], args[1])
		}, dataKeys, []string{"note", "appeal", "reviewer", "json", "unmasked"})
	}
	root.AddCommand(
		command(&cobra.Command{
			Use: "list", Short: "待裁定、已裁定和各规则的准确率 · what waits, what is decided, precision by rule", Args: cobra.NoArgs,
		}, func(cmd *cobra.Command, env app.Env, _ []string) error {
			return app.ReviewList(cmd.Context(), env)
		}, dataKeys, []string{"since", "until", "rule", "json", "unmasked"}),
		decide("accept", "判定成立，扣分 · the finding is right: the points are lost", app.Accept),
		decide("reject", "判定不成立，不扣分 · the finding is wrong: nothing is lost", app.Reject),
	)
	return root
}
