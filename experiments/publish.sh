#!/usr/bin/env bash
# Makes every committed result again from what was computed: tables and figures of ablations, the table of
# closed forms, the digits' checkpoint with its analysis, notebooks and pages. To compute an ablation itself
# anew, remove its cells first. Needs Python with h5py and matplotlib, and gnuplot; takes two minutes.
#
#   experiments/publish.sh [--statistics] [mnist-10k.h5 mnist-pooled.h5]
#
# --statistics   also simulates how often intervals cover: five minutes more
# mnist-….h5     MNIST's files (experiments/mnist.py makes them), without which MNIST's tables stay as they are
#
# Ends with what differs from what is committed. On the recorded processor and BLAS (results/README.md) nothing
# should; benchmarks/ and scaling/ are measurements of time, and are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
statistics=
[ "${1:-}" != --statistics ] || { statistics=yes; shift; }
[ $# = 0 ] || [ $# = 2 ] || { sed -n 's/^#   \(experiments.*\)/usage: \1/p' "$0" >&2; exit 2; }
if [ -z "${METARATE:-}" ]; then
  swift build -c release --product metarate
  METARATE=$(swift build -c release --show-bin-path)/metarate
fi
# Provenance has the command as a user writes it.
PATH=$(dirname "$(realpath "$METARATE")"):$PATH
export PATH METARATE=metarate
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
step() { echo "== $*"; }
# What a command says of its progress is shown where it fails.
quietly() { "$@" >"$scratch/said" 2>&1 || { cat "$scratch/said" >&2; exit 1; }; }

step "ablations: tables and figures of their cells"
quietly metarate ablate experiments/ablation-digits.yaml ablation.repetitions=10 \
  --output results/ablation-digits
quietly metarate ablate experiments/ablation-scheduler.yaml --output results/ablation-scheduler
for shots in 5 10; do
  quietly metarate ablate experiments/sinusoid.yaml task.support=$shots ablation.repetitions=10 \
    --output results/ablation-sinusoid/$shots-shot
done
quietly experiments/horizons.sh ${1:+"$1"}
quietly experiments/terms.sh ${2:+"$2"}

step "closed forms"
experiments/theory.sh >"$scratch/theory.md"
cp "$scratch/theory.md" results/theory.md

if [ -n "$statistics" ]; then
  step "statistics"
  quietly metarate verify --statistics results/statistics
fi

step "the digits: a run, its best state and what explains it"
# As a user would call it, so that what it says of itself has no path of this machine.
mkdir "$scratch/experiments"
cp experiments/digits.yaml "$scratch/experiments/"
(cd "$scratch" && quietly metarate run experiments/digits.yaml --quiet --output results/digits)
run=$scratch/results/digits
best=checkpoints/best.h5
content() { metarate inspect "$1" 2>/dev/null | sed -n 's/^content_sha256: //p'; }
# Runs that differ in nothing but their times are the same.
if [ "$(content "$run/$best")" != "$(content results/digits/$best)" ]; then
  mkdir -p "$scratch/digits/checkpoints"
  cp "$run/$best" "$scratch/digits/checkpoints/"
  cp "$run"/{configuration.yaml,summary.json,curves.csv,provenance.json} "$scratch/digits/"
  rm -rf results/digits
  cp -r "$scratch/digits" results/
fi
rm -rf results/digits/figures
cp -r "$run/figures" results/digits/
quietly metarate analyze results/digits/$best --output results/digits/analysis
# Points and squares are a megabyte as data and lines; the pictures stay.
rm -f results/digits/analysis/parameters.csv \
  results/digits/analysis/figures/{rates-0,weights-0,rate-against}*.{csv,gp,svg}

step "notebooks"
notebook() {
  local name=$1
  shift
  quietly metarate notebook "$@" --output "notebooks-export/$name.ipynb"
}
notebook ablation-digits results/ablation-digits --title "Ways to choose rates on the digits"
notebook symmetry results/ablation-terms/{digits,teacher,mnist}-{fresh,fixed} \
  --title "Symmetry: do parameters deserve rates of their own?"
notebook sinusoids results/ablation-sinusoid/{5,10}-shot --title "Few-shot sinusoids: Meta-SGD beside MAML"
notebook checkpoint-digits results/digits/$best --title "A checkpoint: rates of the digits network"

step "pages"
quietly metarate report results

changed=$(git status --short -- results notebooks-export)
if [ -z "$changed" ]; then
  echo "everything is as committed"
else
  echo "other than committed:"
  echo "$changed"
fi
