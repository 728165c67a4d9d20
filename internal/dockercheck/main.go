// Command dockercheck runs a Dockerfile's own steps without Docker: each stage in a root of Debian testing
// made by debootstrap, then the result as the image says, on a read-only root, until its health check passes
// and it has transcribed a call. It needs Linux, root and a Debian mirror. It may import nothing of ours.
//
//	go run ./internal/dockercheck [-work FOLDER] [-keep] [CONTEXT]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "docker-check:", err)
		os.Exit(1) //nolint:forbidigo // a program
	}
}

func run(ctx context.Context) error {
	work := flag.String("work", ".cache/docker-check", "folder for the roots")
	keep := flag.Bool("keep", false, "leave the roots of the stages")
	flag.Parse()
	folder := "."
	if flag.NArg() > 0 {
		folder = flag.Arg(0)
	}
	if os.Getuid() != 0 {
		return fmt.Errorf("this needs root, for debootstrap and chroot")
	}
	file, err := os.ReadFile(filepath.Join(folder, "Dockerfile"))
	if err != nil {
		return err
	}
	stages, err := parse(string(file))
	if err != nil {
		return err
	}
	b := &builder{context: folder, work: *work, roots: map[string]string{}}
	if b.work, err = filepath.Abs(b.work); err != nil {
		return err
	}
	if !*keep {
		defer b.clean()
	}
	var last *image
	for i, s := range stages {
		if last, err = b.build(ctx, s, i); err != nil {
			return fmt.Errorf("stage %d (%s): %w", i+1, s.from, err)
		}
	}
	return last.check(ctx, filepath.Join(folder, "testdata", "demo", "20261120-102055-1031.wav"))
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "docker-check: "+format+"\n", args...) }
