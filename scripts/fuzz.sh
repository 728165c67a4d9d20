#!/bin/sh
# Fuzzes every parser of outside bytes for a while: scripts/fuzz.sh [TIME, default 10s]
set -eu
cd "$(dirname "$0")/.."
# shellcheck disable=SC1091
. scripts/env.sh
for file in $(git ls-files '*_test.go' | xargs grep -l '^func Fuzz'); do
	for name in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$file"); do
		echo "fuzz: $name in $(dirname "$file")"
		go test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "${1:-10s}"
	done
done
