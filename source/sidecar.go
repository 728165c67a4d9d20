package source

import (
	"errors"
	"os"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// sidecarEnd follows the name of a recording in the name of its sidecar file.
const sidecarEnd = ".json"

// sidecar returns the metadata in <recording>.json, none when there is no such file. One with any
// fault is not used at all; the recording is.
func (s *scan) sidecar(recording string) call.Metadata {
	file := recording + sidecarEnd
	m, err := readSidecar(file, s.cfg.Location)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.warn(file, call.NewFault("bad_sidecar", "the sidecar file is not used", err))
	}
	return m
}

func readSidecar(file string, zone *time.Location) (call.Metadata, error) {
	data, err := readText(file, maxSidecar)
	if err != nil {
		return call.Metadata{}, err
	}
	return parseSidecar(data, zone)
}

func parseSidecar(data []byte, zone *time.Location) (call.Metadata, error) {
	fields, err := jsonFields(data)
	if err != nil {
		return call.Metadata{}, err
	}
	m, faults := readFields(fields, zone)
	if len(faults) > 0 {
		list := make([]string, len(faults))
		for i, f := range faults {
			list[i] = f.column + ": " + f.err.Error()
		}
		return call.Metadata{}, errors.New(strings.Join(list, "; "))
	}
	return m, nil
}
