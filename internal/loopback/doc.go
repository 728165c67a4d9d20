// Package loopback tells whether a host is this machine, by its name alone. It may import nothing of ours.
package loopback
