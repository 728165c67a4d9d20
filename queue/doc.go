// Package queue hands the IDs of jobs to workers: at least once, short and urgent ones first, and again
// when a worker dies. It is a work queue on NATS JetStream, in this process by default or a cluster by URL.
// It imports nothing of ours.
//
// What a job is and how far it is, the store knows: the queue may lose all it has, and nothing is lost.
package queue
