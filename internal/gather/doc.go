// Package gather does together what many ask for at the same time. It may import the standard library only.
package gather
