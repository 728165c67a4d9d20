//go:build cgo && !nowhisper

package whisper

/*
#include <stdbool.h>
#include <stdlib.h>
#include <whisper.h>

extern bool guarded(void (*run)(void *), void *data); // of guarded.cpp

// voices holds what a guarded function takes and returns.
struct voices {
	const char *path;
	struct whisper_vad_context *context;
	const float *pcm;
	int n;
	bool found;
};

static void load_voices(void *data) {
	struct voices *v = data;
	struct whisper_vad_context_params p = whisper_vad_default_context_params();
	p.n_threads = 1;
	p.use_gpu = false;
	v->context = whisper_vad_init_from_file_with_params(v->path, p);
}

static void follow(void *data) {
	struct voices *v = data;
	v->found = whisper_vad_detect_speech_no_reset(v->context, v->pcm, v->n);
}

static struct whisper_vad_context *open_voices(const char *path) {
	struct voices v = {.path = path};
	return guarded(load_voices, &v) ? NULL : v.context;
}

static bool push_voices(struct whisper_vad_context *context, const float *pcm, int n) {
	struct voices v = {.context = context, .pcm = pcm, .n = n};
	return !guarded(follow, &v) && v.found;
}
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Voices follows one channel with a Silero model. One goroutine uses it.
type Voices struct{ c *C.struct_whisper_vad_context }

// OpenVoices loads the Silero model at path, whose structure has been checked, for one channel.
func OpenVoices(path string) (*Voices, error) {
	if err := prepare(); err != nil {
		return nil, err
	}
	library.loading.Lock()
	defer library.loading.Unlock()
	library.lastError.Store(nil)
	file := C.CString(path)
	defer C.free(unsafe.Pointer(file))
	loaded := C.open_voices(file)
	if loaded == nil {
		if said := library.lastError.Load(); said != nil {
			return nil, fmt.Errorf("%w: %s", ErrModel, *said)
		}
		return nil, ErrModel
	}
	C.whisper_vad_reset_state(loaded)
	return &Voices{c: loaded}, nil
}

// Push takes the next samples at 16 kHz, a multiple of 512, and returns the probability of speech in each
// 512 of them. The result is valid until the next call.
func (v *Voices) Push(pcm []float32) ([]float32, error) {
	if v.c == nil {
		return nil, ErrClosed
	}
	if len(pcm) == 0 {
		return nil, nil
	}
	if !C.push_voices(v.c, (*C.float)(unsafe.Pointer(&pcm[0])), C.int(len(pcm))) {
		return nil, errors.New("libwhisper cannot find speech in the samples")
	}
	n := int(C.whisper_vad_n_probs(v.c))
	return unsafe.Slice((*float32)(unsafe.Pointer(C.whisper_vad_probs(v.c))), n), nil
}

// Close gives the memory back. Later calls do nothing.
func (v *Voices) Close() {
	if v.c != nil {
		C.whisper_vad_free(v.c)
		v.c = nil
	}
}
