package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/zhijian-qa/zhijian/config"
)

var keys = []string{"config", "data_dir", "workers", "lang", "json", "lexicons", "agent_channel", "store", "queue"}

func load(t *testing.T, file string, env map[string]string, args ...string) (config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.Bind(flags, keys...)
	if file != "" {
		path := filepath.Join(t.TempDir(), "zhijian.yml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return config.Load(flags, func(name string) (string, bool) { v, ok := env[name]; return v, ok })
}

func TestFlagBeatsEnvironmentBeatsFile(t *testing.T) {
	t.Parallel()
	file := "workers: 2\nlang: en\nlexicons:\n  - a.yml\n  - b.yml\n"
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want int
	}{
		{"the file beats the default", nil, nil, 2},
		{"the environment beats the file", map[string]string{"ZHIJIAN_WORKERS": "3"}, nil, 3},
		{"the flag beats the environment", map[string]string{"ZHIJIAN_WORKERS": "3"}, []string{"--workers=4"}, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := load(t, file, tt.env, tt.args...)
			if err != nil {
				t.Fatal(err)
			}
			if c.Workers != tt.want || c.Lang != "en" {
				t.Errorf("workers %d, lang %s; want %d, en", c.Workers, c.Lang, tt.want)
			}
			if diff := cmp.Diff([]string{"a.yml", "b.yml"}, c.Lexicons); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThePasswordOfAStoreComesFromFileOrEnvironment(t *testing.T) {
	t.Parallel()
	const url = "postgres://u:geheim@h/d"
	for name, from := range map[string]func() (config.Config, error){
		"file":              func() (config.Config, error) { return load(t, "store: "+url+"\n", nil) },
		"environment":       func() (config.Config, error) { return load(t, "", map[string]string{"ZHIJIAN_STORE": url}) },
		"flag, no password": func() (config.Config, error) { return load(t, "", nil, "--store", "postgres://u@h/d?sslmode=disable") },
	} {
		c, err := from()
		if err != nil || !strings.HasPrefix(c.Store, "postgres://u") {
			t.Errorf("%s: got %q, %v", name, c.Store, err)
		}
	}
}

func TestPathsFollowTheDataFolder(t *testing.T) {
	t.Parallel()
	c, err := load(t, "", nil, "--data-dir", "/d", "--json", "--lexicons", "x, 1.yml", "--lexicons", "y.yml")
	if err != nil {
		t.Fatal(err)
	}
	if c.ModelsDir != filepath.Join("/d", "models") || !c.JSON || len(c.Lexicons) != 2 {
		t.Errorf("got %+v", c)
	}
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		env        map[string]string
		args       []string
		want       []string
	}{
		{"an unknown key gets a hint", "worker: 2\n", nil, nil, []string{`:1:1: unknown key "worker", did you mean "workers"?`}},
		{"a key far from all is named", "zzzzzz: 2\n", nil, nil, []string{`:1:1: unknown key "zzzzzz"`}},
		{
			"values of the wrong kind", "workers: many\njson: 7\n", nil, nil,
			[]string{`:1:10: workers: "many" is not a whole number`, `:2:7: json: "7" is not true or false`},
		},
		{"a list where a value is wanted", "lang: [zh, en]\n", nil, nil, []string{":1:7: one value is wanted here, not a list"}},
		{"a mapping where a value is wanted", "lang:\n  zh: 1\n", nil, nil, []string{":2:5: one value is wanted here"}},
		{"a key set twice", "workers: 1\nworkers: 2\n", nil, nil, []string{`zhijian.yml:2:1: mapping key "workers" already defined`}},
		{"no value", "workers:\n", nil, nil, []string{":1:10: no value is given"}},
		{"not a mapping", "- a\n- b\n", nil, nil, []string{"wants a mapping of keys to values"}},
		{"no YAML at all", "a: [1\n", nil, nil, []string{"zhijian.yml"}},
		{"numbers in a list of texts", "lexicons: [010]\n", nil, nil, []string{":1:12: 010 is not text: put it in quotes"}},
		{
			"out of range", "agent_channel: 5\n",
			map[string]string{"ZHIJIAN_SINCE": "soon"},
			[]string{"--lang", "fr"},
			[]string{"zhijian.yml:1:16: agent_channel: 5 is neither 0 nor 1", `ZHIJIAN_SINCE: "soon" is not a day`, `--lang: "fr" is neither zh nor en`},
		},
		{"a period that ends before it begins", "since: '2026-11-21'\nuntil: '2026-11-20'\n", nil, nil, []string{`:2:8: until: "2026-11-20" comes before since`}},
		{"a step that never ends", "temperature_step: 0.000001\nmax_hours: 'Inf'\n", nil, nil, []string{"temperature_step: 1e-06 is neither 0 nor", "max_hours: +Inf is not"}},
		{"a user on the command line", "", nil, []string{"--queue", "nats://u:geheim@h:4222"}, []string{"--queue: who this is can be seen by everyone"}},
		{"no queue", "queue: http://u:geheim@h\n", nil, nil, []string{":1:8: queue: this is neither empty nor a list of URLs such as nats://host:4222"}},
		{"no database", "store: mysql://u:geheim@h/d\n", nil, nil, []string{":1:8: store: this is neither empty nor a URL such as postgres://user@host/database"}},
		{
			"a password where all can see it", "", nil,
			[]string{"--store", "postgres://u:geheim@h/d"},
			[]string{"--store: a password on the command line can be seen by everyone on this machine"},
		},
		{
			"a password where all can see it, as a setting", "", nil,
			[]string{"--store", "postgres://u@h/d?password=geheim"},
			[]string{"--store: a password on the command line"},
		},
		{
			"a token where all can see it", "", nil,
			[]string{"--queue", "nats://geheim@h:4222"},
			[]string{"--queue: who this is can be seen by everyone"},
		},
		{
			"tokens and certificates", "token: short\ntls_cert: a.pem\ntls_client_ca: ca.pem\nupload_to: nowhere\n", nil, nil,
			[]string{":1:8: token: it is shorter than 16", ":2:11: tls_cert: TLS takes tls_cert and tls_key", `:4:12: upload_to: no source is called "nowhere"`},
		},
		{
			"uploads into a source that moves recordings", "sources:\n  - {name: pbx, url: 'file:///calls', move_done: done/}\nupload_to: pbx\n", nil, nil,
			[]string{":3:12: upload_to: source pbx moves recordings"},
		},
		{
			"thresholds out of range", "silence_length: 0s\nshout_db: -3\nshout_floor_db: 2\nresponses: 0\nmonologue: 3h\ninterruption_lead: 1us\nyield_within: soon\n", nil, nil,
			[]string{
				":1:17: silence_length: 0s is not in 1ms", ":2:11: shout_db: -3 is not above 0", ":3:17: shout_floor_db: 2 is not below 0",
				":4:12: responses: 0 is not in 1", ":5:12: monologue: 3h0m0s is not in", ":6:20: interruption_lead: 1µs is not in",
				`:7:15: yield_within: "soon" is not a length of time`,
			},
		},
		{"a bad variable", "", map[string]string{"ZHIJIAN_WORKERS": "x"}, nil, []string{"ZHIJIAN_WORKERS: "}},
		{"a missing file", "", map[string]string{"ZHIJIAN_CONFIG": "/no/such.yml"}, nil, []string{"there is no such configuration file"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, tt.file, tt.env, tt.args...)
			var invalid *config.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v, want an Invalid", err)
			}
			for _, want := range tt.want {
				if strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to hold %q", err, want)
				}
			}
		})
	}
}

