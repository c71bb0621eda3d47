#!/usr/bin/env bash
# Training with rates as they are: the numbers of a run's start, the same at every call, in files that
# others read; and nothing over the results of another configuration.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "train.sh: $*" >&2; exit 1; }
config=(experiments/digits.yaml inner.steps=30 testRuns=5)

"$METARATE" train "${config[@]}" --output "$folder/train" >"$folder/report"
start=$("$METARATE" run "${config[@]}" outer.steps=1 outer.tasks=1 outer.validation.tasks=1 \
  --output "$folder/run" | awk '/^rates as learning started/ { print $5 }')
grep -qF "objective $start ± " "$folder/report" || fail "a run starts at $start, not: $(cat "$folder/report")"
for file in configuration.yaml provenance.json curves.h5 curves.csv figures/inner-curves.csv; do
  [ -s "$folder/train/$file" ] || fail "$file is missing"
done
grep -q '( 5, 31 ) / ( 5, 31 )' <<<"$(h5dump -H "$folder/train/curves.h5")" \
  || fail "evaluation_loss is not [5, 31]"
[ "$(grep -c ',evaluation,' "$folder/train/curves.csv")" = 31 ] || fail "31 evaluations were expected"
[ "$(grep -c ',training,' "$folder/train/curves.csv")" = 30 ] || fail "30 training losses were expected"
# A run has the same of its test runs, of the start and of what was learned.
"$METARATE" run "${config[@]}" outer.steps=1 outer.tasks=1 outer.validation.tasks=1 \
  --output "$folder/run" --continue >/dev/null
[ "$(grep -c '^learned,evaluation,' "$folder/run/curves.csv")" = 31 ] \
  && [ "$(grep -c '^start,training,' "$folder/run/curves.csv")" = 30 ] || fail "a run has no curves"
grep -q '( 5, 31 ) / ( 5, 31 )' <<<"$(h5dump -H -g /curves/learned "$folder/run/curves.h5")" \
  || fail "a run's evaluation_loss is not [5, 31]"
[ -s "$folder/run/figures/inner-curves.csv" ] || fail "a run has no figure of curves"

# As many steps as results are reported after.
"$METARATE" train "${config[@]}" outer.validation.steps=40 --output "$folder/longer" >"$folder/longer.report"
start=$("$METARATE" run "${config[@]}" outer.validation.steps=40 outer.steps=1 outer.tasks=1 \
  outer.validation.tasks=1 --output "$folder/longer-run" 2>/dev/null \
  | awk '/^rates as learning started/ { print $5 }')
grep -qF "objective $start ± " "$folder/longer.report" || fail "after 40 steps a run is at $start"

cp "$folder/train/curves.h5" "$folder/first.h5"
"$METARATE" train "${config[@]}" --output "$folder/train" >"$folder/again"
cmp "$folder/report" "$folder/again" || fail "the same command prints something else"
cmp "$folder/first.h5" "$folder/train/curves.h5" || fail "the same command writes something else"
echo "train starts where a run does, at $start, and gives the same numbers again"

# refused CODE TEXT ARGUMENTS…: nothing is computed, and nothing is written.
refused() {
  local expected=$1 text=$2 code=0
  shift 2
  "$METARATE" train "$@" >"$folder/out" 2>"$folder/message" || code=$?
  [ "$code" = "$expected" ] || fail "$*: exit code $code, expected $expected: $(cat "$folder/message")"
  grep -qF "$text" "$folder/message" || fail "$*: $(cat "$folder/message")"
  [ "$(wc -l <"$folder/message")" = 1 ] || fail "$*: more than one line"
  [ ! -s "$folder/out" ] || fail "$*: something was printed"
}
code=0
"$METARATE" train "${config[@]}" seed=1 --output "$folder/train" >"$folder/out" 2>"$folder/message" || code=$?
[ "$code" = 2 ] && grep -qF "results of other settings" "$folder/message" \
  && grep -qxF "  seed: 0 → 1" "$folder/message" && [ ! -s "$folder/out" ] \
  || fail "another configuration: exit code $code: $(cat "$folder/message")"
refused 2 "already holds a run" "${config[@]}" --output "$folder/run"
refused 4 "cannot read" "${config[@]}" \
  "rates.initial={kind: checkpoint, file: $folder/none.h5}" --output "$folder/none"
[ ! -e "$folder/none" ] || fail "a refused command leaves a folder"
cmp "$folder/first.h5" "$folder/train/curves.h5" || fail "a refused command changed results"
# So are ablations refused over another's.
mkdir "$folder/ablation"
cp "$folder/train/configuration.yaml" "$folder/ablation/"
code=0
"$METARATE" ablate experiments/ablation-digits.yaml --output "$folder/ablation" \
  2>"$folder/message" || code=$?
[ "$code" = 2 ] || fail "an ablation over other results: exit code $code"
echo "results of another configuration are left alone"
