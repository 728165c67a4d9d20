package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func healthCommand() *cobra.Command {
	return command(&cobra.Command{
		Use: "health", Short: "问本机的服务是否在运行 · ask the server of this machine whether it runs", Args: cobra.NoArgs,
		Long: "问 metrics_listen（空则 listen）上的服务是否在运行，供容器的健康检查使用。\nAsks the server at metrics_listen, or else listen, whether it runs: the health check of containers.",
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		return app.Health(cmd.Context(), env)
	}, commonKeys, []string{"listen", "metrics_listen"})
}
