#!/bin/sh
# Sets up what a build and the tests need. It may be run as often as you like: what is there is kept.
#
#   scripts/setup.sh [STAGE…]      stages: native go test peers; without one: native go
#
#   native  libwhisper and ggml: the system's when they are installed and new enough, else a private
#           copy of Debian's packages in .native/ inside this checkout; the system is not touched
#   go      the Go modules that go.sum pins
#   test    programs that tests and lint call: espeak-ng, sox, ffmpeg (apt-get, needs root or sudo),
#           a PostgreSQL server (the system's, 13 or newer, else a private copy of Debian's packages in
#           .cache/postgres/, which nothing starts but the tests), Prometheus and Alertmanager (in the same
#           way, in .cache/prometheus/), and, by version in .cache/tools/, Go tools and an S3 server
#           (versitygw), which nothing starts but the tests either
#   peers   whisper-cli, which make bench measures against: the system's when it is installed, else a
#           private copy of Debian's packages in .cache/peers/ (134 MB); the system is not touched
#
# The network is needed only for what is missing. scripts/env.sh tells a shell about the result.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)
native=$root/.native
tools=$root/.cache/tools

recipe=3 # raise it when .native/ must be made anew
whisper_minimum=1.8
whisper_function=whisper_vad_detect_speech_no_reset # newer than that: streams keep their state between blocks
suites="forky testing" # of Debian, the first that can be reached
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
gofumpt=mvdan.cc/gofumpt@v0.9.2
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0
versitygw=github.com/versity/versitygw/cmd/versitygw@v1.8.0 # the S3 server of the tests

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
newer() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; } # is $1 >= $2?

# ---- native ---------------------------------------------------------------------------------

# try_c compiles and links the C program on standard input with the given flags.
try_c() { cc -x c -o "$native/probe" - "$@" 2>/dev/null; }

# system_flags sets cflags and ldflags for the system's libwhisper, by pkg-config where it knows it.
system_flags() {
	cflags='' ldflags=''
	if have pkg-config && pkg-config --exists whisper 2>/dev/null; then
		cflags=$(pkg-config --cflags whisper)
		for flag in $(pkg-config --libs-only-L whisper); do
			ldflags="$ldflags $flag -Wl,-rpath,${flag#-L}"
		done
	fi
}

# system_version prints the version of the system's libwhisper, shared or static, nothing when there is
# none that a program can be linked with and run.
system_version() {
	system_flags
	for libraries in '-lwhisper -lggml -lggml-base' '-lwhisper -lggml -lggml-cpu -lggml-base -lm -lstdc++ -fopenmp'; do
		# shellcheck disable=SC2086 # flags are lists
		if printf '#include <stdio.h>\n#include <whisper.h>\nint main(void){puts(whisper_version());}\n' |
			try_c $cflags $ldflags $libraries; then
			"$native/probe" 2>/dev/null || true
			return
		fi
	done
}

# streams reports whether the libwhisper of cflags and ldflags has whisper_function: 1.8 has it or has it not.
streams() {
	for libraries in '-lwhisper -lggml -lggml-base' '-lwhisper -lggml -lggml-cpu -lggml-base -lm -lstdc++ -fopenmp'; do
		# shellcheck disable=SC2086 # flags are lists
		printf '#include <whisper.h>\nint main(void){return &%s==0;}\n' "$whisper_function" |
			try_c $cflags $ldflags $libraries && return 0
	done
	return 1
}

# stub_cpu provides libggml-cpu, which the Go bindings link, where ggml has it only as plug-ins.
stub_cpu() {
	mkdir -p "$native/stub"
	# shellcheck disable=SC2086
	if ! echo 'int main(void){return 0;}' | try_c $ldflags -lggml-cpu; then
		printf '!<arch>\n' >"$native/stub/libggml-cpu.a"
		ldflags="-L$native/stub $ldflags"
	fi
}

# write_env FLAGS… keeps what scripts/env.sh exports.
write_env() {
	cat >"$native/env" <<-END
		zhijian_native='$1'
		zhijian_prefix='$2'
		zhijian_interpreter='$3'
		zhijian_cflags='$cflags'
		zhijian_ldflags='$ldflags'
	END
}

use_system() {
	system_flags
	stub_cpu
	write_env system '' ''
	echo "$recipe $root system $1" >"$native/stamp"
	say "libwhisper $1 of the system is used"
}

