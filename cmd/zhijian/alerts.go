package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func alertsCommand() *cobra.Command {
	root := &cobra.Command{Use: "alerts", Short: "告警：查看、暂停 · alerts: list them, put them to rest"}
	root.AddCommand(
		command(&cobra.Command{
			Use: "list", Short: "现在的告警 · the alerts of now", Args: cobra.NoArgs,
		}, func(cmd *cobra.Command, env app.Env, _ []string) error {
			return app.ListAlerts(cmd.Context(), env)
		}, commonKeys, []string{"alerts", "time_zone", "json"}),
		command(&cobra.Command{
			Use: "ack ALERT…", Short: "已知悉，暂停提醒 · acknowledged: put alerts to rest for a while", Args: cobra.MinimumNArgs(1),
			Example: `  zhijian alerts ack 3f9a --alert-rest 8h --note "已约谈"`,
		}, func(cmd *cobra.Command, env app.Env, args []string) error {
			return app.AckAlerts(cmd.Context(), env, args)
		}, commonKeys, []string{"data_dir", "alerts", "alert_rest", "time_zone", "note", "reviewer"}),
	)
	return root
}
