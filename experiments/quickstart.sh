#!/usr/bin/env bash
# Installs what is missing, builds, learns one rate per parameter on the embedded digits, and shows
# the comparison with the rates that learning started from. A few minutes in all.
set -euo pipefail
cd "$(dirname "$0")/.."
source experiments/setup.sh

swift build -c release --product metarate
metarate=$(swift build -c release --show-bin-path)/metarate
output=results/quickstart
rm -rf "$output"
"$metarate" run experiments/digits.yaml --output "$output"