# mirrors prints the Debian mirrors that the machine itself uses.
mirrors() {
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
		sed -n -e '/^[[:space:]]*#/d' -e 's/^[[:space:]]*deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}//p' \
			-e 's/^URIs:[[:space:]]*//p' | tr ' ' '\n' |
		grep -E '^[a-z+]+:.*/(debian|mirrors/debian\.list)/?$' || true
}

# private_apt runs apt-get in $work on state of its own: no root needed, the system's state is not read.
private_apt() {
	(cd "$work" && apt-get -qq -c "$work/apt.conf" "$@") >>"$work/log" 2>&1
}

write_apt_conf() {
	cat >"$work/apt.conf" <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Pre-Invoke;
		#clear DPkg::Post-Invoke;
		#clear DPkg::Pre-Install-Pkgs;
		#clear APT::Default-Release;
		#clear Acquire::IndexTargets::deb::DEP-11;
		Dir::State "$work/state";
		Dir::State::Lists "$work/state/lists";
		Dir::State::status "$work/state/status";
		Dir::Cache "$work/cache";
		Dir::Log "$work";
		Dir::Etc::sourcelist "$work/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Sandbox::User "";
		APT::Install-Recommends "false";
		APT::Install-Suggests "false";
		Acquire::Languages "none";
		Acquire::Retries "2";
		Debug::NoLocking "true";
	END
}

# from_debian SUITES ARGUMENT… runs apt-get with ARGUMENT… for the first mirror and suite that have what is asked
# for. What counts as installed stands in $work/state/status: nothing, unless it was written before.
from_debian() {
	tried=$1
	shift
	mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
	: >"$work/log"
	[ -e "$work/state/status" ] || : >"$work/state/status"
	write_apt_conf
	for mirror in $(mirrors | awk '!seen[$0]++'); do
		for suite in $tried; do
			echo "deb [signed-by=$keyring] $mirror $suite main" >"$work/sources.list"
			private_apt update || continue
			private_apt "$@" && return 0
		done
	done
	return 1
}

# fetch_packages PACKAGE downloads it and all that it needs; $work/cache/archives holds them.
fetch_packages() { from_debian "$suites" --yes --download-only install "$1"; }

# unpack_packages turns the downloaded packages into the new prefix $work/prefix.
unpack_packages() {
	for package in "$work"/cache/archives/*.deb; do
		case ${package##*/} in libc6-dev_* | linux-libc-dev_*) continue ;; esac # would clash with the system's
		dpkg -x "$package" "$work/prefix"
	done
	if [ -d "$work/prefix/lib" ]; then # packages from before the merge of /lib and /usr/lib
		cp -a "$work/prefix/lib/." "$work/prefix/usr/lib/"
		rm -rf "$work/prefix/lib" "$work/prefix/lib64"
	fi
	rm -rf "$work/prefix/usr/share/doc" "$work/prefix/usr/share/lintian"
}

make_private() {
	have apt-get && have dpkg || fail "libwhisper $whisper_minimum or newer is not installed and this is no Debian system: build whisper.cpp, install it, and run this again"
	[ -r "$keyring" ] || fail "$keyring is missing: apt-get install debian-archive-keyring"
	triple=$(cc -print-multiarch)
	work=$native/work
	rm -rf "$work"
	mkdir -p "$work/prefix"
	say "libwhisper of Debian ${suites%% *} is fetched into .native/ (6 MB, the system stays as it is)"
	if ! fetch_packages libwhisper-dev; then
		cp "$work/log" "$native/apt.log"
		fail "libwhisper-dev cannot be had from Debian ($suites): check the network and that a Debian mirror stands in /etc/apt/sources.list or sources.list.d, or install libwhisper 1.8 or newer yourself, then run this again; apt's words are in .native/apt.log"
	fi
	unpack_packages
	version=$(dpkg-deb -f "$work"/cache/archives/libwhisper-dev_*.deb Version)
	ggml=$(dpkg-deb -f "$work"/cache/archives/libggml-dev_*.deb Version)
	newer "$version" "$whisper_minimum" || fail "Debian's libwhisper is $version, $whisper_minimum or newer is needed: build whisper.cpp, install it, and run this again"

	rm -rf "$native/prefix" "$native/apt.log"
	mv "$work/prefix" "$native/prefix"
	libraries=$native/prefix/usr/lib/$triple
	interpreter=$(find "$libraries" -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
	[ -n "$interpreter" ] || fail "Debian's libc6 has no dynamic linker for $triple: build whisper.cpp, install it, and run this again"
	cflags=-I$native/prefix/usr/include
	ldflags="-L$libraries -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags -Wl,-rpath,$libraries -Wl,--dynamic-linker=$interpreter"
	streams || fail "Debian's libwhisper $version has no $whisper_function: build a newer whisper.cpp, install it, and run this again"
	stub_cpu
	write_env private "$native/prefix" "$interpreter"
	rm -rf "$work"
	echo "$recipe $root private $version ggml $ggml" >"$native/stamp"
	say "libwhisper $version with ggml $ggml is ready in .native/"
}

# native_ready reports whether an earlier run's result still stands.
native_ready() {
	[ -r "$native/stamp" ] && [ -r "$native/env" ] || return 1
	read -r had where kind version _ <"$native/stamp"
	[ "$had" = "$recipe" ] && [ "$where" = "$root" ] || return 1
	case $kind in
	system) system_flags && [ "$(system_version)" = "$version" ] && streams ;;
	private)
		# shellcheck disable=SC1091 # made by write_env
		. "$native/env"
		[ -x "$zhijian_interpreter" ] && [ -e "${zhijian_interpreter%/*}/libwhisper.so" ]
		;;
	*) return 1 ;;
	esac
}

