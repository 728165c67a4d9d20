//go:build cgo && !nowhisper

package whisper

/*
#cgo CFLAGS: -D_GNU_SOURCE -fexceptions
#cgo linux LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <ggml-backend.h>
#include <whisper.h>

extern bool zhijianCancelled(uintptr_t handle);
extern void zhijianLog(int level, char *text);

// Of guarded.cpp.
extern bool guarded(void (*run)(void *), void *data);
extern void guarded_abort(const char *message);

// job holds what a guarded function takes and returns.
struct job {
	const void *bytes;
	size_t size;
	struct whisper_context *context;
	struct whisper_state *state;
	const struct whisper_full_params *params;
	const float *pcm;
	int n, code;
};

static void load_file(void *data) {
	struct job *j = data;
	j->context = whisper_init_from_file_with_params_no_state(j->bytes, whisper_context_default_params());
}

static void load_bytes(void *data) {
	struct job *j = data;
	j->context = whisper_init_from_buffer_with_params_no_state((void *)j->bytes, j->size, whisper_context_default_params());
}

static void init_state(void *data) {
	struct job *j = data;
	j->state = whisper_init_state(j->context);
}

static void full(void *data) {
	struct job *j = data;
	j->code = whisper_full_with_state(j->context, j->state, *j->params, j->pcm, j->n);
}

// load returns NULL when the model cannot be loaded; without a size, bytes is the path of a file.
static struct whisper_context *load(const void *bytes, size_t size) {
	struct job j = {.bytes = bytes, .size = size};
	return guarded(size ? load_bytes : load_file, &j) ? NULL : j.context;
}

static struct whisper_state *new_state(struct whisper_context *c) {
	struct job j = {.context = c};
	return guarded(init_state, &j) ? NULL : j.state;
}

enum { no_memory = -100 };

// watch goes with one whisper_full: whom to ask about cancelling, and what was done.
struct watch {
	uintptr_t handle;
	int encoded;  // stretches encoded
	int attempts; // decodings begun; more than encoded means that one failed and was tried hotter
	int decoded;  // tokens, those of failed decodings too
};

static bool watch_abort(void *data) { return zhijianCancelled(((struct watch *)data)->handle); }

static bool watch_encode(struct whisper_context *c, struct whisper_state *s, void *data) {
	struct watch *w = data;
	w->encoded++;
	return !zhijianCancelled(w->handle);
}

static void watch_decode(struct whisper_context *c, struct whisper_state *s,
		const whisper_token_data *tokens, int n, float *logits, void *data) {
	struct watch *w = data;
	w->decoded++;
	if (n == 0) w->attempts++;
}

static int recognise(struct whisper_context *c, struct whisper_state *s, struct whisper_full_params p,
		const float *pcm, int n, struct watch *w) {
	struct watch own = *w; // Go's memory must not be kept by C, not even during the call
	p.new_segment_callback = NULL;
	p.progress_callback = NULL;
	p.encoder_begin_callback = watch_encode;
	p.encoder_begin_callback_user_data = &own;
	p.logits_filter_callback = watch_decode;
	p.logits_filter_callback_user_data = &own;
	p.abort_callback = watch_abort;
	p.abort_callback_user_data = &own;
	struct job j = {.context = c, .state = s, .params = &p, .pcm = pcm, .n = n};
	int code = guarded(full, &j) ? no_memory : j.code;
	*w = own;
	return code;
}

// Debug messages hold what was recognised: they stop here.
static void log_line(enum ggml_log_level level, const char *text, void *data) {
	if (level == GGML_LOG_LEVEL_INFO || level == GGML_LOG_LEVEL_WARN || level == GGML_LOG_LEVEL_ERROR)
		zhijianLog(level, (char *)text);
}

static void log_to_go(void) {
	whisper_log_set(log_line, NULL);
	ggml_log_set(log_line, NULL);
	ggml_set_abort_callback(guarded_abort);
}

static const char *ggml_file(void) {
	Dl_info info;
	void *symbol = dlsym(RTLD_DEFAULT, "ggml_backend_dev_count");
	return symbol && dladdr(symbol, &info) ? info.dli_fname : "";
}

// give_back returns freed memory to the system: the C library keeps tens of megabytes for each thread.
static void give_back(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static bool has_cpu(void) { return ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) != NULL; }
*/
import "C"

import (
	"context"
	"runtime/cgo"
	"unsafe"

	bindings "github.com/ggerganov/whisper.cpp/bindings/go"

	"github.com/zhijian-qa/zhijian/call"
)

// The bindings' parameters are the C structure itself: these fail to compile when it is not so.
var (
	_ [unsafe.Sizeof(bindings.Params{}) - unsafe.Sizeof(C.struct_whisper_full_params{})]byte
	_ [unsafe.Sizeof(C.struct_whisper_full_params{}) - unsafe.Sizeof(bindings.Params{})]byte
)

