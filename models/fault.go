package models

import (
	"fmt"
	"slices"
)

// The codes of the faults of this package.
const (
	FaultUnknown      = "model_unknown"       // no model of this name
	FaultNotInstalled = "model_not_installed" // in the catalogue and not in the models folder
	FaultUnreadable   = "model_unreadable"    // the file cannot be read
	FaultNotGGML      = "model_wrong_format"  // no ggml model, or of another kind
	FaultVersion      = "model_wrong_version" // a ggml model of a version that is not read
	FaultCutOff       = "model_cut_off"       // the file ends too early
	FaultDamaged      = "model_damaged"       // the structure contradicts itself
	FaultEnglish      = "model_english_only"  // knows English only
	FaultChecksum     = "model_checksum"      // the SHA-256 is not the expected one
	FaultUntrusted    = "model_untrusted"     // no known SHA-256, and not trusted
	FaultDownload     = "model_download"      // the download failed
)

// Fault is an error with a stable code and a sentence for people.
type Fault struct {
	Code    string
	Message string
	Err     error // the cause, may be nil
}

// Error returns the message and its cause.
func (f *Fault) Error() string {
	if f.Err == nil {
		return f.Message
	}
	return f.Message + ": " + f.Err.Error()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

func fault(code string, cause error, format string, args ...any) error {
	return &Fault{Code: code, Message: fmt.Sprintf(format, args...), Err: cause}
}

// unknown names the models that there are.
func unknown(name string) error {
	names := []string{DemoName}
	for _, e := range catalogue {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return fault(FaultUnknown, nil, "there is no model %q; known are %v, files added to the models folder, and paths", name, names)
}
