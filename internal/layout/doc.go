// Package layout proves by its test that packages import one way only: see docs/architecture.md.
package layout
