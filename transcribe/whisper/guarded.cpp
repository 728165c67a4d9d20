//go:build cgo && !nowhisper

#include <cstdio>

static thread_local int inside = 0; // of guarded

// guarded calls run and reports whether it threw. libwhisper throws when memory runs out, and an exception
// that reached Go would end the process. What was allocated before is lost: libwhisper keeps it in plain
// pointers.
extern "C" bool guarded(void (*run)(void *), void *data) {
	bool threw = false;
	inside++;
	try {
		run(data);
	} catch (...) {
		threw = true;
	}
	inside--;
	return threw;
}

// guarded_abort takes the place of ggml's end of the process: what failed is given up instead where
// somebody can be told. It returns where nobody can, and ggml ends the process.
extern "C" void guarded_abort(const char *message) {
	if (inside > 0) throw message;
	fputs(message, stderr);
}
