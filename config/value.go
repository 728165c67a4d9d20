package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// set parses text into the setting. Lists are divided by commas.
func (f field) set(text string) error {
	switch target := f.value.Addr().Interface().(type) {
	case *string:
		*target = text
	case *[]string:
		*target = splitList(text)
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

func splitList(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// validate returns a sentence for every setting that is out of its range.
func (c Config) validate() []string {
	var faults []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	check(oneOf(c.Lang, "zh", "en"), "lang: %q is neither zh nor en", c.Lang)
	check(oneOf(c.LogLevel, "debug", "info", "warn", "error"), "log_level: %q is none of debug, info, warn, error", c.LogLevel)
	check(oneOf(c.By, "agent", "team", "day", "week", "rule"), "by: %q is none of agent, team, day, week, rule", c.By)
	check(oneOf(c.Format, "text", "srt", "json"), "format: %q is none of text, srt, json", c.Format)
	check(c.Workers >= 0 && c.Workers <= 1024, "workers: %d is not in 0…1024", c.Workers)
	check(c.Threads >= 1 && c.Threads <= 256, "threads: %d is not in 1…256", c.Threads)
	check(c.Beam >= 1 && c.Beam <= 8, "beam: %d is not in 1…8", c.Beam)
	check(c.Fallback >= 0 && c.Fallback <= 1, "temperature_step: %g is not in 0…1", c.Fallback)
	check(oneOf(strconv.Itoa(c.AgentChannel), "0", "1"), "agent_channel: %d is neither 0 nor 1", c.AgentChannel)
	check(c.MinCalls >= 1, "min_calls: %d is below 1", c.MinCalls)
	check(c.MaxHours > 0, "max_hours: %g is not above 0", c.MaxHours)
	check(c.Margin >= 0 && c.Margin <= 60, "margin: %g is not in 0…60 seconds", c.Margin)
	check(c.DecodeTimeout > 0, "decode_timeout: %s is not above 0", c.DecodeTimeout)
	for _, day := range []struct{ key, text string }{{"since", c.Since}, {"until", c.Until}} {
		if _, err := time.Parse(time.DateOnly, day.text); day.text != "" && err != nil {
			check(false, "%s: %q is not a day such as 2026-11-20", day.key, day.text)
		}
	}
	_, err := time.LoadLocation(c.TimeZone)
	check(err == nil, "time_zone: %q is not known", c.TimeZone)
	return faults
}

func oneOf(value string, allowed ...string) bool {
	for _, a := range allowed {
		if value == a {
			return true
		}
	}
	return false
}
