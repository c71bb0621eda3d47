#!/usr/bin/env bash
# Rates that were learned on runs of 100 steps, on runs of 100, 200 and 1000: on the digits and, where
# MNIST's file is given (mnist.py makes it), on its 10 000 test images. Baselines are tuned for the steps
# that they are used for. Writes results/horizons/.
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