func TestAnEmptyVariableIsNotSet(t *testing.T) {
	t.Parallel()
	c, err := load(t, "", map[string]string{"ZHIJIAN_LANG": "", "ZHIJIAN_WORKERS": "", "ZHIJIAN_LEXICONS": "a,b.yml\nc.yml"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a,b.yml", "c.yml"}, c.Lexicons); diff != "" || c.Lang != "zh" {
		t.Errorf("lang %q, lexicons (-want +got):\n%s", c.Lang, diff)
	}
}

func TestAnEmptyFileIsFine(t *testing.T) {
	t.Parallel()
	if _, err := load(t, "# nothing yet\n", nil); err != nil {
		t.Error(err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte("workers: 2\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? x\n: y\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "c.yml")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		flags := pflag.NewFlagSet("fuzz", pflag.ContinueOnError)
		_, _ = config.Load(flags, func(name string) (string, bool) { return path, name == "ZHIJIAN_CONFIG" })
	})
}

// TestEverySettingIsDocumented holds each setting's help, and its row of the documentation, against its default and
// both languages.
func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	flags := pflag.NewFlagSet("all", pflag.ContinueOnError)
	config.Bind(flags, config.Keys()...)
	for _, key := range config.Keys() {
		flag := flags.Lookup(strings.ReplaceAll(key, "_", "-"))
		_, after, found := strings.Cut(string(text), "\n| `"+key+"` | ")
		if !found {
			t.Errorf("docs/configuration.md does not name %s", key)
			continue
		}
		shown, meaning, _ := strings.Cut(after, " | ")
		if shown = strings.Trim(shown, "`"); shown != flag.DefValue && (shown != "–" || flag.DefValue != "") {
			t.Errorf("%s: docs/configuration.md gives the default %s, want %q", key, shown, flag.DefValue)
		}
		meaning, _, _ = strings.Cut(meaning, "\n")
		for where, words := range map[string]string{"docs/configuration.md": meaning, "its help": flag.Usage} {
			if zh, en, both := strings.Cut(words, " · "); !both || zh == "" || en == "" {
				t.Errorf("%s: %s has it not in both languages: %s", key, where, words)
			}
		}
	}
}
