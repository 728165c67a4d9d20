package callgen

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// TruthSuffix ends the name of a truth file; the recording's name without extension comes before it.
const TruthSuffix = ".truth.json"

// Generate makes the call of each script file in folder out: a recording and its truth. It returns
// the truths in the order of the scripts.
func Generate(ctx context.Context, out string, scripts []string) ([]*Truth, error) {
	var truths []*Truth
	for _, path := range scripts {
		script, err := ReadScript(path)
		if err != nil {
			return nil, err
		}
		made, err := Make(ctx, script)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := made.Write(out); err != nil {
			return nil, err
		}
		truths = append(truths, &made.Truth)
	}
	return truths, nil
}

// Write writes the recording and its truth to a folder, which is made when it is not there.
func (c *Call) Write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	var wav bytes.Buffer
	if err := WriteWAV(&wav, c.Codec, c.Channels); err != nil {
		return err
	}
	path := filepath.Join(folder, c.Truth.File)
	if err := os.WriteFile(path, wav.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	truth, err := json.MarshalIndent(c.Truth, "", " ")
	if err != nil {
		return fmt.Errorf("write truth: %w", err)
	}
	if err := os.WriteFile(TruthPath(path), append(truth, '\n'), 0o644); err != nil {
		return fmt.Errorf("write truth: %w", err)
	}
	return nil
}

// TruthPath returns the path of the truth file that belongs to a recording.
func TruthPath(recording string) string {
	return recording[:len(recording)-len(filepath.Ext(recording))] + TruthSuffix
}

// WriteManifest writes the table that a contact centre exports with its recordings.
func WriteManifest(path string, truths []*Truth) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"path", "agent", "agent_name", "team", "customer", "started_at", "direction", "scenario", "satisfaction", "complaint", "resolved"}}
	for _, t := range truths {
		rows = append(rows, []string{
			t.File, t.Agent.ID, t.Agent.Name, t.Agent.Team, t.Customer.ID, t.StartedAt.Format(time.RFC3339),
			t.Direction, t.Scenario, yesNo(t.Satisfaction), yesNo(t.Complaint), yesNo(t.Resolved),
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

func yesNo(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
