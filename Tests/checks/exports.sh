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

# Of a matrix that lies the other way round Muon's direction does too; which way it lies, its axes say.
cat >muon.py <<'P'
import json, pathlib, struct, sys
import numpy as np

module = {"json": json, "struct": struct}
exec(pathlib.Path(sys.argv[1]).read_text(), module)
hidden = module["_hidden"]({
    "axes": {"a.weight": ["output", "input"], "b/weight": ["input", "output"],
             "c.weight": ["position", "output"], "d.weight": ["input", "head", "query_unit"]},
    "hidden_matrices": ["a.weight", "b/weight", "c.weight", "d.weight"]})
assert list(hidden.values()) == ["outputs first"] + 3 * ["outputs last"], hidden
g, n = np.random.default_rng(0).normal(size=(5, 3)), {"momentum": 0.9, "weight_decay": 0}
slots = {"first_moment": np.zeros((5, 3)), "second_moment": np.zeros((5, 3))}
last, _ = module["_muon"](g, g, slots, n, 0, np, "outputs last")
first, _ = module["_muon"](g.T, g.T, {key: slot.T for key, slot in slots.items()}, n, 0, np, "outputs first")
assert np.allclose(last.T, first, rtol=1e-12), (last.T, first)
P
/usr/bin/python3 muon.py "$formulas" || fail "Muon's matrices"

# Numbers that were given rather than learned leave as they were given.
learn given 'inner.optimizer={kind: momentum}' precision=double 'outer.learn=[rates, optimizerScalars]' \
  'rates.initial={kind: uniform, rate: 0.05}'
quietly "$metarate" run given/run/configuration.yaml outer.learn=[rates] outer.steps=1 \
  "inner.scalars={kind: checkpoint, file: $PWD/given/run/checkpoints/checkpoint-00000002.h5, state: last}" \
  --output given/again
for name in run again; do
  quietly "$metarate" export "given/$name" --state last --format npz --rates --output "given/$name.npz"
done
/usr/bin/python3 - <<'P' || fail "numbers that were given"
import json
import numpy as np

one, two = (json.loads(np.load(f"given/{name}.npz")["metadata.json"])["optimizer"]["numbers"]["momentum"]
            for name in ("run", "again"))
assert one == two != 0.9, (one, two)
P

# Frozen tensors have no logarithm.
learn frozen rates.parameterization=log 'rates.groups=[{match: "000_*", train: false}]' \
  'rates.time={kind: knots, count: 3}' 'rates.initial={kind: uniform, rate: 0.05}'
quietly "$metarate" export frozen/run --format npz --output frozen.npz
echo "ok: Muon's matrices, given numbers, frozen tensors"

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