setup_native() {
	for compiler in cc c++; do
		have "$compiler" || fail "there is no C and C++ compiler ($compiler): apt-get install build-essential"
	done
	mkdir -p "$native"
	native_ready && { say "libwhisper is ready"; return; }
	found=$(system_version)
	system_flags
	if [ -n "$found" ] && newer "$found" "$whisper_minimum" && streams; then
		use_system "$found"
	else
		[ -z "$found" ] || say "libwhisper $found of the system is too old: it must be $whisper_minimum or newer and have $whisper_function"
		make_private
	fi
	rm -f "$native/probe"
}

# ---- go -------------------------------------------------------------------------------------

need_go() {
	have go || fail "Go is not installed: get $(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' go.mod) or newer from go.dev/dl"
	go version >/dev/null 2>&1 || fail "the go command does not run here: Go $(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' go.mod) or newer is needed, see go.dev/dl"
}

setup_go() {
	need_go
	if GOPROXY=off GOFLAGS=-mod=readonly go mod download >/dev/null 2>&1; then
		say "the Go modules are ready"
		return
	fi
	say "the Go modules are fetched"
	mkdir -p "$root/.cache"
	GOFLAGS=-mod=readonly go mod download >"$root/.cache/modules.log" 2>&1 ||
		fail "the Go modules cannot be had ($(tail -n 1 "$root/.cache/modules.log")): check the network or set GOPROXY, then run this again"
}

# ---- test -----------------------------------------------------------------------------------

setup_programs() {
	missing=''
	for program in espeak-ng sox ffmpeg; do
		have "$program" || missing="$missing $program"
	done
	[ -n "$missing" ] || { say "espeak-ng, sox and ffmpeg are ready"; return; }
	become=''
	if [ "$(id -u)" -ne 0 ]; then
		have sudo && sudo -n true 2>/dev/null || fail "tests need$missing, which an administrator can install: apt-get install$missing"
		become='sudo -n'
	fi
	have apt-get || fail "tests need$missing: install them with this system's package manager"
	say "installing$missing"
	mkdir -p "$root/.cache"
	# shellcheck disable=SC2086
	{ $become apt-get -qq update && DEBIAN_FRONTEND=noninteractive $become apt-get -qq --yes --no-install-recommends install $missing; } \
		>"$root/.cache/apt.log" 2>&1 ||
		fail "apt-get cannot install$missing: check the network, then run this again; apt's words are in .cache/apt.log"
}

