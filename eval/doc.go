// Package eval holds stored results against what people heard: it reads labels of calls, matches them with
// results, and says how far the transcripts, the measures, the outcomes and the scores can be trusted, with
// 95 % intervals. docs/eval.md describes the files of labels and every figure. It is pure: no I/O, no clock.
// It imports call, score and internal/strictyaml (faults and hints) alone.
package eval
