# Tells a shell, and what it starts, how to build and test: . scripts/env.sh
# Run scripts/setup.sh first; source this anywhere inside the checkout. Only packages that link
# libwhisper need it. Nothing of it reaches what the built program runs: no library path is exported.

zhijian_root=$PWD
while [ "$zhijian_root" != / ] && [ ! -f "$zhijian_root/scripts/env.sh" ]; do
	zhijian_root=$(dirname "$zhijian_root")
done
if [ -r "$zhijian_root/.native/env" ]; then
	. "$zhijian_root/.native/env"
	export CGO_CFLAGS="-O2 -g $zhijian_cflags"
	export CGO_LDFLAGS="-O2 -g $zhijian_ldflags"
	# Go's own linker would take the private dynamic linker and leave out the path of its libraries.
	export GO_EXTLINK_ENABLED=1
	# A private libc must not load the system's name-service modules: names and users by Go alone.
	case $(go env GOFLAGS) in
	*netgo*) GOFLAGS=$(go env GOFLAGS) ;;
	*-tags=*) GOFLAGS=$(go env GOFLAGS | sed 's/-tags=/-tags=netgo,osusergo,/') ;;
	*) GOFLAGS="$(go env GOFLAGS) -tags=netgo,osusergo" ;;
	esac
	export GOFLAGS
	case :$PATH: in
	*:"$zhijian_root/.cache/tools":*) ;;
	*) export PATH="$zhijian_root/.cache/tools:$PATH" ;;
	esac
else
	echo "scripts/env.sh: libwhisper is not set up here: run scripts/setup.sh first" >&2
fi
