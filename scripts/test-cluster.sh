#!/bin/sh
# Tests of many machines with real processes: PostgreSQL, three NATS servers, an S3 server, serve and workers.
# Expects scripts/env.sh to be sourced and scripts/setup.sh test to have run.
set -eu
cd "$(dirname "$0")/.."
ZHIJIAN_CLUSTER=1 go test -count=1 -timeout 20m -v ./internal/cluster
