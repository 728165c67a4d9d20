package report

import "io"

// WriteHTML x.
func (r *Report) WriteHTML(w io.Writer, clips Clips) error {
	_, err := io.WriteString(w, "x")
	return err
}

// Clips x.
type Clips map[string][]byte
