package web

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"syscall"

	"github.com/zhijian-qa/zhijian/call"
)

// uploadFault returns the answer to an upload that failed with err. What the client cannot mend is not shown.
func uploadFault(err error) (int, *call.Fault) {
	var fault *call.Fault
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &fault):
		return uploadStatus(fault.Code), fault
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, call.NewFault(call.FaultTooLarge, "the upload is larger than max_file_mb allows", nil)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return http.StatusInsufficientStorage, call.NewFault("no_space", "the server's disk is full: the upload was not kept, try again later", nil)
	case tooSlow(err):
		return http.StatusRequestTimeout, call.NewFault("too_slow", "the upload brought less than 8 KB a second", nil)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled), errors.Is(err, io.EOF):
		return http.StatusBadRequest, call.NewFault("cut_off", "the upload ended before its end: nothing was kept", nil)
	case errors.Is(err, fs.ErrPermission):
		return http.StatusInternalServerError, call.NewFault("internal", "the server may not write to its own folder", nil)
	case strings.HasPrefix(err.Error(), "multipart:"), strings.HasPrefix(err.Error(), "malformed MIME"):
		return http.StatusBadRequest, call.NewFault("bad_form", "the form cannot be read", nil)
	}
	return http.StatusInternalServerError, call.NewFault("internal", "the upload could not be stored: the server's log says why", nil)
}

func uploadStatus(code string) int {
	switch code {
	case call.FaultTooLarge:
		return http.StatusRequestEntityTooLarge
	case "not_audio":
		return http.StatusUnsupportedMediaType
	case "bad_value", "empty":
		return http.StatusUnprocessableEntity
	case "erased":
		return http.StatusGone
	}
	return http.StatusBadRequest
}
