package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Bind adds a flag for each of keys to flags, with the setting's default and description.
func Bind(flags *pflag.FlagSet, keys ...string) {
	defaults := Default()
	for _, f := range fields(&defaults) {
		if slices.Contains(keys, f.key) {
			flags.Var(&text{value: f.def, kind: f.value.Kind().String()}, f.flag(), f.usage)
			if f.value.Kind().String() == "bool" {
				flags.Lookup(f.flag()).NoOptDefVal = "true"
			}
		}
	}
}

// text is a flag that keeps what was typed; it is parsed with the other sources in Load.
type text struct{ value, kind string }

// String returns what was typed.
func (t *text) String() string { return t.value }

// Set takes the value over; a list grows by one.
func (t *text) Set(value string) error {
	if t.kind == "slice" && t.value != "" {
		value = t.value + "\n" + value
	}
	t.value = value
	return nil
}

// Type names the kind of the value in the help.
func (t *text) Type() string {
	if t.kind == "slice" {
		return "text, may be repeated"
	}
	return t.kind
}

// Load returns the settings from the defaults, the configuration file, the variables that lookup
// finds (os.LookupEnv) and the flags that were typed, each beating the one before. The error joins
// all faults, those of the file with line and column, and is an *Invalid.
func Load(flags *pflag.FlagSet, lookup func(string) (string, bool)) (Config, error) {
	c := Default()
	origins := map[string]string{}
	path := configPath(flags, lookup)
	faults := c.readFile(path, origins)
	for _, f := range fields(&c) {
		if value, ok := lookup(f.variable()); ok && value != "" {
			faults = append(faults, f.take(value, f.variable(), origins)...)
		}
		if flag := flags.Lookup(f.flag()); flag != nil && flag.Changed {
			faults = append(faults, f.take(flag.Value.String(), "--"+f.flag(), origins)...)
		}
	}
	c.Config, c.given = path, map[string]bool{}
	for key := range origins {
		c.given[key] = true
	}
	if origin := origins["store"]; strings.HasPrefix(origin, "--") && hasPassword(c.Store) {
		faults = append(faults, origin+": a password on the command line can be seen by everyone on this machine: "+
			"put the URL into the configuration file or ZHIJIAN_STORE, or the password into PGPASSWORD or the file that PGPASSFILE names")
	}
	if origin := origins["queue"]; strings.HasPrefix(origin, "--") && strings.Contains(c.Queue, "@") {
		faults = append(faults, origin+": who this is can be seen by everyone on this machine: put the URL into the configuration file or "+
			"ZHIJIAN_QUEUE, or use NATS_USER and NATS_PASSWORD, NATS_TOKEN or queue_credentials")
	}
	for _, i := range c.validate() {
		faults = append(faults, fmt.Sprintf("%s: %s", cmp.Or(origins[i.key], i.key), i.message))
	}
	if len(faults) > 0 {
		return c, &Invalid{Faults: faults}
	}
	return c.withPaths(), nil
}

// take sets the setting to what origin says and remembers origin for faults found later.
func (f field) take(value, origin string, origins map[string]string) []string {
	origins[f.key] = origin
	if err := f.set(value); err != nil {
		return []string{fmt.Sprintf("%s: %v", origin, err)}
	}
	return nil
}

// Invalid is the error for settings that cannot be used. It holds one sentence a fault.
type Invalid struct{ Faults []string }

// Error returns all faults, one a line.
func (e *Invalid) Error() string { return strings.Join(e.Faults, "\n") }

func configPath(flags *pflag.FlagSet, lookup func(string) (string, bool)) string {
	if flag := flags.Lookup("config"); flag != nil && flag.Changed {
		return flag.Value.String()
	}
	path, _ := lookup("ZHIJIAN_CONFIG")
	return path
}

func (c *Config) readFile(path string, origins map[string]string) []string {
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return []string{fmt.Sprintf("%s: there is no such configuration file", path)}
		}
		return []string{fmt.Sprintf("read configuration file: %v", err)}
	}
	return c.readYAML(path, data, origins)
}
