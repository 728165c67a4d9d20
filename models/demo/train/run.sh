#!/bin/sh
# Trains the demo speech model further and prints its error rates.
#
#   train/run.sh [MINUTES]        default 60; from the weights in models/demo, back into models/demo
#
# Settings (environment): PYTHON (with torch and numpy, default /usr/bin/python3), WORK (folder for
# shards and checkpoints), DICTIONARY (jieba.dict.utf8; by default that of the gojieba module),
# SHARDS (of 400 utterances), SEED, INIT (weights to start from; "none": from scratch), THREADS.
# Needs: python3-torch python3-numpy libopenblas0-pthread espeak-ng.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../../.." && pwd -P)
minutes=${1:-60}
python=${PYTHON:-/usr/bin/python3}
work=${WORK:-$root/.cache/demo-model}
seed=${SEED:-1}
weights=$here/../zh-demo-q8_0.bin.gz
init=${INIT:-$weights}
shards=${SHARDS:-200}
threads=${THREADS:-2}

fail() { printf 'demo model: %s\n' "$*" >&2; exit 1; }

"$python" -c 'import numpy, torch' 2>/dev/null ||
	fail "$python has no torch or numpy: apt-get install python3-torch python3-numpy libopenblas0-pthread"
command -v espeak-ng >/dev/null || fail "espeak-ng is missing: apt-get install espeak-ng"
if [ -z "${DICTIONARY:-}" ]; then
	module=$(cd "$root" && go list -m -f '{{.Dir}}' github.com/yanyiwu/gojieba 2>/dev/null || true)
	DICTIONARY=$module/deps/cppjieba/dict/jieba.dict.utf8
fi
[ -r "$DICTIONARY" ] || fail "no jieba dictionary: run go mod download, or set DICTIONARY"

# Threads that spin while they wait collapse on a busy machine.
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0 PYTHONDONTWRITEBYTECODE=1
mkdir -p "$work"
"$python" "$here/vocabulary.py" --dictionary "$DICTIONARY"
"$python" "$here/generate.py" --dictionary "$DICTIONARY" --out "$work/pool" --shards "$shards" \
	--first "$((seed * 1000))" --jobs "$threads"
set -- --pool "$work/pool" --out "$work/checkpoint.pt" --minutes "$minutes" --seed "$seed" --workers "$threads"
[ "$init" = none ] || set -- "$@" --init "$init"
nice -n 5 "$python" "$here/train.py" "$@"
"$python" "$here/export.py" "$work/checkpoint.pt" "$work/zh-demo-q8_0.bin.gz"

# The error rates through the program, with the new weights, not those built in.
[ -x "$root/bin/zhijian" ] || fail "bin/zhijian is not built: run make build, then this again"
"$python" "$here/evaluate.py" make "$work/evaluation"
gzip -dc "$work/zh-demo-q8_0.bin.gz" >"$work/zh-demo-q8_0.bin"
"$python" "$here/evaluate.py" score "$work/evaluation" --model "$work/zh-demo-q8_0.bin" --show 10
mv "$work/zh-demo-q8_0.bin.gz" "$weights"
echo "demo model: the new weights are in models/demo; git diff tells, git checkout takes them back" >&2
