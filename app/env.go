package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/source"
)

// Env is what a use of the program works with: settings, streams and what is injected.
type Env struct {
	Config     config.Config
	Out        io.Writer // data
	Err        io.Writer // progress and messages for people
	Terminal   bool      // Err is a terminal: progress bars may move
	Colour     bool      // Out is a terminal
	Log        *slog.Logger
	Registerer prometheus.Registerer
	Version    string // of the program
}

// The ends of a run that the exit code tells, beside success.
var (
	// ErrSomeFailed says that some recordings could not be scored; each has been named.
	ErrSomeFailed = errors.New("some recordings failed")
	// ErrNothingFound says that there was nothing to work on.
	ErrNothingFound = errors.New("no recordings found")
)

// ExitCode returns the exit code for err: 0 all well, 2 some recordings failed, 130 interrupted,
// 1 anything else.
func ExitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		return 130
	case errors.Is(err, ErrSomeFailed):
		return 2
	}
	return 1
}

// say writes a line for people, in the language that is set.
func (e Env) say(zh, en string, args ...any) {
	fmt.Fprintf(e.Err, e.text(zh, en)+"\n", args...)
}

func (e Env) text(zh, en string) string {
	if e.Config.Lang == "en" {
		return en
	}
	return zh
}

// sayFailure names a recording that could not be worked on, with its reason code.
func (e Env) sayFailure(f call.Failure) { e.sayFault("失败", "failed", f) }

// sayWarning names what was odd about a recording that is scored all the same.
func (e Env) sayWarning(f call.Failure) { e.sayFault("注意", "note", f) }

func (e Env) sayFault(zh, en string, f call.Failure) {
	f = report.MaskFailure(f, e.hide())
	fmt.Fprintf(e.Err, "%s %s [%s] %s\n", e.text(zh, en), report.Printable(f.Path), f.Code,
		call.FaultText(e.Config.Lang, f.Code, f.Message))
}

func (e Env) sourceConfig() source.Config {
	return source.Config{Patterns: e.Config.FilePatterns, Location: e.zone(), Skip: e.Config.DataDir}
}

func (e Env) zone() *time.Location {
	zone, err := time.LoadLocation(e.Config.TimeZone)
	if err != nil { // checked when the settings were read
		return time.UTC
	}
	return zone
}
