#!/bin/sh
# Format, vet, staticcheck and the table of packages. Expects scripts/env.sh to be sourced.
set -eu
cd "$(dirname "$0")/.."
unformatted=$(gofumpt -l .)
if [ -n "$unformatted" ]; then
	printf 'lint: not formatted, run gofumpt -w on:\n%s\n' "$unformatted" >&2
	exit 1
fi
go vet ./...
staticcheck ./...
env -u GO_EXTLINK_ENABLED go test ./internal/layout
go mod tidy -diff >/dev/null || {
	echo "lint: go.mod is not tidy: run go mod tidy" >&2
	exit 1
}
scripts/vulncheck.sh
echo "lint: clean"