# postgres_runs tells whether the programs of a PostgreSQL server in the folder $1 run here.
postgres_runs() {
	[ -x "$1/initdb" ] && [ -x "$1/postgres" ] && [ -x "$1/pg_dump" ] || return 1
	libraries=$(echo "$postgres"/usr/lib/*-linux-gnu*)
	for program in initdb postgres pg_dump; do
		LD_LIBRARY_PATH=$libraries "$1/$program" --version >/dev/null 2>&1 || return 1
	done
	found=$("$1/postgres" --version 2>/dev/null || LD_LIBRARY_PATH=$libraries "$1/postgres" --version)
	found=${found#*) }
	newer "${found%% *}" 13
}

# postgres_ready looks where the tests look.
postgres_ready() {
	for folder in "$postgres"/usr/lib/postgresql/*/bin /usr/lib/postgresql/*/bin; do
		postgres_runs "$folder" && return 0
	done
	path=$(command -v initdb) && postgres_runs "$(dirname "$(readlink -f "$path")")"
}

# release prints the name of the system's own release.
# shellcheck disable=SC1091 # every system has it
release() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }

# fetch_postgres downloads the server of the system's own release and what it needs that is not installed.
fetch_postgres() {
	mkdir -p "$work/state"
	awk 'BEGIN { RS = ""; ORS = "\n\n" } !/^Package: postgresql/' /var/lib/dpkg/status >"$work/state/status" # a broken one counts for nothing
	from_debian "$(release) $suites" --yes --download-only install postgresql
}

# begin_private TITLE NAME NOTE HINT lets fetch_NAME download TITLE into $work, which is new. NOTE says more about
# what is fetched, HINT what else can be done when it cannot be had.
begin_private() {
	[ -r "$keyring" ] || fail "$keyring is missing: apt-get install debian-archive-keyring"
	work=$root/.cache/$2.work
	rm -rf "$work"
	say "$1 of Debian is fetched into .cache/$2/ ($3for the tests only, the system stays as it is)"
	"fetch_$2" && return
	cp "$work/log" "$root/.cache/apt.log"
	fail "$1 cannot be had from Debian: check the network and that a Debian mirror stands in /etc/apt/sources.list or sources.list.d$4, then run this again; apt's words are in .cache/apt.log"
}

setup_postgres() {
	postgres=$root/.cache/postgres
	postgres_ready && { say "PostgreSQL is ready"; return; }
	have apt-get && have dpkg || fail "tests need a PostgreSQL server, 13 or newer: install it with this system's package manager"
	begin_private PostgreSQL postgres '' ', or install PostgreSQL yourself'
	for package in "$work"/cache/archives/*.deb; do
		case ${package##*/} in libllvm* | perl* | libperl* | ssl-cert_*) continue ;; esac # for what the tests leave alone
		dpkg -x "$package" "$work/prefix"
	done
	if [ -d "$work/prefix/lib" ]; then # packages from before the merge of /lib and /usr/lib
		cp -a "$work/prefix/lib/." "$work/prefix/usr/lib/"
		rm -rf "$work/prefix/lib"
	fi
	rm -rf "$postgres" "$work/prefix/usr/share/doc" "$work/prefix/usr/share/locale" "$work/prefix/usr/share/man"
	chmod 0755 "$work/prefix"
	mv "$work/prefix" "$postgres"
	rm -rf "$work"
	postgres_ready || fail "the PostgreSQL in .cache/postgres/ does not run here: install PostgreSQL, 13 or newer, with this system's package manager"
	say "PostgreSQL is ready in .cache/postgres/"
}

# prometheus_runs tells whether Prometheus, promtool, Alertmanager and amtool of the folder $1 run here.
prometheus_runs() {
	for program in prometheus promtool prometheus-alertmanager amtool; do
		[ -x "$1/$program" ] && "$1/$program" --version >/dev/null 2>&1 || return 1
	done
}

# setup_prometheus puts them into .cache/prometheus/, from the system or from Debian: they are Go programs
# that need nothing but libc, so that the two packages alone are enough.
setup_prometheus() {
	prometheus=$root/.cache/prometheus
	prometheus_runs "$prometheus/usr/bin" && { say "Prometheus is ready"; return; }
	prometheus_runs /usr/bin && { say "Prometheus of the system is used"; return; }
	have apt-get && have dpkg || fail "tests need prometheus, promtool, prometheus-alertmanager and amtool in .cache/prometheus/usr/bin: put them there"
	begin_private Prometheus prometheus '30 MB, ' ''
	for package in "$work"/*.deb; do
		dpkg -x "$package" "$work/prefix"
	done
	# Debian's Alertmanager reads its template at a fixed place. In the copy the place is named from its own
	# folder, in as many characters, so that it finds the template that came with it.
	LC_ALL=C sed -i 's#/usr/share/prometheus/alertmanager#../share/prometheus///alertmanager#g' \
		"$work/prefix/usr/bin/prometheus-alertmanager"
	mv "$work/prefix/usr/share/prometheus" "$work/share"
	rm -rf "$prometheus" "$work/prefix/usr/share" "$work/prefix/etc" "$work/prefix/var"
	mkdir "$work/prefix/usr/share"
	mv "$work/share" "$work/prefix/usr/share/prometheus"
	rm -rf "$work/prefix/usr/share/prometheus/web"
	mv "$work/prefix" "$prometheus"
	rm -rf "$work"
	prometheus_runs "$prometheus/usr/bin" || fail "the Prometheus in .cache/prometheus/ does not run here"
	say "Prometheus is ready in .cache/prometheus/"
}

# fetch_prometheus downloads the two packages of the system's own release.
fetch_prometheus() { from_debian "$(release) $suites" download prometheus prometheus-alertmanager; }

# setup_tool MODULE@VERSION installs a Go tool as .cache/tools/NAME-VERSION/NAME.
setup_tool() {
	name=${1##*/}
	folder=$tools/$(echo "$name" | tr @ -)
	name=${name%@*}
	if [ ! -x "$folder/$name" ]; then
		say "$1 is built"
		mkdir -p "$folder"
		(cd / && env -u CGO_LDFLAGS -u CGO_CFLAGS GOFLAGS= CGO_ENABLED=0 GOBIN="$folder" go install "$1") >"$tools/$name.log" 2>&1 ||
			fail "$1 cannot be had ($(tail -n 1 "$tools/$name.log")): check the network or set GOPROXY, then run this again"
	fi
	ln -sfn "$folder/$name" "$tools/$name"
}

