package worker

import (
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// guarded does work on item; a mistake of the program that would end the process becomes a fault of this
// recording, so that it stops neither the day nor, as a job that comes back, every worker in turn.
func (p *Pipeline) guarded(item source.Item, work func() Done) (done Done) {
	defer func() {
		mistake := recover()
		if mistake == nil {
			return
		}
		stack := debug.Stack()
		if elsewhere, ok := mistake.(transcribe.Panic); ok {
			mistake, stack = elsewhere.Value, elsewhere.Stack
		}
		p.cfg.Log.Error("panic on a recording", slog.String("panic", panicText(mistake)), slog.String("stack", string(stack)))
		done = Done{Item: item, Err: call.NewFault("internal", "the program made a mistake on this recording, which its log tells: please report it", nil)}
	}()
	return work()
}

// panicText says what a panic was about. Only what the runtime says is sure to hold nothing of a call.
func panicText(mistake any) string {
	if err, ok := mistake.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", mistake)
}
