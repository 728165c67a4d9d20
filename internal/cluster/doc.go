// Package cluster holds many machines together to what one promises, with real processes: its tests start a
// PostgreSQL, a cluster of three NATS servers, an S3 server, serve and workers, and kill them while they work.
// scripts/test-cluster.sh runs them. It may import store.
package cluster
