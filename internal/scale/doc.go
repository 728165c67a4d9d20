// Package scale measures what queue and store carry without the recogniser: its benchmark hands out, saves and
// finishes calls whose transcript is recorded. It may import call, queue, source, store and worker.
package scale
