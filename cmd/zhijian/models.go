package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func modelsCommand() *cobra.Command {
	root := &cobra.Command{Use: "models", Short: "语音模型 · speech models"}
	keys := append([]string{"data_dir", "models_dir"}, commonKeys...)
	root.AddCommand(
		command(&cobra.Command{Use: "list", Short: "列出目录中的模型 · list the catalogue", Args: cobra.NoArgs},
			func(_ *cobra.Command, env app.Env, _ []string) error { return app.ListModels(env) }, keys, []string{"json"}),
		command(&cobra.Command{Use: "pull NAME", Short: "下载模型 · download a model", Args: cobra.ExactArgs(1)},
			func(cmd *cobra.Command, env app.Env, args []string) error {
				return app.PullModel(cmd.Context(), env, args[0])
			}, keys, []string{"model_mirror", "trust"}),
		command(&cobra.Command{Use: "add FILE", Short: "加入已有的模型文件 · add a file that is at hand", Args: cobra.ExactArgs(1)},
			func(cmd *cobra.Command, env app.Env, args []string) error {
				return app.AddModel(cmd.Context(), env, args[0])
			}, keys, []string{"trust"}),
		command(&cobra.Command{Use: "verify", Short: "校验已有的模型 · verify the models at hand", Args: cobra.NoArgs},
			func(cmd *cobra.Command, env app.Env, _ []string) error { return app.VerifyModels(cmd.Context(), env) }, keys),
	)
	return root
}
