package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func clipCommand() *cobra.Command {
	return command(&cobra.Command{
		Use:     "clip CALL",
		Short:   "导出依据的录音片段 · write the audio behind a finding",
		Example: `  zhijian clip call_03.wav --rule forbidden.shirking --out clips`,
		Args:    cobra.ExactArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		return app.Clip(cmd.Context(), env, args[0])
	}, dataKeys, []string{"rule", "margin", "out", "unmasked"})
}
