#!/bin/sh
# Looks for known vulnerabilities in what the program really calls: scripts/vulncheck.sh [PACKAGE…]
# GOVULNDB names another database than the public one, as a mirror or file:///folder. Where none can be reached
# this is said and is no failure: docs/security.md has what stands in for it. Expects scripts/env.sh to be sourced.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- ./...
said=$(mktemp)
trap 'rm -f "$said"' EXIT
status=0
govulncheck ${GOVULNDB:+-db "$GOVULNDB"} "$@" >"$said" 2>&1 || status=$?
case $status in
0) echo "vulncheck: no known vulnerability is called" ;;
3)
	cat "$said" >&2
	exit 1
	;;
*)
	if grep -qE 'fetching vulnerabilities|dial tcp|no such host|connection refused|unrecognized vulndb format' "$said"; then
		echo "vulncheck: NOTHING WAS CHECKED: the database of vulnerabilities cannot be reached, or is none (set GOVULNDB to a mirror); docs/security.md has what stands in for it"
	else
		cat "$said" >&2
		exit 1
	fi
	;;
esac
