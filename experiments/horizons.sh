#!/usr/bin/env bash
# Rates that are chosen and learned by runs of 100 steps, tested on runs of 100, 200 and 1000: on the
# digits and, where MNIST's file is given (mnist.py makes it), on its 10 000 test images. Writes
# results/horizons/.
#
#   experiments/horizons.sh [mnist-10k.h5]
set -euo pipefail
cd "$(dirname "$0")/.."
metarate=${METARATE:-$(swift build -c release --show-bin-path)/metarate}
results=results/horizons

arms='[tunedUniform, {kind: tunedLayerFactor, index: tensor},
  {kind: learned, with: {rates.granularity: tensor}}, learned]'
"$metarate" ablate experiments/ablation-digits.yaml "ablation.arms=$arms" \
  'ablation.horizons=[100, 200, 1000]' ablation.repetitions=10 --output $results/digits
[ $# = 0 ] || "$metarate" ablate experiments/ablation-mnist.yaml task.file="$1" --output $results/mnist

# The tables by horizon, one under the other.
{
  echo '# Rates chosen by runs of 100 steps, on runs of 100, 200 and 1000'
  echo
  echo 'One set of rates for each arm and repetition; differences are of rates learned per parameter, with'
  echo 'the verdict and in how many repetitions they are lower. Verdicts are adjusted for all comparisons of'
  echo 'a page. Written by `experiments/horizons.sh`.'
  for data in digits mnist; do
    page=$results/$data/ablation.md
    [ -e "$page" ] || continue
    printf '\n## %s ([all tables](%s/ablation.md))\n\n' "$data" "$data"
    sed -n '/^| test loss by horizon/,/^## /{/^## /!p}' "$page"
  done
} >$results/README.md
