package config

import (
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

func (t *text) String() string         { return t.value }
func (t *text) Set(value string) error { t.value = value; return nil }
func (t *text) Type() string           { return t.kind }

// Load returns the settings from the defaults, the configuration file, the variables that lookup
// finds (os.LookupEnv) and the flags that were typed, each beating the one before. The error joins
// all faults, those of the file with line and column, and is an *Invalid.
func Load(flags *pflag.FlagSet, lookup func(string) (string, bool)) (Config, error) {
	c := Default()
	var faults []string
	path := configPath(flags, lookup)
	if path != "" {
		faults = append(faults, c.readFile(path)...)
	}
	for _, f := range fields(&c) {
		if value, ok := lookup(f.variable()); ok {
			if err := f.set(value); err != nil {
				faults = append(faults, fmt.Sprintf("%s: %v", f.variable(), err))
			}
		}
		if flag := flags.Lookup(f.flag()); flag != nil && flag.Changed {
			if err := f.set(flag.Value.String()); err != nil {
				faults = append(faults, fmt.Sprintf("--%s: %v", f.flag(), err))
			}
		}
	}
	c.Config = path
	if faults = append(faults, c.validate()...); len(faults) > 0 {
		return c, &Invalid{Faults: faults}
	}
	return c.withPaths(), nil
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

func (c *Config) readFile(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return []string{fmt.Sprintf("%s: there is no such configuration file", path)}
		}
		return []string{fmt.Sprintf("read configuration file: %v", err)}
	}
	return c.readYAML(path, data)
}
