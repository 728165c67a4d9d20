package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func versionCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:   "version",
		Short: "版本与组成 · version and what it is made of",
		Args:  cobra.NoArgs,
	}, func(cmd *cobra.Command, env app.Env, _ []string) error {
		return app.Version(cmd.Context(), env)
	}, dataKeys, []string{"model", "models_dir", "weights", "json"})
}
