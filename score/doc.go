// Package score turns a transcript into measures and a scorecard with evidence. It is pure: it reads
// no files but scorecards at load, keeps no clock and writes no log. It may import call and
// lexicon, internal/strictyaml to read scorecards, and internal/calltest for the examples in them.
package score
