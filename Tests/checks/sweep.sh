#!/usr/bin/env bash
# The same command again: runs and sweeps that are stopped or killed go on to the same bits, what is
# finished is left alone, and other settings are refused with what differs. Runs are compared.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "sweep.sh: $*" >&2; exit 1; }
short=(experiments/digits.yaml inner.steps=20 outer.steps=4 outer.tasks=2 outer.validation.tasks=2
  outer.validation.every=2 testRuns=3 checkpoint.every=1)
hash_of() { "$METARATE" inspect "$1/checkpoints/checkpoint-00000004.h5" | grep '^content_sha256'; }
# expect CODE COMMAND…: output to report, messages to message.
expect() {
  local expected=$1 code=0
  shift
  "$METARATE" "$@" >"$folder/report" 2>"$folder/message" || code=$?
  [ "$code" = "$expected" ] || fail "$*: exit code $code, expected $expected: $(cat "$folder/message")"
}
said() { grep -qF -- "$1" "$folder/message" || fail "not said: $1: $(cat "$folder/message")"; }
# wait_until COMMAND…: until it succeeds, or a process, $process, has ended.
wait_until() {
  until "$@" >/dev/null 2>&1 || ! kill -0 "$process" 2>/dev/null; do sleep 0.01; done
}

# run --continue begins, goes on, and says that all is done.
run=(run "${short[@]}" --continue)
expect 0 "${run[@]}" --output "$folder/whole"
cp "$folder/whole/summary.json" "$folder/summary.json"
expect 0 "${run[@]}" --output "$folder/whole"
[ "$(wc -l <"$folder/report")" = 1 ] || fail "a finished run: $(cat "$folder/report")"
grep -qF "$folder/whole is finished: test loss" "$folder/report" || fail "$(cat "$folder/report")"
"$METARATE" "${run[@]}" --output "$folder/killed" >/dev/null 2>&1 &
process=$!
wait_until [ -e "$folder/killed/checkpoints/checkpoint-00000001.h5" ]
kill -9 "$process" 2>/dev/null || true
wait "$process" 2>/dev/null || true
expect 0 "${run[@]}" --output "$folder/killed"
[ "$(hash_of "$folder/whole")" = "$(hash_of "$folder/killed")" ] || fail "a killed run: other bits"
cmp "$folder/summary.json" "$folder/killed/summary.json" || fail "a killed run: another summary"
expect 2 "${run[@]}" seed=1 inner.batch=32 --output "$folder/whole"
said "  inner.batch: 64 → 32"
said "  seed: 0 → 1"
cmp "$folder/summary.json" "$folder/whole/summary.json" || fail "a refused run changed results"
echo "run --continue goes on to the same bits and refuses other settings"

# A sweep, whole.
sweep=(sweep "${short[@]}" 'outer.optimizer.rate=[0.02, 0.1]' --seeds 2)
expect 0 "${sweep[@]}" --output "$folder/sweep" --dry-run
grep -qF "4 cells: 2 combinations × 2 seeds; 0 done, 0 begun" "$folder/report" || fail "$(cat "$folder/report")"
[ ! -e "$folder/sweep" ] || fail "a plan leaves a folder"
expect 0 "${sweep[@]}" --output "$folder/sweep"
said "0 of 4 cells are done"
grep -q '← best by validation' "$folder/report" || fail "$(cat "$folder/report")"
[ "$(wc -l <"$folder/sweep/sweep.csv")" = 5 ] || fail "sweep.csv: $(cat "$folder/sweep/sweep.csv")"
[ -s "$folder/sweep/figures/validation.csv" ] || fail "there is no figure"
cp "$folder/report" "$folder/whole.report"
expect 0 "${sweep[@]}" --output "$folder/sweep"
said "all 4 cells are done"
cmp "$folder/report" "$folder/whole.report" || fail "a finished sweep prints something else"
# A cell is the run that the command run makes.
expect 0 run "${short[@]}" outer.optimizer.rate=0.1 seed=1 task.splitSeed=1 --output "$folder/alone"
[ "$(hash_of "$folder/alone")" = "$(hash_of "$folder/sweep/cells/2-s1")" ] \
  || fail "a cell is not the run of its settings"

# Killed in a cell, it goes on there, to the same bits.
"$METARATE" "${sweep[@]}" --output "$folder/killed-sweep" >/dev/null 2>"$folder/message" &
process=$!
wait_until [ -e "$folder/killed-sweep/cells/1-s1/checkpoints/checkpoint-00000002.h5" ]
kill -9 "$process" 2>/dev/null || true
wait "$process" 2>/dev/null || true
expect 0 "${sweep[@]}" --output "$folder/killed-sweep"
for cell in 1-s0 1-s1 2-s0 2-s1; do
  [ "$(hash_of "$folder/sweep/cells/$cell")" = "$(hash_of "$folder/killed-sweep/cells/$cell")" ] \
    || fail "cell $cell: other bits than without a kill"
done
echo "a killed sweep goes on to the same bits"

