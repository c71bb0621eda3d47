#!/usr/bin/env bash
# Adds runs of a release, which later ones are to finish: Tests/golden-runs/add.sh VERSION
#
# Small runs that keep as diverse things as there are, killed or stopped under way: one archive each of
# run, the folder as it was left, and of finished.h5 and finished.csv, the last checkpoint and the
# history of a copy that the same release finished. Those of the same version are replaced. METARATE
# is the release's command. What a release learns to keep gets a run here. Needs a C compiler.
set -euo pipefail
[ $# = 1 ] || { echo "usage: Tests/golden-runs/add.sh VERSION" >&2; exit 2; }
cd "$(dirname "$0")/../.."
metarate=$(realpath "${METARATE:-$(swift build -c release --show-bin-path)/metarate}")
[ "$("$metarate" --version)" = "metarate $1" ] \
  || { echo "add.sh: found $("$metarate" --version), expected $1" >&2; exit 1; }
release=$PWD/Tests/golden-runs/$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cc -O1 -shared -fPIC -o "$scratch/after.so" Tests/faults/after.c -ldl
mkdir -p "$release"
cd "$scratch"

# command VARIABLE… -- ARGUMENT…: the release's command, without programs that draw and without what
# is this machine's.
command() { env PATH="$(dirname "$metarate")" METARATE_WORKERS=1 "$@"; }

# add NAME SIGNAL: the run of the configuration on standard input, which gets the signal as soon as the
# checkpoint of step 5 is there.
add() {
  local code=0 saved
  cat >"$1.yaml"
  command LD_PRELOAD="$scratch/after.so" AFTER_NAME=/checkpoint-00000005.h5 AFTER_SIGNAL="$2" \
    metarate run "$1.yaml" --quiet --output run 2>message || code=$?
  [ "$code" = $((128 + $2)) ] || { cat message >&2; exit 1; }
  cp -r run copy
  command metarate resume copy --quiet
  saved=(copy/checkpoints/checkpoint-*.h5)
  mv "${saved[-1]}" finished.h5
  mv copy/metrics.csv finished.csv
  # Equal files give equal archives.
  tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --exclude=.lock \
    run finished.h5 finished.csv | gzip -9n >"$release/$1.tar.gz"
  rm -r run copy finished.h5 finished.csv
  echo "$release/$1.tar.gz: $(stat -c %s "$release/$1.tar.gz") bytes"
}

kill=9 stop=15

# Runs that go on, killed: their history lies in a journal.
add carried $kill <<'YAML'
name: carried
task: { kind: teacher, inputs: 3, query: 16 }
model: { kind: mlp, hidden: [4] }
inner: { optimizer: momentum, steps: 5, batch: 8 }
rates: { granularity: parameter, parameterization: softplus, initial: { kind: uniform, rate: 0.02 } }
outer:
  steps: 9
  tasks: 2
  cadence: { kind: carried, windows: 4 }
  validation: { every: 2, tasks: 2 }
checkpoint: { every: 1 }
seed: 3
YAML

# Rates of a base over knots and of offsets that are released one after another, shrunk and averaged.
add terms $stop <<'YAML'
name: terms
task: { kind: teacher, inputs: 3, query: 16 }
model: { kind: mlp, hidden: [4] }
inner: { optimizer: nesterov, steps: 6, batch: 8 }
rates:
  granularity: orbit
  time: { kind: knots, count: 3 }
  terms: [base, { granularity: outputUnit, time: step, decay: 0.1 }, { decay: 0.1, speed: 0.5 }]
  initial: { kind: uniform, rate: 0.02 }
outer:
  optimizer: { kind: adam, rate: 1 }
  schedule: { kind: coarseToFine, patience: 1, multiplier: cosine }
  shrink: { kind: signal, decay: 0.8 }
  average: { decay: 0.8 }
  steps: 11
  tasks: 3
  validation: { every: 1, tasks: 2 }
checkpoint: { every: 1 }
seed: 4
YAML

# Weights and scalars that are learned with the rates, and a model with a state.
add learned $stop <<'YAML'
name: learned
task: { kind: modularAddition, modulus: 5 }
model:
  kind: layers
  layers: [{ kind: dense, units: 4 }, { kind: batchNorm, running: 0.1 }, activation]
inner:
  optimizer: { kind: adamw, weightDecay: 0.001 }
  steps: 5
  batch: 8
  transformations: [{ kind: globalNorm, limit: 1 }, { kind: weightDecay, rate: 0.001 }]
  schedule: cosine
rates: { granularity: tensor, time: { kind: window, steps: 2 }, initial: { kind: uniform, rate: 0.01 } }
outer:
  optimizer: { kind: adabelief, rate: 0.01 }
  learn: [rates, initialWeights, optimizerScalars]
  clip: { kind: globalNorm, limit: 0.1 }
  steps: 10
  tasks: 2
  freeze: 2
  validation: { every: 3, tasks: 2 }
checkpoint: { every: 1 }
seed: 5
YAML

# The state of models in runs that go on, whose rates adapt.
add adapted $stop <<'YAML'
name: adapted
task: { kind: teacher, inputs: 3, query: 16 }
model: { kind: layers, layers: [{ kind: dense, units: 4 }, { kind: batchNorm, running: 0.1 }] }
inner:
  optimizer: sgd
  steps: 5
  batch: 8
  online: { rule: multiplicative, metaRate: 0.01, floor: 1.0e-6 }
rates: { initial: { kind: uniform, rate: 0.02 } }
outer:
  learn: [adaptedRates]
  cadence: carried
  steps: 9
  tasks: 2
  validation: { every: 2, tasks: 2 }
checkpoint: { every: 1 }
seed: 6
YAML

# Double precision, estimates by differences, runs of random lengths, gaps in the history; killed.
add evolved $kill <<'YAML'
name: evolved
task: { kind: noisyQuadratic, dimensions: 6 }
inner: { optimizer: sgd, steps: 8 }
rates: { granularity: parameter, initial: { kind: uniform, rate: 0.1 } }
hypergradient: { estimator: { kind: evolution, pairs: 2 } }
outer:
  horizon: { kind: random, lowest: 2 }
  steps: 12
  tasks: 2
  validation: { every: 4, tasks: 2 }
history: { every: 3 }
checkpoint: { every: 1 }
precision: double
seed: 7
YAML
