//go:build cgo && !nowhisper

package whisper

import (
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	bindings "github.com/ggerganov/whisper.cpp/bindings/go"
)

// libwhisper and ggml keep one log and one list of backends for the process; so do we.
var library struct {
	once      sync.Once
	err       error
	log       atomic.Pointer[slog.Logger]
	lastError atomic.Pointer[string]
	loading   sync.Mutex // one model at a time, so that lastError is its own
}

// System tells what recognises speech here, or why nothing can.
func System() (SystemInfo, error) {
	info := SystemInfo{Version: version(), Library: ggmlFile()}
	if err := prepare(); err != nil {
		return info, err
	}
	info.Backends = devices()
	info.Features = features(bindings.Whisper_print_system_info())
	return info, nil
}

// prepare loads ggml's backends once. Without one libwhisper would end the process.
func prepare() error {
	library.once.Do(func() {
		logToGo()
		for _, dir := range backendFolders(ggmlFile()) {
			if !hasCPU() {
				loadBackends(dir)
			}
		}
		if !hasCPU() {
			loadBackends("")
		}
		if !hasCPU() {
			library.err = ErrNoBackend
		}
	})
	return library.err
}

// backendFolders returns where ggml's plug-ins lie beside the library itself, so that a private copy
// finds its own.
func backendFolders(file string) []string {
	if file == "" {
		return nil
	}
	folders, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "ggml", "backends*"))
	return folders
}

// features picks what is on from libwhisper's line of "GROUP : NAME = 1 | NAME = 0 | …".
func features(line string) []string {
	var on []string
	for field := range strings.SplitSeq(line, "|") {
		if _, after, ok := strings.Cut(field, " : "); ok {
			field = after
		}
		name, value, ok := strings.Cut(strings.TrimSpace(field), " = ")
		if ok && value == "1" {
			on = append(on, name)
		}
	}
	return on
}

// logLine takes a line of libwhisper's. Errors come back as errors of the call, so they are only noted here.
func logLine(level int, text string) {
	text = strings.TrimSpace(text)
	if level == logError {
		library.lastError.Store(&text)
	}
	log := library.log.Load()
	if log == nil || text == "" {
		return
	}
	if level == logWarn || level == logError {
		log.Warn("libwhisper reports", slog.String("text", text))
		return
	}
	log.Debug("libwhisper reports", slog.String("text", text))
}
