package versus

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/proctest"
)

// Ours is the program, built.
type Ours struct {
	Program string
	Model   string
}

// line is a line of score --json.
type line struct {
	Recording  struct{ Path string }
	Transcript call.Transcript
	Error      *struct{ Code, Message string }
}

// Run scores the batch with so many workers, from its files to its stored scores.
func (o Ours) Run(ctx context.Context, b *Batch, workers int) (Result, error) {
	result := Result{Name: fmt.Sprintf("zhijian score, %d workers", workers)}
	heard := make(map[string]call.Transcript)
	said, err := o.score(ctx, []string{b.Folder}, workers, &result, func(l line) { heard[filepath.Base(l.Recording.Path)] = l.Transcript })
	if err != nil {
		return result, err
	}
	for _, c := range b.Calls {
		transcript, found := heard[filepath.Base(c.Stereo)]
		if !found {
			return result, fmt.Errorf("no result for %s", filepath.Base(c.Stereo))
		}
		var texts [2]string
		for _, u := range transcript.Utterances {
			texts[channelOf(u.Role)] += u.Text
		}
		for i, text := range texts {
			result.Errors.Add(eval.CharacterErrors(c.Said[i], text))
		}
	}
	result.work(said)
	return result, nil
}

// score runs the program over paths in a data folder of its own and returns its log.
func (o Ours) score(ctx context.Context, paths []string, workers int, result *Result, take func(line)) ([]byte, error) {
	data, err := os.MkdirTemp("", "zhijian-versus")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	cmd := exec.CommandContext(ctx, o.Program, append([]string{
		"score", "--json", "--unmasked", "--workers", strconv.Itoa(workers), "--model", o.Model, "--data-dir", data, "--log-level", "info",
	}, paths...)...)
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	peak := proctest.Peak(cmd.Process.Pid)
	lines := bufio.NewReader(out)
	for {
		text, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil || l.Error != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			peak()
			return nil, fmt.Errorf("result of the program: %w: %.200s", err, text)
		}
		take(l)
	}
	if err := cmd.Wait(); err != nil {
		peak()
		return nil, failed(cmd, err, log.Bytes())
	}
	result.Wall = time.Since(began)
	result.used(cmd.ProcessState, peak())
	return log.Bytes(), nil
}

var workField = regexp.MustCompile(` (encoded|computed_ms|fallbacks|tokens|engine_ms|pool_ms)=([0-9]+)`)

// work reads what the program logs of each call and of all.
func (r *Result) work(log []byte) {
	for _, m := range workField.FindAllSubmatch(log, -1) {
		n, _ := strconv.ParseInt(string(m[2]), 10, 64)
		switch string(m[1]) {
		case "encoded":
			r.Encoded += int(n)
		case "computed_ms":
			r.Computed += call.Millis(n)
		case "fallbacks":
			r.Fallbacks += int(n)
		case "tokens":
			r.Tokens += int(n)
		case "engine_ms":
			r.EngineMS += n
		case "pool_ms":
			r.PoolMS += n
		}
	}
}

// Latency returns how long a short call takes from the start of the program to its result, alone and beside a
// long one that was given first.
func (o Ours) Latency(ctx context.Context, long, short string, workers int) (alone, beside time.Duration, err error) {
	until := func(paths ...string) (time.Duration, error) {
		var took time.Duration
		own, stop := context.WithCancel(ctx)
		defer stop()
		began := time.Now()
		_, err := o.score(own, paths, workers, &Result{}, func(l line) {
			if filepath.Base(l.Recording.Path) == filepath.Base(short) {
				took = time.Since(began)
				stop() // the long one need not be waited for
			}
		})
		if took > 0 {
			err = nil
		}
		return took, err
	}
	if alone, err = until(short); err != nil {
		return 0, 0, err
	}
	beside, err = until(long, short)
	return alone, beside, err
}
