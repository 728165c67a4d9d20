package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/zhijian-qa/zhijian/config"
)

func TestExitCodesAndMessages(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	settings := filepath.Join(t.TempDir(), "bad.yml")
	if err := os.WriteFile(settings, []byte("worker: 2\nlang: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	circle := filepath.Join(t.TempDir(), "card.yaml")
	if err := os.WriteFile(circle, []byte(`name: mine
zh: 我的
rules:
  - {id: a.one, zh: 甲, kind: must_say, lists: [greetings], points: 5, when: [{rule: a.two, outcome: fail}]}
  - {id: a.two, zh: 乙, kind: expression, holds: 'passed("a.one")', points: 5}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		want string // on standard error
	}{
		{"no path", []string{"score"}, 1, "requires at least 1 arg"},
		{"an unknown command", []string{"listen"}, 1, "unknown command"},
		{"an unknown flag", []string{"score", "x", "--loud"}, 1, "unknown flag: --loud"},
		{"a flag out of range", []string{"score", "x", "--workers", "-1"}, 1, "workers: -1 is not in 0…1024"},
		{"a configuration file with two faults", []string{"score", "x", "--config", settings}, 1, `did you mean "workers"?`},
		{"nothing to score", []string{"score", t.TempDir(), "--data-dir", data}, 1, "no recordings found"},
		{"a missing recording", []string{"score", "/no/such.wav", "--data-dir", data}, 1, "[not_found]"},
		{"an unknown model", []string{"transcribe", settings, "--model", "huge", "--data-dir", data}, 1, "huge"},
		{"an unknown language", []string{"transcribe", settings, "--language", "zz", "--data-dir", data}, 1, `language "zz"`},
		{"an unknown scorecard", []string{"check", "--scorecard", "strict", "--data-dir", data}, 1, "power-service"},
		{"a call that is not there", []string{"explain", "ffff", "--data-dir", data}, 1, "not found"},
		{"no labels", []string{"eval"}, 1, "requires at least 1 arg"},
		{"labels that are not there", []string{"eval", "no.json", settings, "--data-dir", data}, 1, "no.json: 找不到该文件"},
		{"a template of nothing", []string{"eval", "--template", "ffff", "--data-dir", data}, 1, "not found"},
		{"alerts without settings", []string{"alerts", "list"}, 1, "no alert settings are set"},
		{"no server to ask", []string{"health", "--listen", "127.0.0.1:1"}, 1, "connection refused"},
		{"rules that wait for each other", []string{"check", "--scorecard", circle, "--data-dir", data}, 1, ":4:5: rules wait for each other in a circle: a.one → a.two → a.one"},
		{"a list that is not there, beside another fault", []string{"check", "--scorecard", circle, "--data-dir", data}, 1, `the list "greetings", which is not there, did you mean "greeting"?`},
		{"a good check", []string{"check", "--data-dir", data}, 0, "✔ 规则与示例"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			if code := run(t.Context(), tt.args, &out, &errOut); code != tt.code {
				t.Errorf("exit code %d, want %d; standard error: %s", code, tt.code, &errOut)
			}
			if !strings.Contains(errOut.String(), tt.want) {
				t.Errorf("standard error %q, want it to hold %q", &errOut, tt.want)
			}
		})
	}
}

func TestVersionNamesWhatItIsMadeOf(t *testing.T) {
	t.Parallel()
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"version", "--json"}, &out, &errOut); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errOut)
	}
	var about map[string]any
	if err := json.Unmarshal(out.Bytes(), &about); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"zhijian", "libwhisper", "backends", "cpu_features", "model", "dictionary", "scorecard"} {
		if about[key] == nil || about[key] == "" {
			t.Errorf("%s is missing: %s", key, &out)
		}
	}
}

// Every flag is a setting, so that it also has a key in the file and a variable.
func TestEveryFlagIsASetting(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"help": true}
	for _, key := range config.Keys() {
		known[strings.ReplaceAll(key, "_", "-")] = true
	}
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, word := range strings.Fields(cmd.LocalFlags().FlagUsages()) {
			if name, ok := strings.CutPrefix(word, "--"); ok && !known[name] {
				t.Errorf("%s has the flag --%s, which is no setting", cmd.Name(), name)
			}
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(&bytes.Buffer{}, &bytes.Buffer{}))
}
