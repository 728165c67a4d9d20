// Package monitor tells operations what the store holds: how often agents broke rules, how teams do, what
// waits. It reads the store and exposes what it finds as metrics; it decides nothing and changes nothing.
// It may import call, score and store.
package monitor