// weights is a whisper_context without a state.
type weights struct{ c *C.struct_whisper_context }

// state is a whisper_state: all that one decoding changes.
type state struct{ c *C.struct_whisper_state }

// work is what one recognition did.
type work struct {
	code     int // 0, or whisper.cpp's error
	encoded  int
	attempts int
	decoded  int
	computed call.Millis // sound encoded, with the silence that fills it up
}

//export zhijianCancelled
func zhijianCancelled(handle C.uintptr_t) C.bool {
	ctx, ok := cgo.Handle(handle).Value().(context.Context)
	return C.bool(ok && ctx.Err() != nil)
}

//export zhijianLog
func zhijianLog(level C.int, text *C.char) { logLine(int(level), C.GoString(text)) }

const (
	logError = C.GGML_LOG_LEVEL_ERROR
	logWarn  = C.GGML_LOG_LEVEL_WARN

	codeNoMemory   = C.no_memory
	codeStateFreed = -7 // whisper_full_with_state has freed the state itself: no memory
)

func logToGo() { C.log_to_go() }

func version() string { return C.GoString(C.whisper_version()) }

func ggmlFile() string { return C.GoString(C.ggml_file()) }

func hasCPU() bool { return bool(C.has_cpu()) }

// loadBackends loads what ggml finds in dir, or in its own default places when dir is empty.
func loadBackends(dir string) {
	if dir == "" {
		C.ggml_backend_load_all()
		return
	}
	path := C.CString(dir)
	defer C.free(unsafe.Pointer(path))
	C.ggml_backend_load_all_from_path(path)
}

func devices() []string {
	var found []string
	for i := range C.ggml_backend_dev_count() {
		device := C.ggml_backend_dev_get(i)
		found = append(found, C.GoString(C.ggml_backend_dev_name(device))+
			" ("+C.GoString(C.ggml_backend_dev_description(device))+")")
	}
	return found
}

func loadFile(path string) weights {
	file := C.CString(path)
	defer C.free(unsafe.Pointer(file))
	return weights{C.load(unsafe.Pointer(file), 0)}
}

func loadBytes(b []byte) weights {
	return weights{C.load(unsafe.Pointer(&b[0]), C.size_t(len(b)))}
}

func (w weights) free() {
	C.whisper_free(w.c)
	giveBack()
}

func (w weights) newState() state { return state{C.new_state(w.c)} }

func (s state) free() { C.whisper_free_state(s.c) }

func giveBack() { C.give_back() }

// recognise decodes pcm. A prompt is borrowed from the caller for the call only.
func (s state) recognise(ctx context.Context, w weights, p bindings.Params, more extra, pcm []float32) work {
	params := *(*C.struct_whisper_full_params)(unsafe.Pointer(&p))
	params.suppress_nst = true
	// libwhisper reads this probability from the step before, often of another window (it looks at the
	// first row of the logits, which a prompt does not compute): nothing may depend on it.
	params.no_speech_thold = 2
	params.greedy.best_of = C.int(more.bestOf)
	if more.prompt != "" {
		params.initial_prompt = C.CString(more.prompt)
		defer C.free(unsafe.Pointer(params.initial_prompt))
	}
	if more.auto {
		params.language = nil
	}
	handle := cgo.NewHandle(ctx)
	defer handle.Delete()
	watch := C.struct_watch{handle: C.uintptr_t(handle)}
	code := C.recognise(w.c, s.c, params, (*C.float)(unsafe.Pointer(&pcm[0])), C.int(len(pcm)), &watch)
	return work{code: int(code), encoded: int(watch.encoded), attempts: int(watch.attempts), decoded: int(watch.decoded)}
}

// language returns the code of the language that the last recognition was in.
func (s state) language() string {
	return C.GoString(C.whisper_lang_str(C.whisper_full_lang_id_from_state(s.c)))
}

func (s state) segments() int { return int(C.whisper_full_n_segments_from_state(s.c)) }

// times returns the start and the end of segment i in hundredths of a second.
func (s state) times(i int) (start, end int64) {
	n := C.int(i)
	return int64(C.whisper_full_get_segment_t0_from_state(s.c, n)), int64(C.whisper_full_get_segment_t1_from_state(s.c, n))
}

// tokens returns the text tokens of segment i; special ones and timestamps are left out.
func (s state) tokens(w weights, i int) []token {
	n, end := C.int(i), C.whisper_token_eot(w.c)
	var found []token
	for j := range C.whisper_full_n_tokens_from_state(s.c, n) {
		data := C.whisper_full_get_token_data_from_state(s.c, n, j)
		if data.id >= end {
			continue
		}
		found = append(found, token{
			text:        C.GoString(C.whisper_full_get_token_text_from_state(w.c, s.c, n, j)),
			probability: float64(data.p), logProb: float64(data.plog),
			start: int64(data.t0), end: int64(data.t1),
		})
	}
	return found
}
