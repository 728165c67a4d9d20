package call

import (
	"context"
	"errors"
	"fmt"
)

// Sentinel errors of the project, tested with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("conflict")
	ErrInvalid  = errors.New("invalid")
)

// Fault is the reason why one recording could not be worked on. It never stops the others.
type Fault struct {
	Code    string // stable, lower case, as in not_audio
	Message string // a sentence that says what is wrong and, where it can, how to mend it
	Err     error  // the cause, may be nil
}

// NewFault returns a Fault with a cause, which may be nil.
func NewFault(code, message string, cause error) *Fault {
	return &Fault{Code: code, Message: message, Err: cause}
}

// FaultTooLarge is the code of what has more bytes than allowed.
const FaultTooLarge = "too_large"

// TooLarge returns the Fault of what has more than limit bytes.
func TooLarge(limit int64) *Fault {
	return NewFault(FaultTooLarge, fmt.Sprintf("it is larger than %d MB", limit>>20), nil)
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

// FaultCode returns the code of the Fault in err's chain, "cancelled" for an ended context,
// "internal" for any other error and "" for nil.
func FaultCode(err error) string {
	var fault *Fault
	switch {
	case err == nil:
		return ""
	case errors.As(err, &fault):
		return fault.Code
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return "internal"
}
