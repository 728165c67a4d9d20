package versus

import (
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
)

// Result is what one way to transcribe the batch took and brought.
type Result struct {
	Name      string
	Wall, CPU time.Duration // CPU is of all processes, user and system
	PeakMB    float64       // resident, of all processes
	Errors    eval.Characters
	Encoded   int         // windows
	Computed  call.Millis // sound encoded in them, with the silence that fills them up
	Tokens    int         // decoded
	Fallbacks int         // decodings tried again
	EngineMS  int64       // of ours: time in whisper_full
	PoolMS    int64       // and of all workers
	StateMB   float64     // of the peer: one whisper_state, as libwhisper tells
}

// Row returns a line of the table, with the ratios of r to ours.
func (r Result) Row(ours Result) string {
	return fmt.Sprintf("| %-44s | %7.1f | %7.1f | %5.2f | %5.2f | %5.1f | %4d | %6.0f | %6d | %4d | %6.0f |",
		r.Name, r.Wall.Seconds(), r.CPU.Seconds(), r.Wall.Seconds()/ours.Wall.Seconds(), r.CPU.Seconds()/ours.CPU.Seconds(),
		r.Errors.Rate()*100, r.Encoded, r.Computed.Seconds(), r.Tokens, r.Fallbacks, r.PeakMB)
}

// Head is the heading of the table.
const Head = `| way                                          | wall s  | CPU s   | wall÷ | CPU÷  | CER % | win  | enc. s | tokens | fall | MB     |
| -------------------------------------------- | ------- | ------- | ----- | ----- | ----- | ---- | ------ | ------ | ---- | ------ |`

// used adds what an ended process took, peak in bytes.
func (r *Result) used(state *os.ProcessState, peak int64) {
	r.CPU += state.UserTime() + state.SystemTime()
	r.PeakMB += float64(peak) / (1 << 20)
}

// failed names a program that did not end well, with the end of what it said.
func failed(cmd *exec.Cmd, err error, said []byte) error {
	return fmt.Errorf("%s: %w: %s", cmd.Path, err, said[max(0, len(said)-400):])
}
