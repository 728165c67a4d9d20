package config

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// set parses text into the setting. A list has one item a line.
func (f field) set(text string) error {
	switch target := f.value.Addr().Interface().(type) {
	case *string:
		*target = text
	case *[]string:
		*target = splitList(text)
	case *[]Source:
		v, err := sourcesOf(text)
		if err != nil {
			return err
		}
		*target = v
	case *bool:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is not true or false", text)
		}
		*target = v
	case *int:
		v, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		*target = v
	case *float64:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
		*target = v
	case *time.Duration:
		v, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is not a length of time such as 90s or 10m", text)
		}
		*target = v
	default:
		return fmt.Errorf("settings of type %s are not supported", f.value.Type())
	}
	return nil
}

// isDatabase reports whether location is the URL of a database that can be used. Messages about it never
// quote it: it may hold a password.
func isDatabase(location string) bool {
	parsed, err := url.Parse(location)
	return err == nil && (parsed.Scheme == "postgres" || parsed.Scheme == "postgresql") && strings.Contains(location, "://")
}

// hasPassword reports whether the URL location holds one.
func hasPassword(location string) bool {
	parsed, err := url.Parse(location)
	if err != nil {
		return true // it cannot be told
	}
	_, set := parsed.User.Password()
	return set || parsed.Query().Has("password") || parsed.Query().Has("sslpassword")
}

// splitList divides a list of the environment or of a flag given several times: one item a line, since
// regular expressions and file names hold commas.
func splitList(text string) []string {
	var items []string
	for item := range strings.Lines(text) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// invalid is a setting that is out of its range.
type invalid struct{ key, message string }

// validate returns every setting that is out of its range.
func (c Config) validate() []invalid {
	var faults []invalid
	check := func(ok bool, key, format string, args ...any) {
		if !ok {
			faults = append(faults, invalid{key, fmt.Sprintf(format, args...)})
		}
	}
	check(slices.Contains([]string{"zh", "en"}, c.Lang), "lang", "%q is neither zh nor en", c.Lang)
	check(c.Store == "" || isDatabase(c.Store), "store", "this is neither empty nor a URL such as postgres://user@host/database")
	check(slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel), "log_level", "%q is none of debug, info, warn, error", c.LogLevel)
	check(slices.Contains([]string{"agent", "team", "day", "week", "rule"}, c.By), "by", "%q is none of agent, team, day, week, rule", c.By)
	check(slices.Contains([]string{"text", "srt", "json"}, c.Format), "format", "%q is none of text, srt, json", c.Format)
	check(slices.Contains([]string{"q8_0", "as_is"}, c.Weights), "weights", "%q is neither q8_0 nor as_is", c.Weights)
	check(c.Workers >= 0 && c.Workers <= 1024, "workers", "%d is not in 0…1024", c.Workers)
	check(c.Threads >= 1 && c.Threads <= 256, "threads", "%d is not in 1…256", c.Threads)
	check(c.Beam >= 1 && c.Beam <= 8, "beam", "%d is not in 1…8", c.Beam)
	check(c.Patience >= 1 && c.Patience <= 1000, "window_patience", "%g is not in 1…1000", c.Patience)
	check(c.Fallback == 0 || c.Fallback >= 0.05 && c.Fallback <= 1, "temperature_step", "%g is neither 0 nor in 0.05…1", c.Fallback)
	check(c.AgentChannel == 0 || c.AgentChannel == 1, "agent_channel", "%d is neither 0 nor 1", c.AgentChannel)
	check(c.MinCalls >= 1, "min_calls", "%d is below 1", c.MinCalls)
	check(c.MaxHours > 0 && c.MaxHours <= 48, "max_hours", "%g is not in 0…48", c.MaxHours)
	check(c.Margin >= 0 && c.Margin <= 60, "margin", "%g is not in 0…60 seconds", c.Margin)
	check(c.ScanEvery >= time.Second && c.ScanEvery <= 24*time.Hour, "scan_every", "%s is not in 1s…24h", c.ScanEvery)
	check(c.MaxFileMB >= 1 && c.MaxFileMB <= 1<<20, "max_file_mb", "%d is not in 1…%d", c.MaxFileMB, 1<<20)
	check(c.DecodeTimeout > 0, "decode_timeout", "%s is not above 0", c.DecodeTimeout)
	c.Limits.validate(check)
	c.Service.validate(check)
	c.Security.validate(c.Sources, check)
	c.Alerts.validate(check)
	_, err := time.LoadLocation(c.TimeZone)
	check(err == nil, "time_zone", "%q is not known", c.TimeZone)
	for key, text := range map[string]string{"since": c.Since, "until": c.Until} {
		_, err := time.Parse(time.DateOnly, text)
		check(text == "" || err == nil, key, "%q is not a day such as 2026-11-20", text)
	}
	check(c.Since == "" || c.Until == "" || c.Since <= c.Until, "until", "%q comes before since, %q", c.Until, c.Since)
	return faults
}
