// Package app wires the parts together: it is the only place that reads a config.Config and knows
// every other package. Each use of the program is one file with one function that takes a context,
// an Env and what was asked for.
package app
