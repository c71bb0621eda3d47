#!/usr/bin/env bash
# A run that is killed at any moment and resumed ends in the same bits as one that was not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run=("$METARATE" run experiments/digits.yaml seed=3 outer.steps=12 inner.steps=30 checkpoint.every=1 --quiet)
# Whatever an outer loop may remember.
all=('rates.granularity=tensor' 'rates.time={kind: knots, count: 3}'
  'rates.terms=[base, {granularity: orbit}, {granularity: parameter, decay: 0.1}]'
  outer.shrink=signal outer.average.decay=0.8 'outer.schedule={kind: coarseToFine, patience: 2}'
  outer.optimizer.rate=0.5 outer.validation.every=1 outer.validation.exchange=true)
hash_of() { "$METARATE" inspect "$1/checkpoints/checkpoint-00000012.h5" | grep '^content_sha256'; }

"${run[@]}" --output "$folder/whole"
expected=$(hash_of "$folder/whole")
plain=("${run[@]}")
for milliseconds in 20 45 70 100 150 250 400 600 all 300 450 650 900; do
  if [ "$milliseconds" = all ]; then
    run+=("${all[@]}")
    "${run[@]}" --output "$folder/all"
    expected=$(hash_of "$folder/all")
    continue
  fi
  output="$folder/$milliseconds"
  "${run[@]}" --output "$output" &
  process=$!
  sleep "0.$(printf '%03d' "$milliseconds")"
  kill -9 "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
  if [ ! -e "$output/configuration.yaml" ]; then
    # Killed before the process had read its configuration: there is nothing to resume yet.
    echo "killed after $milliseconds ms: nothing begun"
    continue
  fi
  "$METARATE" resume "$output" --quiet
  found=$(hash_of "$output")
  if [ "$found" != "$expected" ]; then
    echo "killed after $milliseconds ms: $found, expected $expected" >&2
    exit 1
  fi
  echo "killed after $milliseconds ms: same bits"
done

run=("${plain[@]}")
# Signals finish the step, save, and exit with their documented codes.
for signal in INT:130 TERM:143 USR1:75; do
  output="$folder/${signal%%:*}"
  "${run[@]}" outer.steps=2000 --output "$output" 2>/dev/null &
  process=$!
  sleep 1
  kill "-${signal%%:*}" "$process"
  code=0
  wait "$process" || code=$?
  [ "$code" = "${signal##*:}" ] || { echo "SIG${signal%%:*}: exit code $code" >&2; exit 1; }
  echo "SIG${signal%%:*}: exit code $code"
done
