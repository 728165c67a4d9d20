package main

import (
	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

func lexiconCommand() *cobra.Command {
	root := &cobra.Command{Use: "lexicon", Short: "词库 · word lists"}
	root.AddCommand(command(&cobra.Command{
		Use:   "try SENTENCE…",
		Short: "看一句话怎样分词、怎样匹配 · show the words, the sound and the matches of a sentence",
		Long: "“-” 从标准输入读，一行一句 · \"-\" reads sentences from standard input, one a line.\n" +
			"--json 每句一行 · prints a line each: {\"text\", \"normalised\", \"tokens\", \"matches\"}; offsets count code points.",
		Example: `  zhijian lexicon try "您好，工号四零三为您服务"
  zhijian lexicon try - --json < sentences.txt`,
		Args: cobra.MinimumNArgs(1),
	}, func(cmd *cobra.Command, env app.Env, args []string) error {
		return app.TryLexicon(cmd.Context(), env, cmd.InOrStdin(), args)
	}, dataKeys, []string{"lexicons", "json"}))
	return root
}
