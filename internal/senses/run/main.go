// Command run learns the model of lexicon/sense anew and writes it, or leaves out what -held names and says how well the
// model tells that.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/zhijian-qa/zhijian/internal/senses"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

const modelPath = "lexicon/sense/model.gz"

func main() {
	held := flag.String("held", "", "calls to leave out and to measure with, a pattern")
	out := flag.String("out", modelPath, "where to write the model")
	flag.Parse()
	if err := run(*held, *out); err != nil {
		fmt.Fprintln(os.Stderr, "learn senses:", err)
		os.Exit(1)
	}
}

func run(held, out string) error {
	lex, err := lexicon.Load(lexicon.Config{})
	if err != nil {
		return err
	}
	defer lex.Close()
	calls, tests, err := divide(senses.Calls, held)
	if err != nil {
		return err
	}
	sources, err := senses.ReadSources(".", senses.Sentences, calls)
	if err != nil {
		return err
	}
	examples, err := sources.Examples(lex)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "学习 learning from %d examples ...\n", len(examples))
	model := senses.Learn(lex, examples).Of(sources.Digest())
	if err := write(model, out); err != nil || len(tests) == 0 {
		return err
	}
	measured, err := senses.ReadSources(".", nil, tests)
	if err != nil {
		return err
	}
	if examples, err = measured.Examples(lex); err != nil {
		return err
	}
	return print(senses.Measure(model, lex, examples))
}

// divide takes out of the calls those that are held out.
func divide(patterns []string, held string) (calls, tests []string, err error) {
	if held != "" {
		if tests, err = filepath.Glob(held); err != nil {
			return nil, nil, fmt.Errorf("find calls to hold out: %w", err)
		}
	}
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return nil, nil, fmt.Errorf("find calls: %w", err)
		}
		for _, path := range paths {
			if !slices.Contains(tests, path) {
				calls = append(calls, path)
			}
		}
	}
	return calls, tests, nil
}

func write(model *sense.Model, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	defer file.Close()
	if err := model.Save(file); err != nil {
		return err
	}
	return file.Close()
}

func print(figures []senses.Figures) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "act\tdone\tof\tordered\trecall\tprecision\t")
	for _, f := range figures {
		fmt.Fprintf(w, "%s\t%d\t%d\t%.3f\t%.2f\t%.2f\t\n", f.Act, f.Done, f.All, f.Ordered, f.Recall, f.Precision)
	}
	return w.Flush()
}
