package versus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// Peer is whisper-cli.
type Peer struct {
	Program string
	Model   string
}

// Way is one way to call the peer on the batch.
type Way struct {
	Name      string
	Stereo    bool     // the stereo files, else each channel
	Args      []string // beside those that all share
	Processes int      // the files are dealt out to so many at once
}

// same are the decoding parameters that the program decodes with too: Chinese, greedy, no text carried on.
var same = []string{"-l", "zh", "-bs", "1", "-bo", "1", "-mc", "0", "-sns"}

// Ways returns all ways to call the peer on so many cores. silero is the file of the model for (b), "" to leave
// it out. own adds the peer's own decoding (beam search).
func Ways(cores int, silero string, own bool) []Way {
	all := strconv.Itoa(cores)
	kinds := []struct {
		name   string
		stereo bool
		args   []string
	}{
		{"(a) each channel", false, nil},
		{"(b) each channel --vad", false, []string{"--vad", "-vm", silero}},
		{"(c) stereo --diarize", true, []string{"-di"}},
	}
	var ways []Way
	for _, k := range kinds {
		if len(k.args) == 3 && silero == "" {
			continue
		}
		with := func(more ...string) []string { return append(append([]string{}, k.args...), more...) }
		ways = append(ways,
			Way{k.name + ", as typed", k.stereo, with(same...), 1},
			Way{k.name + ", " + all + " × -t 1", k.stereo, with(append([]string{"-t", "1"}, same...)...), cores})
		if cores > 2 { // with 2 cores it is as typed
			ways = append(ways, Way{k.name + ", -t " + all, k.stereo, with(append([]string{"-t", all}, same...)...), 1})
		}
		if own {
			ways = append(ways, Way{k.name + ", own decoding", k.stereo, with("-l", "zh"), 1})
		}
	}
	return ways
}

// Run transcribes the batch.
func (p Peer) Run(ctx context.Context, b *Batch, way Way) (Result, error) {
	files := way.files(b)
	result := Result{Name: way.Name}
	var lock sync.Mutex
	var wait sync.WaitGroup
	var errs []error
	began := time.Now()
	for i := range way.Processes {
		var own []string
		for j := i; j < len(files); j += way.Processes {
			own = append(own, files[j])
		}
		if len(own) == 0 {
			continue
		}
		wait.Go(func() {
			cmd := exec.CommandContext(ctx, p.Program, append(append([]string{"-m", p.Model, "-oj"}, way.Args...), own...)...)
			var said bytes.Buffer
			cmd.Stderr = &said
			peak, err := proctest.RunPeak(cmd)
			lock.Lock()
			defer lock.Unlock()
			if err != nil {
				errs = append(errs, failed(cmd, err, said.Bytes()))
				return
			}
			result.used(cmd.ProcessState, peak)
			result.timings(said.Bytes())
		})
	}
	wait.Wait()
	result.Wall = time.Since(began)
	if len(errs) > 0 {
		return result, errors.Join(errs...)
	}
	return result, way.compare(b, &result)
}

func (w Way) files(b *Batch) []string {
	var files []string
	for _, c := range b.Calls {
		if w.Stereo {
			files = append(files, c.Stereo)
		} else {
			files = append(files, c.Channels[:]...)
		}
	}
	return files
}

// compare reads what was written beside the files, and removes it.
func (w Way) compare(b *Batch, result *Result) error {
	for _, c := range b.Calls {
		if w.Stereo {
			heard, err := heardIn(c.Stereo)
			if err != nil {
				return err
			}
			result.Errors.Add(eval.CharacterErrors(c.InOrder, heard))
			continue
		}
		for i, path := range c.Channels {
			heard, err := heardIn(path)
			if err != nil {
				return err
			}
			result.Errors.Add(eval.CharacterErrors(c.Said[i], heard))
		}
	}
	return nil
}

func heardIn(path string) (string, error) {
	raw, err := os.ReadFile(path + ".json")
	if err != nil {
		return "", fmt.Errorf("read peer's result: %w", err)
	}
	var result struct {
		Transcription []struct {
			Text string `json:"text"`
		} `json:"transcription"`
	}
	if err := json.Unmarshal(bytes.ToValidUTF8(raw, nil), &result); err != nil {
		return "", fmt.Errorf("read peer's result: %w", err)
	}
	var text string
	for _, t := range result.Transcription {
		text += t.Text
	}
	return text, os.Remove(path + ".json")
}

var (
	runsLine     = regexp.MustCompile(`(encode|decode|batchd) time = +[0-9.]+ ms / +([0-9]+) runs`)
	stateLine    = regexp.MustCompile(`whisper_init_state: (?:kv [a-z]+ +size|compute buffer \([a-z]+\)) += +([0-9.]+) MB`)
	fallbackLine = regexp.MustCompile(`fallbacks = +([0-9]+) p / +([0-9]+) h`)
)

// timings reads what whisper.cpp prints at its start and its end.
func (r *Result) timings(said []byte) {
	r.StateMB = 0 // of one process; all have the same
	for _, m := range stateLine.FindAllSubmatch(said, -1) {
		mb, _ := strconv.ParseFloat(string(m[1]), 64)
		r.StateMB += mb
	}
	for _, m := range runsLine.FindAllSubmatch(said, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		switch string(m[1]) {
		case "encode":
			r.Encoded += n
			r.Computed += call.Millis(n) * 30_000
		default:
			r.Tokens += n
		}
	}
	for _, m := range fallbackLine.FindAllSubmatch(said, -1) {
		for _, digits := range m[1:] {
			n, _ := strconv.Atoi(string(digits))
			r.Fallbacks += n
		}
	}
}
