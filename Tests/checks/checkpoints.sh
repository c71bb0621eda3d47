#!/usr/bin/env bash
# Checkpoints are listed, verified, extracted and repaired; a repaired run goes on to the same bits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
run=$folder/run
fail() { echo "$*" >&2; exit 1; }
content() { "$METARATE" inspect "$run/checkpoints/checkpoint-00000006.h5" | grep content_sha256; }

"$METARATE" run experiments/digits.yaml --quiet --output "$run" inner.steps=5 outer.steps=6 \
  outer.tasks=1 testRuns=2 checkpoint.every=1 'model.hidden=[4]' rates.time=constant rates.terms=base
expected=$(content)
"$METARATE" checkpoint list "$run" | grep -q "checkpoint-00000006.h5 *6 .* ${expected:16:12}" \
  || fail "the list lacks the last checkpoint"
"$METARATE" checkpoint verify "$run" >"$folder/verified" || fail "an intact run is not"
grep -q 'trajectory.h5 .*intact' "$folder/verified" && ! grep -q damaged "$folder/verified" \
  || { cat "$folder/verified" >&2; exit 1; }

# A part of a checkpoint, and never over a file that is there.
"$METARATE" checkpoint extract "$run" --step 5 --group /rates --output "$folder/rates.h5" >/dev/null
"$METARATE" inspect "$folder/rates.h5" >"$folder/inspected"
grep -q '^/rates/001_dense/weight' "$folder/inspected" && ! grep -q '^/rates_raw' "$folder/inspected" \
  || fail "the extract is not the rates"
code=0
"$METARATE" checkpoint extract "$run" --output "$folder/rates.h5" 2>/dev/null || code=$?
[ $code = 2 ] || fail "a file was written over, exit code $code"

# What the system refuses to read may be whole: no file is moved aside, whichever call fails.
if command -v cc >/dev/null; then
  cc -O1 -shared -fPIC -o "$folder/inject.so" Tests/faults/inject.c -ldl
  repair() { LD_PRELOAD=$folder/inject.so FAULT_ROOT=run "$@" "$METARATE" checkpoint repair "$run"; }
  repair env FAULT_LOG="$folder/calls" >/dev/null
  for at in $(seq "$(wc -l <"$folder/calls")"); do
    code=0
    repair env FAULT_AT="$at" FAULT_HOW=5 >"$folder/said" 2>&1 || code=$?
    [ $code = 0 ] || [ $code = 4 ] || { cat "$folder/said" >&2; fail "call $at: exit code $code"; }
    [ -z "$(find "$run" -name '*.damaged*')" ] \
      || { cat "$folder/said" >&2; fail "call $at ($(sed -n "${at}p" "$folder/calls")): moved aside"; }
  done
fi

# One flipped bit: what is damaged is named, what is not can be had, nothing is lost.
flip() { # FILE OFFSET
  printf "\\x$(printf %02x $((0x$(xxd -p -s "$2" -l 1 "$1" 2>/dev/null || od -An -tx1 -j "$2" -N 1 "$1" | tr -d ' ') ^ 4)))" \
    | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
last=$run/checkpoints/checkpoint-00000006.h5
flip "$last" $(($(stat -c %s "$last") / 2))
code=0
"$METARATE" checkpoint verify "$run" >"$folder/verified" 2>/dev/null || code=$?
[ $code = 3 ] && grep -q 'checkpoint-00000006.h5 .*damaged' "$folder/verified" \
  && grep -q 'checkpoint-00000005.h5 .*intact' "$folder/verified" || fail "damage was not found: $code"
code=0
"$METARATE" checkpoint extract "$run" --output "$folder/rest.h5" >"$folder/said" 2>&1 || code=$?
[ $code = 3 ] && grep -q 'datasets of .* are in' "$folder/said" || { cat "$folder/said" >&2; exit 1; }
"$METARATE" checkpoint repair "$run" >"$folder/said"
grep -q 'index.json lists 1 checkpoint again' "$folder/said" || { cat "$folder/said" >&2; exit 1; }
[ -e "$last.damaged" ] && [ ! -e "$last" ] || fail "the damaged file was not moved aside"
"$METARATE" checkpoint verify "$run" >/dev/null || fail "a repaired run is damaged"
[ "$("$METARATE" checkpoint repair "$run")" = "nothing was out of order" ] || fail "repaired twice"
rm "$run/summary.json"
"$METARATE" resume "$run" --quiet
[ "$(content)" = "$expected" ] || fail "a repaired run comes to other bits"

# What is missing, damaged beside the checkpoints, or another run's.
suspect() { # WORDS
  local code=0
  "$METARATE" checkpoint verify "$run" >"$folder/verified" 2>/dev/null || code=$?
  [ $code = 3 ] && grep -q "$1" "$folder/verified" || { cat "$folder/verified" >&2; fail "not found: $1"; }
}
"$METARATE" checkpoint verify "$run" >/dev/null || fail "a resumed run is damaged"
mv "$run/trajectory.h5" "$folder"
suspect 'trajectory.h5 .*missing'
mv "$folder/trajectory.h5" "$run"
cp "$run/curves.h5" "$folder"
flip "$run/curves.h5" $(($(stat -c %s "$run/curves.h5") / 2))
suspect 'curves.h5 .*damaged'
cp "$folder/curves.h5" "$run"
"$METARATE" run experiments/digits.yaml --quiet --output "$folder/other" inner.steps=5 outer.steps=2 seed=9 \
  outer.tasks=1 testRuns=2 checkpoint.every=1 'model.hidden=[4]' rates.time=constant rates.terms=base \
  outer.validation.every=1
cp "$folder/other/checkpoints/best.h5" "$run/checkpoints"
suspect 'its seed is another'
echo "checkpoints are listed, verified, extracted and repaired"
