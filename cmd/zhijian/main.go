// Command zhijian scores the recorded calls of a contact centre against its service norms.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // the default time zone must be known on any machine

	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/app"
)

// version is set when the program is built.
var version = "dev"

func main() {
	// The first signal ends the context; after it the second ends the process at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	collectSooner()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// collectSooner keeps the memory of long calls down: nearly all time is spent in the recogniser, so
// collecting garbage twice as often as Go does costs nothing that can be seen. GOGC still decides.
func collectSooner() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(50)
	}
}

func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	root := newRoot(out, errOut)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Canceled
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(errOut, "zhijian: 已中断 · interrupted")
	case err != nil:
		fmt.Fprintln(errOut, "zhijian:", err)
	}
	return app.ExitCode(err)
}

func newRoot(out, errOut io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:           "zhijian",
		Short:         "质检：为每一通电话评分 · scores every recorded call",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetOut(out)
	root.SetErr(errOut)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		scoreCommand(), rescoreCommand(), reviewCommand(), reportCommand(), explainCommand(), clipCommand(), transcribeCommand(),
		evalCommand(), checkCommand(), lexiconCommand(), modelsCommand(), serveCommand(), workerCommand(), callsCommand(),
		alertsCommand(), healthCommand(), backupCommand(), retentionCommand(), versionCommand(),
	)
	return root
}