# Signals save the cell under way and say how to go on.
# Learning takes far longer here than this script.
long=(sweep "${short[@]}" outer.steps=1000000 'outer.optimizer.rate=[0.02, 0.1]')
for signal in INT:130 TERM:143 USR1:75; do
  : >"$folder/message"
  "$METARATE" "${long[@]}" --output "$folder/long" >"$folder/report" 2>"$folder/message" &
  process=$!
  wait_until grep -q "cells are done" "$folder/message"
  # The cell under way has something to go on from.
  wait_until compgen -G "$folder/long/cells/*/checkpoints/checkpoint-*.h5"
  # The first has begun the cell, the others go on with it.
  [ "$signal" = INT:130 ] || wait_until grep -q "resuming after outer step" "$folder/message"
  kill "-${signal%:*}" "$process"
  code=0
  wait "$process" || code=$?
  [ "$code" = "${signal#*:}" ] || fail "$signal: exit code $code: $(cat "$folder/message")"
  said "with 0 of 2 cells done; everything is saved in $folder/long: the same command goes on"
  [ ! -s "$folder/report" ] || fail "a stopped sweep prints a table"
done
said "resuming after outer step"
expect 0 "${long[@]}" --output "$folder/long" --dry-run
grep -qF "0 done, 1 begun" "$folder/report" || fail "$(cat "$folder/report")"
expect 75 "${long[@]}" --output "$folder/long" --max-time 0.1
echo "signals and time limits stop a sweep, saved"

# A cell that is not finite ends alone.
expect 0 sweep "${short[@]}" 'inner.optimizer=[sgd]' 'rates.initial.rate=[3e38, 0.1]' \
  --output "$folder/diverged"
said "diverged: outer step 1"
grep -q 'diverged 1 of 1' "$folder/report" || fail "$(cat "$folder/report")"
expect 0 sweep "${short[@]}" 'inner.optimizer=[sgd]' 'rates.initial.rate=[3e38, 0.1]' \
  --output "$folder/diverged"
said "all 2 cells are done"
echo "a cell that is not finite counts, and the sweep goes on"

# refused TEXT ARGUMENTS…: before anything is computed, in one line, and nothing is written.
refused() {
  local text=$1
  shift
  expect 2 sweep "${short[@]}" "$@" --output "$folder/refused"
  said "$text"
  [ ! -s "$folder/report" ] || fail "$*: something was printed"
  [ ! -e "$folder/refused" ] || fail "$*: a refused command leaves a folder"
}
refused "outer.optimizer.rate=-1" 'outer.optimizer.rate=[0.1, -1]'
refused "found the axis twice" 'inner.steps=[3, 4]' 'inner.steps=[5, 6]'
refused "a range without a count in a grid" 'outer.optimizer.rate=log(0.1..1)'
refused "goes in a list: model.hidden=[[64, 64]]" 'model.hidden=[64, 64]'
refused "expected --seeds" 'seed=[1, 2]'
refused "nothing is swept"
refused "--samples" 'inner.steps=[3, 4]' --samples 3
refused "--samples" 'inner.steps=[3, 4]' --search random
refused "--seeds" 'inner.steps=[3, 4]' --seeds 0
# Data and checkpoints of every cell are looked at first.
code=0
"$METARATE" sweep "${short[@]}" \
  "rates.initial=[{kind: uniform, rate: 0.1}, {kind: checkpoint, file: $folder/none.h5}]" \
  --output "$folder/refused" >"$folder/report" 2>"$folder/message" || code=$?
[ "$code" = 4 ] && [ ! -e "$folder/refused" ] || fail "a missing checkpoint: $code: $(cat "$folder/message")"
expect 2 sweep "${short[@]}" 'outer.optimizer.rate=[0.02, 0.2]' --seeds 2 --output "$folder/sweep"
said "  axes.outer.optimizer.rate: [0.02, 0.1] → [0.02, 0.2]"
expect 2 sweep "${short[@]}" 'outer.optimizer.rate=[0.02, 0.2]' --output "$folder/whole"
said "something else than a sweep"
expect 2 run "${short[@]}" --continue --output "$folder/sweep"
said "something else than a run"
echo "what cannot be swept is refused"

# Random searches are the same again, too.
random=(sweep "${short[@]}" 'outer.optimizer.rate=log(0.01..1)' 'inner.optimizer.momentum=linear(0.5..0.99)'
  --search quasiRandom --samples 3 --output "$folder/random")
expect 0 "${random[@]}"
expect 0 "${random[@]}"
said "all 3 cells are done"
[ -s "$folder/random/figures/validation-by-outer.optimizer.rate.csv" ] || fail "there is no figure"

# Runs side by side.
expect 0 compare "$folder/sweep" --csv "$folder/compared.csv"
[ "$(grep -c '^ *[12] .* 2 ' "$folder/report")" = 2 ] || fail "two groups of two seeds: $(cat "$folder/report")"
[ "$(wc -l <"$folder/compared.csv")" = 5 ] || fail "four runs: $(cat "$folder/compared.csv")"
expect 1 compare "$folder/whole" "$folder/long" "$folder/missing"
said "cells/1-s0 is not finished"
said "1 of 2 cells have not begun"
said "$folder/missing holds no run"
expect 4 compare "$folder/missing"
echo "runs are compared, and those left out are named"
