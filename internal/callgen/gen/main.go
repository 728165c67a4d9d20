// Command gen makes synthetic calls from call scripts: a recording and a truth file for each, and a
// manifest of them all.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/zhijian-qa/zhijian/internal/callgen"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := flag.String("out", ".", "folder that gets the recordings, their truth and manifest.csv")
	seed := flag.Uint64("random", 0, "make one random call with this seed instead of reading scripts")
	minutes := flag.Float64("minutes", 5, "length of the random call")
	flag.Parse()
	if err := run(ctx, *out, *seed, *minutes, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, seed uint64, minutes float64, scripts []string) error {
	if seed != 0 {
		made, err := callgen.Random(ctx, seed, minutes)
		if err != nil {
			return err
		}
		return made.Write(out)
	}
	if len(scripts) == 0 {
		return errors.New("no scripts named")
	}
	scripts, err := files(scripts)
	if err != nil {
		return err
	}
	truths, err := callgen.Generate(ctx, out, scripts)
	if err != nil {
		return err
	}
	for _, t := range truths {
		fmt.Printf("%s  %s  agent %.2f  faults %d  %s\n", t.File, t.Duration, t.AgentTalkRatio(), len(t.Faults), t.Title)
	}
	return callgen.WriteManifest(filepath.Join(out, "manifest.csv"), truths)
}

// files replaces folders by the scripts in them.
func files(paths []string) ([]string, error) {
	var found []string
	for _, path := range paths {
		inside, err := filepath.Glob(filepath.Join(path, "*.script"))
		if err != nil {
			return nil, fmt.Errorf("list scripts: %w", err)
		}
		if inside == nil {
			inside = []string{path}
		}
		found = append(found, inside...)
	}
	return found, nil
}
