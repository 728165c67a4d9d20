#!/bin/sh
# Builds bin/zhijian, or the command named: scripts/build.sh [PACKAGE [OUTPUT]]
#
# With a private libwhisper (see scripts/setup.sh) the program needs the dynamic linker beside it, and
# Linux answers a missing one with "not found" only. So the program proper goes to bin/lib/zhijian, and
# bin/zhijian is a launcher that looks first and then becomes it. It exports nothing.
set -eu
cd "$(dirname "$0")/.."
package=${1:-./cmd/zhijian}
output=${2:-bin/zhijian}
[ -r .native/env ] || scripts/setup.sh native go
# shellcheck disable=SC1091
. scripts/env.sh
[ "$zhijian_native" = system ] || [ -x "$zhijian_interpreter" ] || scripts/setup.sh native

version=$(git describe --tags --always --dirty 2>/dev/null || echo unknown)
folder=$(dirname "$output")
name=$(basename "$output")
program=$output
[ "$zhijian_native" = system ] || program=$folder/lib/$name
mkdir -p "$(dirname "$program")"
# Tests build the program each for itself: go leaves a copy of bin/zhijian as it is where that is up to date.
made=bin/zhijian
[ "$zhijian_native" = system ] || made=bin/lib/zhijian
if [ "$package" = ./cmd/zhijian ] && [ -x "$made" ] && [ ! -e "$program" ]; then
	cp "$made" "$program"
fi
go build -trimpath -ldflags "-X main.version=$version" -o "$program" "$package"
[ "$zhijian_native" = system ] && exit 0

cat >"$output.new" <<END
#!/bin/sh
# Written by scripts/build.sh: starts the program when its private libraries are there.
self=\$(readlink -f -- "\$0")
program=\${self%/*}/lib/$name
interpreter='$zhijian_interpreter'
if [ ! -x "\$interpreter" ] || [ ! -e "\${interpreter%/*}/libwhisper.so" ]; then
	echo "$name: the private libraries in $zhijian_prefix are gone: run scripts/setup.sh and make build in the checkout again" >&2
	exit 1
fi
if [ ! -x "\$program" ]; then
	echo "$name: \$program is missing: run make build in the checkout, and link to this launcher rather than copying it" >&2
	exit 1
fi
exec "\$program" "\$@"
END
chmod +x "$output.new"
mv -f "$output.new" "$output"
