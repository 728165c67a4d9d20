package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong in a file.
type Fault struct {
	File         string
	Line, Column int
	Message      string
}

// Error formats the fault as file:line:column: message.
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// Faults collects what is wrong in one or more files.
type Faults struct{ list []Fault }

// Add records a fault.
func (f *Faults) Add(fault Fault) { f.list = append(f.list, fault) }

// Len returns the number of faults.
func (f *Faults) Len() int { return len(f.list) }

// All returns the faults by file, line and column.
func (f *Faults) All() []Fault {
	sorted := slices.Clone(f.list)
	slices.SortStableFunc(sorted, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return sorted
}

// Err returns nil when there is no fault, else f itself.
func (f *Faults) Err() error {
	if f.Len() == 0 {
		return nil
	}
	return f
}

// Error lists every fault on a line of its own.
func (f *Faults) Error() string {
	lines := make([]string, 0, f.Len())
	for _, fault := range f.All() {
		lines = append(lines, fault.Error())
	}
	return strings.Join(lines, "\n")
}
