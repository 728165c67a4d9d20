package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

// serviceKeys are the settings of what runs until it is stopped.
var serviceKeys = []string{
	"queue", "queue_stream", "queue_replicas", "ack_wait", "max_attempts", "start_timeout", "drain_timeout", "min_free_mb", "workers", "metrics_listen",
	"token_file", "tls_cert", "tls_key", "tls_client_ca", "metrics_guard",
}

func serveCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:     "serve",
		Short:   "服务：取录音、评分、接口与指标，直到停止 · take recordings, score them, API and metrics, until stopped",
		Example: "  zhijian serve --config zhijian.yml\n  zhijian serve --listen 127.0.0.1:8090 --workers 4",
		Args:    cobra.NoArgs,
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		return app.Serve(cmd.Context(), env)
	}, dataKeys, engineKeys, ruleKeys, serviceKeys, []string{"listen", "long_mb", "file_patterns", "upload_token_file", "upload_to", "max_file_mb", "scan_every"})
}
