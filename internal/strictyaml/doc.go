// Package strictyaml reads the YAML files that people write by hand (word lists, scorecards) and reports
// all their faults at once, each with file, line, column and, where it can, a hint. Numbers and
// booleans are never taken for text: 010 in a phrase list is a fault, not "8". Anchors and aliases are
// refused, so a file cannot unfold. It imports nothing of the project.
package strictyaml
