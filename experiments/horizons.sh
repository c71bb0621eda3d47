#!/usr/bin/env bash
# Rates learned by hypergradients of 100 steps, on runs of 100, 200 and 1000: on the digits and, where
# MNIST's file is given (mnist.py makes it), on its 10 000 test images. Baselines and the start of
# learning are tuned, and the learned state is chosen, for the steps that rates are used for, so that
# rates differ between horizons. Writes results/horizons/.
#
#   experiments/horizons.sh [mnist-10k.h5]
set -euo pipefail
cd "$(dirname "$0")/.."
metarate=${METARATE:-$(swift build -c release --show-bin-path)/metarate}
mnist=${1:+$(realpath "$1")}

arms='[tunedUniform, {kind: tunedLayerFactor, index: tensor},
  {kind: learned, with: {rates.granularity: tensor}}, learned]'
for steps in 100 200 1000; do
  "$metarate" ablate experiments/ablation-digits.yaml "ablation.arms=$arms" \
    outer.validation.steps=$steps --output results/horizons/digits-$steps
  [ -z "$mnist" ] || "$metarate" ablate experiments/ablation-mnist.yaml task.file="$mnist" \
    outer.validation.steps=$steps --output results/horizons/mnist-$steps
done

# All of them in one table: mean test losses, and verdicts with the repetitions in which it is lower.
{
  echo '# Rates learned by hypergradients of 100 steps, on runs of 100, 200 and 1000'
  echo
  echo 'Mean test losses; then what rates learned per parameter are beside each of the others, and in how'
  echo 'many repetitions they are lower. Verdicts are adjusted for the three comparisons of a row. Baselines'
  echo 'and the start of learning are tuned, and the learned state is chosen, for the steps of the row: these'
  echo 'are not the same rates at three horizons. Written by `experiments/horizons.sh`.'
  echo
  for data in digits mnist; do
    for steps in 100 200 1000; do
      page=results/horizons/$data-$steps/ablation.md
      [ -e "$page" ] || continue
      awk -F ' *[|] *' -v data=$data -v steps=$steps -v heads="$data-$steps" '
        /^\| rates / { table = 1; next }
        /^\| paired/ { table = 2; for (i = 2; i < NF; i++) column[$i] = i; next }
        /^$/ { table = 0 }
        /^\| -/ { next }
        table == 1 { names = names " " $2 " |"; losses = losses " " $3 " |"; rule = rule " ---: |" }
        table == 2 {
          split($2, sides, " − ")
          names = names " beside " sides[2] " |"; rule = rule " --- |"
          losses = losses " " $column["verdict"] ", " $column["lower in"] " |"
        }
        END {
          if (heads == "digits-100") print "| data | steps |" names "\n| --- | ---: |" rule
          print "| " data " | " steps " |" losses
        }' "$page"
    done
  done
} >results/horizons/README.md
