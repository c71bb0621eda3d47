#!/usr/bin/env bash
# What `metarate export` writes is what was learned: NumPy trains a run again with the exported formulas, rates
# and schedule, for every optimizer, and comes to the same weights. PyTorch and optax do so in
# Tests/long/exports.sh.
set -euo pipefail
root=$PWD
fail() { echo "exports.sh: $*" >&2; exit 1; }
metarate=$(realpath "${METARATE:-$(swift build -c release --show-bin-path)/metarate}")
digits=$root/experiments/digits.yaml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
quietly() { "$@" >"$folder/said" 2>&1 || fail "$*: $(cat "$folder/said")"; }
. "$root/Tests/checks/exports/make.sh"
formulas=$root/Sources/CEmbeddedData/exports/formulas.py
python() { /usr/bin/python3 "$root/Tests/checks/exports/$1.py" "${@:2}"; }

# run NAME LIMIT SETTINGS…: the round trip; $kept is what the kept run starts from besides rates.
kept=()
run() {
  learn "$1" "${@:3}"
  keep "$1" "${kept[@]}"
  quietly "$metarate" export "$1/run" --state last --format npz --output "$1/export.npz"
  python numpy_run "$formulas" "$1/export.npz" "$1/run.npz" "$2" || fail "$1 differs"
}
for line in "${optimizers[@]}"; do
  read -r word _ <<<"$line"
  mapfile -t settings < <(optimizer "$line" | sed 's/ rates\.initial=/\nrates.initial=/')
  run "$word" 1e-9 precision=double "${settings[@]}"
done
# Everything else that a step can have: rates that change over time, clips and decay, a schedule, numbers that
# were learned.
kept=('inner.scalars=LAST')
run steps 1e-9 precision=double 'rates.time={kind: knots, count: 4}' 'rates.initial={kind: uniform, rate: 0.1}' \
  'inner.transformations=[{kind: globalNorm, limit: 0.5}, {kind: weightDecay, rate: 0.01}, {kind: value, limit: 0.1}]' \
  'inner.schedule={kind: cosine, final: 0.1}' 'outer.learn=[rates, optimizerScalars]' \
  'inner.optimizer={kind: adamw, beta1: 0.8}'

# Formats and granularities.
metarate_files() { (cd "$1" && find . -type f | sort | tr '\n' ' '); }
for format in pytorch optax; do
  quietly "$metarate" export adam/run --format $format --by tensor --output "adam/$format"
  /usr/bin/python3 -m py_compile adam/$format/*.py
  rm -rf adam/$format/__pycache__
done
[ "$(metarate_files adam/pytorch)" = './metarate_torch.py ./rates.safetensors ./weights.safetensors ' ] \
  || fail "PyTorch's folder: $(metarate_files adam/pytorch)"
quietly "$metarate" export adam/run --format safetensors --output adam/export.safetensors
cat >layouts.py <<'P'
import json, struct
import numpy as np

def read(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__")
    return {name: np.frombuffer(data[8 + length:][slice(*entry["data_offsets"])],
                                {"F64": "<f8", "F32": "<f4"}[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()}

own, torch = read("adam/export.safetensors"), read("adam/pytorch/weights.safetensors")
weight = own["weights/000_dense/weight"]
assert weight.shape == (64, 8) and np.array_equal(torch["000_dense.weight"], weight.T)
means = read("adam/pytorch/rates.safetensors")
rates = own["rates/000_dense/weight"]
assert np.isclose(means["rates.000_dense.weight"], np.exp(np.log(rates).mean()), rtol=1e-6), means
print("ok: PyTorch's layout, geometric means, safetensors read by their specification alone")
P
/usr/bin/python3 layouts.py || fail "layouts differ"

# refused CODE WORDS COMMAND…: the exit code, and one line with these words.
refused() {
  local code=$1 words=$2 found=0
  shift 2
  "$@" >out 2>err || found=$?
  [ "$found" = "$code" ] || fail "exit code $found, not $code, of: $*: $(cat err)"
  [ "$(wc -l <err)" = 1 ] && grep -q "$words" err || fail "of $*: $(cat err)"
}
refused 2 'is there already' "$metarate" export adam/run --output adam/export.safetensors
refused 4 'No such file' "$metarate" export nothing.h5
refused 2 'another kind' "$metarate" export adam/run/trajectory.h5
learn negative 'rates.parameterization=direct' 'rates.initial={kind: uniform, rate: 0.001}' outer.optimizer.rate=0.1
refused 2 'geometric mean' "$metarate" export negative/run --state last --by tensor --output n.safetensors
learn online 'inner.online={rule: multiplicative}' 'rates.initial={kind: uniform, rate: 0.01}'
refused 2 'adapt' "$metarate" export online/run --format pytorch
echo "ok: what cannot leave is refused in one line"
