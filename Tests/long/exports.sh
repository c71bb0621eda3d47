#!/usr/bin/env bash
# Exported rates train the same in PyTorch and with optax as in Metarate: the same network on the same batches,
# for every optimizer; weights after 100 steps in double precision, the mean loss on evaluation data in single
# precision. Installs the frameworks into .venv/; some minutes. Its last output is in exports.txt.
#
#   PIP_EXTRA_INDEX_URL=… Tests/long/exports.sh     pip takes CPU builds of PyTorch from PyTorch's own index
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
fail() { echo "exports.sh: $*" >&2; exit 1; }
metarate=$(realpath "${METARATE:-$(swift build -c release --show-bin-path)/metarate}")
digits=$root/experiments/digits.yaml

sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
[ -x .venv/bin/python ] || python3 -m venv .venv 2>/dev/null || {
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq python3-venv >/dev/null
  python3 -m venv .venv
}
python=$root/.venv/bin/python
"$python" -m pip install -q torch==2.13.0 jax==0.10.2 optax==0.2.8 numpy

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
quietly() { "$@" >"$folder/said" 2>&1 || fail "$*: $(cat "$folder/said")"; }
. "$root/Tests/checks/exports/make.sh"
echo "$(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores; $("$python" -c \
  'import torch, jax, optax; print("torch", torch.__version__, "jax", jax.__version__, "optax", optax.__version__)')"

# exported NAME: the run's rates for both frameworks.
exported() {
  quietly "$metarate" export "$1/run" --state last --format pytorch --output "$1/pytorch"
  quietly "$metarate" export "$1/run" --state last --format optax --output "$1/optax"
}

# compared NAME RUN…: trained again.
compared() { "$python" "$root/Tests/checks/exports/framework_run.py" "$@" || fail "$1 differs"; }

for line in "${optimizers[@]}"; do
  read -r word _ <<<"$line"
  mapfile -t settings < <(optimizer "$line" | sed 's/ rates\.initial=/\nrates.initial=/')
  learn "$word" precision=double "${settings[@]}"
  keep "$word"
  exported "$word"
  compared "$word" "$word/run.npz"
  learn "$word-single" "${settings[@]}"
  exported "$word-single"
  kept=()
  for seed in 11 12 13 14 15; do
    keep "$word-single" seed=$seed
    mv "$word-single/run.npz" "$word-single/$seed.npz"
    rm -r "$word-single/train"
    kept+=("$word-single/$seed.npz")
  done
  compared "$word-single" "${kept[@]}"
done

# Rates over time, clips, a schedule, learned numbers.
learn steps precision=double 'rates.time={kind: knots, count: 4}' 'rates.initial={kind: uniform, rate: 0.1}' \
  'inner.transformations=[{kind: globalNorm, limit: 0.5}, {kind: weightDecay, rate: 0.01}, {kind: value, limit: 0.1}]' \
  'inner.schedule={kind: cosine, final: 0.1}' 'outer.learn=[rates, optimizerScalars]' \
  'inner.optimizer={kind: adamw, beta1: 0.8}'
keep steps 'inner.scalars=LAST'
exported steps
compared steps steps/run.npz

# PyTorch's own optimizers, with a group a tensor: the rates are learned by tensor, the guard stands outside the
# root alone.
for line in 'sgd 0.2' 'momentum 0.05' 'nesterov 0.05' 'rmsprop 0.01 epsilonRoot:0' 'adagrad 0.05 epsilonRoot:0' \
  'adam 0.02 epsilonRoot:0' 'adamw 0.02 epsilonRoot:0'; do
  read -r word _ <<<"$line"
  name=$word-native
  mapfile -t settings < <(optimizer "$line" | sed 's/ rates\.initial=/\nrates.initial=/')
  learn "$name" precision=double rates.granularity=tensor 'inner.schedule={kind: cosine, final: 0.1}' \
    "${settings[@]}"
  keep "$name"
  exported "$name"
  quietly "$metarate" export "$name/run" --state last --format pytorch --by tensor --output "$name/tensor"
  compared "$name" "$name/run.npz"
done
