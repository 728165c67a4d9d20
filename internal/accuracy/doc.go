// Package accuracy measures how well voice activity detection, and the measures that rest on it, agree
// with the truth of synthetic calls, and prints the tables of docs/accuracy.md. Its long test is part of
// "make accuracy"; a short one of the same kind runs with the other tests.
package accuracy