# setup_test downloads programs and servers while the tools are built.
setup_test() {
	need_go
	mkdir -p "$tools"
	(
		setup_programs
		setup_postgres
		setup_prometheus
	) &
	fetching=$!
	setup_tool "$gofumpt"
	setup_tool "$staticcheck"
	setup_tool "$govulncheck"
	setup_tool "$versitygw"
	wait "$fetching"
	say "the test tools are ready"
}

# ---- peers ----------------------------------------------------------------------------------

# setup_peers makes .cache/peers/whisper-cli. A private one is started by its own dynamic linker, beside
# which ggml then looks for its plug-ins.
setup_peers() {
	peers=$root/.cache/peers
	mkdir -p "$peers"
	[ -x "$peers/whisper-cli" ] && "$peers/whisper-cli" --help >/dev/null 2>&1 && { say "whisper-cli is ready"; return; }
	if have whisper-cli; then
		ln -sfn "$(command -v whisper-cli)" "$peers/whisper-cli"
		say "whisper-cli of the system is used"
		return
	fi
	have apt-get && have dpkg && [ -r "$keyring" ] || fail "whisper-cli is not installed and this is no Debian system: build whisper.cpp, put whisper-cli on the path, and run this again"
	work=$peers/work
	rm -rf "$work"
	mkdir -p "$work/prefix"
	say "whisper-cli of Debian ${suites%% *} is fetched into .cache/peers/ (134 MB, the system stays as it is)"
	if ! fetch_packages whisper.cpp-tools; then
		cp "$work/log" "$peers/apt.log"
		fail "whisper.cpp-tools cannot be had from Debian ($suites): check the network, then run this again; apt's words are in .cache/peers/apt.log"
	fi
	unpack_packages
	rm -rf "$peers/prefix" "$peers/apt.log"
	mv "$work/prefix" "$peers/prefix"
	dpkg-deb -f "$work"/cache/archives/whisper.cpp-tools_*.deb Version >"$peers/version"
	rm -rf "$work"
	peer_launcher
	"$peers/whisper-cli" --help >/dev/null 2>&1 || fail "whisper-cli does not start: try $peers/whisper-cli --help"
	say "whisper-cli $(cat "$peers/version") is ready in .cache/peers/"
}

peer_launcher() {
	libraries=$peers/prefix/usr/lib/$(cc -print-multiarch)
	interpreter=$(find "$libraries" -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
	for plugin in "$libraries"/ggml/backends*/*.so; do
		ln -sfn "$plugin" "$libraries/${plugin##*/}"
	done
	cat >"$peers/whisper-cli" <<-END
		#!/bin/sh
		# Written by scripts/setup.sh peers.
		exec '$interpreter' --library-path '$libraries:$libraries/blas:$libraries/lapack:$libraries/pulseaudio' '$peers/prefix/usr/bin/whisper-cli' "\$@"
	END
	chmod +x "$peers/whisper-cli"
}

# one_at_a_time makes a second run in this checkout wait for the first.
one_at_a_time() {
	mkdir -p "$root/.cache"
	exec 9>"$root/.cache/setup.lock"
	have flock && flock 9
	return 0
}

[ $# -gt 0 ] || set -- native go
one_at_a_time
for stage; do
	case $stage in
	native | go | test | peers) "setup_$stage" ;;
	*) fail "there is no stage $stage: native, go, test and peers are the stages" ;;
	esac
done
