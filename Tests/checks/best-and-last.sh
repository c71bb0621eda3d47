#!/usr/bin/env bash
# The state that is praised is the one that is kept, named and started from; the history survives a
# kill at any moment and costs nothing that grows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "best-and-last.sh: $*" >&2; exit 1; }
# An outer rate so high that learning overshoots after a good step.
config=(experiments/noisy-quadratic.yaml 'outer.optimizer={kind: adam, rate: 0.8}'
  outer.schedule=constant outer.steps=8 outer.validation.every=1 outer.validation.tasks=1)
text() { "$METARATE" inspect "$1"; }
# number FILE DATASET: its first number.
number() { h5dump -d "$2" -m %.17g "$1" | awk '/^ *\(0\): / && !n++ { sub(/,.*/, ""); print $2 }'; }

run="$folder/run"
"$METARATE" run "${config[@]}" --output "$run" >"$folder/report"
last="$run/checkpoints/checkpoint-00000008.h5"
best="$run/checkpoints/best.h5"
grep -qF "best state   $best" "$folder/report" || fail "the report does not name $best"
grep -qF "last state   $last" "$folder/report" || fail "the report does not name $last"
step=$(number "$last" /progress/best/outer_step)
objective=$(number "$last" /progress/best/objective)
[ "$step" -gt 0 ] && [ "$step" -lt 8 ] || fail "the best step is $step, expected one in the middle"
text "$last" | grep -q "best state by validation: outer step $step, " || fail "inspect hides the best"
text "$last" | grep -q "^last state: outer step 8" || fail "inspect hides the last"
text "$best" | grep -q "best state by validation: outer step $step, " || fail "$best is another state"
[ "$(text "$best" | grep -c '^state: best')" = 1 ] || fail "$best does not say what it is"

# Started from either file, learning begins where validation was best; from the last state only where
# that is asked for.
begin() { # NAME VALUE: the validation objective before the first step.
  "$METARATE" run "${config[@]}" outer.steps=1 "rates.initial=$2" --quiet --output "$folder/$1"
  number "$folder/$1/trajectory.h5" /scalars/validation
}
near() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > b ? a - b <= 1e-6 * a : b - a <= 1e-6 * b) }'; }
for start in "from-best {kind: checkpoint, file: $best}" \
  "from-last-file {kind: checkpoint, file: $last}"; do
  found=$(begin "${start%% *}" "${start#* }")
  near "$found" "$objective" || fail "${start%% *}: begins at $found, the best was $objective"
done
found=$(begin last "{kind: checkpoint, file: $last, state: last}")
near "$found" "$objective" && fail "state: last begins at the best, $found"
echo "best by validation $objective at step $step; restarted at it; the last state at $found"

# Where nothing is better than the start, the summary says so and gives no interval.
"$METARATE" run "${config[@]}" 'outer.optimizer={kind: adam, rate: 2.5}' outer.steps=1 \
  --output "$folder/worse" >"$folder/report" || fail "a run that learns nothing: exit code $?"
grep -q '^learning did not help' "$folder/report" || fail "$(cat "$folder/report")"
grep -q 'interval' "$folder/report" && fail "an interval of the start with itself"
text "$folder/worse/checkpoints/best.h5" | grep -q 'outer step 0, before learning' \
  || fail "the start is not the best"
echo "where learning does not help it is said"

# A run that overflows keeps its best state and its last.
code=0
"$METARATE" run "${config[@]}" 'outer.optimizer={kind: sgd, rate: 60}' --output "$folder/overflow" \
  >/dev/null 2>"$folder/message" || code=$?
[ "$code" = 5 ] || fail "a run that overflows: exit code $code"
grep -qF "the best state by validation (outer step 1) is in $folder/overflow/checkpoints/best.h5" \
  "$folder/message" || fail "the best state is not named: $(cat "$folder/message")"
text "$folder/overflow/checkpoints/best.h5" | grep -q 'best state by validation: outer step 1, ' \
  || fail "the best state of a run that overflows is not kept"
echo "a run that overflows keeps its best state"

# Killed at any moment and resumed, the history and the best state are those of a run that was not.
content() { # FOLDER: what files say, without times.
  h5dump -a content_sha256 "$1/checkpoints/best.h5" | grep -o '"[0-9a-f]*"'
  h5dump -d /scalars/outer_step -d /scalars/objective -d /scalars/validation "$1/trajectory.h5" \
    | tail -n +2
  cut -d, -f1-4 "$1/metrics.csv"
}
long=("${config[@]}" 'outer.optimizer={kind: adam, rate: 0.1}' outer.steps=150 checkpoint.every=1)
"$METARATE" run "${long[@]}" --quiet --output "$folder/whole"
content "$folder/whole" >"$folder/expected"
for milliseconds in 150 400 700; do
  output="$folder/killed-$milliseconds"
  "$METARATE" run "${long[@]}" --quiet --output "$output" &
  process=$!
  sleep "0.$milliseconds"
  kill -9 "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
  [ -e "$output/configuration.yaml" ] || continue
  # As if the kill had torn the last record, and left the best state of a later life.
  if [ -e "$output/history.journal" ]; then printf 'MRJ1\x40' >>"$output/history.journal"; fi
  [ ! -e "$output/checkpoints" ] || cp "$best" "$output/checkpoints/best.h5"
  "$METARATE" resume "$output" --quiet 2>"$folder/message" || fail "resume: $(cat "$folder/message")"
  content "$output" | diff -q "$folder/expected" - >/dev/null \
    || fail "killed after $milliseconds ms: another history or best state"
  echo "killed after $milliseconds ms: same history, same best state"
done

# What a checkpoint has and is not used is said; what is another model's is refused.
digits=(experiments/digits.yaml inner.steps=5 outer.validation.every=1 model.hidden=[8]
  outer.tasks=2 outer.validation.tasks=2)
"$METARATE" run "${digits[@]}" outer.steps=2 'outer.learn=[rates, initialWeights, optimizerScalars]' \
  --quiet --output "$folder/meta"
file="$folder/meta/checkpoints/best.h5"
value="{kind: checkpoint, file: $file}"
"$METARATE" run "${digits[@]}" outer.steps=1 "rates.initial=$value" --output "$folder/partly" \
  >/dev/null 2>"$folder/message"
grep -q 'has learned initial weights too, which are not used' "$folder/message" \
  && grep -q 'has learned scalars too, which are not used' "$folder/message" \
  || fail "what is not used is not said: $(cat "$folder/message")"
"$METARATE" run "${digits[@]}" outer.steps=1 "rates.initial=$value" "outer.initialWeights=$value" \
  "inner.scalars=$value" --quiet --output "$folder/wholly"
near "$(number "$folder/wholly/trajectory.h5" /scalars/validation)" \
  "$(number "$file" /progress/best/objective)" \
  || fail "started from rates, weights and scalars, learning does not begin at the best"
for key in rates.initial outer.initialWeights; do
  code=0
  message=$("$METARATE" run "${digits[@]}" model.hidden=[9] "$key=$value" --quiet \
    --output "$folder/other" 2>&1) || code=$?
  [ "$code" = 2 ] && [ ! -e "$folder/other" ] || fail "$key of another model: $code, $message"
  echo "ok: $message"
done
