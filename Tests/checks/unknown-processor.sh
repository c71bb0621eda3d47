#!/usr/bin/env bash
# On a processor that OpenBLAS does not know, large products are our own: the same results, said so.
set -euo pipefail
metarate=${METARATE:?the command to check}
cd "$(dirname "$0")/../.."
if ! grep -qw avx2 /proc/cpuinfo; then
  echo "no AVX2 here: OpenBLAS's oldest kernels are the right ones"
  exit 0
fi
export OPENBLAS_CORETYPE=Prescott
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$metarate" verify >"$folder/verified"
grep -E "([0-9]+) of \1 cases agree" "$folder/verified"
grep -F "large products by own kernel (" "$folder/verified"
"$metarate" program experiments/digits.yaml inner.steps=1 rates.time=constant >"$folder/program"
tail -1 "$folder/program" | grep -F "large products by own kernel ("
# A left operand of 7 MB: 899 rows of 2048 numbers.
"$metarate" run experiments/digits.yaml --output "$folder/run" 'model.hidden=[2048]' \
  inner.batch=899 inner.steps=2 outer.steps=1 outer.tasks=1 outer.validation.every=0 testRuns=2 \
  rates.time=constant rates.terms=base >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
grep -F '"large_products" : "own kernel (' "$folder/run/provenance.json"
unset OPENBLAS_CORETYPE
"$metarate" run experiments/digits.yaml --output "$folder/known" 'model.hidden=[2048]' \
  inner.batch=899 inner.steps=2 outer.steps=1 outer.tasks=1 outer.validation.every=0 testRuns=2 \
  rates.time=constant rates.terms=base >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
# The objective and the norm of the hypergradient, which differ by rounding alone.
paste -d, <(tail -1 "$folder/run/metrics.csv") <(tail -1 "$folder/known/metrics.csv") | awk -F, '
  function near(a, b) { return a - b < 1e-4 * b && b - a < 1e-4 * b }
  { if (!near($2, $19) || !near($4, $21)) { print "not the same: " $0; exit 1 } }'
echo "our own products where OpenBLAS does not know the processor"
