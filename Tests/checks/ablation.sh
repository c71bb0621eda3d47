#!/usr/bin/env bash
# An ablation that is stopped goes on where it was, to the same numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "ablation.sh: $*" >&2; exit 1; }
short=(experiments/ablation-digits.yaml 'ablation.arms=[tunedUniform, tunedLayerFactor, learned]'
  inner.steps=20 outer.steps=3 outer.tasks=2 outer.validation.tasks=2 ablation.repetitions=3 ablation.seeds=4 ablation.tuning.seeds=2
  ablation.tuning.rates=3 ablation.tuning.pairs=3)
"$METARATE" ablate "${short[@]}" --output "$folder/whole" --dry-run >"$folder/plan"
[ ! -e "$folder/whole" ] || fail "a plan writes something"
grep -q '^9 cells: 3 arms × 3 repetitions; 0 done' "$folder/plan" || fail "$(cat "$folder/plan")"
"$METARATE" ablate "${short[@]}" --output "$folder/whole" >"$folder/whole.report" 2>/dev/null

grep -q '( 3, 21 ) / ( 3, 21 )' <<<"$(h5dump -H -g /curves/3 "$folder/whole/curves.h5")" \
  || fail "curves are not [repetition, evaluation]"

# A signal ends it at once, says how to go on, and leaves what is done. Learning takes far longer
# here than this script.
for signal in INT:130 TERM:143 HUP:129 USR1:75; do
  # What an earlier one said must not be taken for what this one says.
  : >"$folder/message"
  # Whoever runs this by nohup has hangups ignored, which the command heeds.
  env --default-signal=HUP "$METARATE" ablate "${short[@]}" outer.steps=1000000 --output "$folder/long" \
    >"$folder/report" 2>"$folder/message" &
  run=$!
  until grep -q '2 of 9 cells' "$folder/message"; do
    kill -0 $run 2>/dev/null || fail "it ended: $(cat "$folder/message")"
    sleep 0.05
  done
  code=0
  "$METARATE" ablate "${short[@]}" outer.steps=1000000 --output "$folder/long" \
    2>"$folder/second" || code=$?
  [ "$code" = 4 ] && grep -q "found a lock held by process $run, expected none" "$folder/second" \
    || fail "two at once: exit code $code: $(cat "$folder/second")"
  kill "-${signal%:*}" $run
  code=0
  wait $run || code=$?
  [ "$code" = "${signal#*:}" ] || fail "$signal: exit code $code: $(cat "$folder/message")"
  grep -qF "finished arms are in $folder/long/cells: the same command goes on" "$folder/message" \
    || fail "$signal: it is not said how to go on: $(cat "$folder/message")"
  [ ! -s "$folder/report" ] || fail "a stopped ablation prints a table"
  [ "$(find "$folder/long/cells" -name '*.json' | wc -l)" = 2 ] || fail "$signal: not two arms are kept"
done
grep -q '2 of 9 cells are in' "$folder/message" || fail "kept arms are computed again"
echo "signals stop it, and finished arms stay"

# Whatever is missing comes out as if it had never stopped.
cp -r "$folder/whole" "$folder/stopped"
rm "$folder"/stopped/cells/repetition-1-learned-* "$folder"/stopped/cells/repetition-2-* \
  "$folder"/stopped/cells/repetition-3-tunedUniform-* "$folder"/stopped/{ablation.md,runs.csv}
"$METARATE" ablate "${short[@]}" --output "$folder/stopped" >"$folder/report" 2>"$folder/message"
cmp "$folder/whole/runs.csv" "$folder/stopped/runs.csv" || fail "other runs than without stops"
# Everything but the seconds that it took.
table() { sed -e '1,/^$/d' -e '/^| cost of choosing/,/^$/d' "$1/ablation.md"; }
cmp <(table "$folder/whole") <(table "$folder/stopped") || fail "another table than without stops"
"$METARATE" ablate "${short[@]}" --output "$folder/stopped" >"$folder/again" 2>"$folder/message"
cmp "$folder/report" "$folder/again" || fail "a finished ablation prints something else"
grep -q '9 of 9 cells are in' "$folder/message" || fail "$(cat "$folder/message")"
echo "what is missing is computed to the same numbers"

# Arms that are added find the others' cells.
"$METARATE" ablate "${short[@]}" --output "$folder/stopped" \
  'ablation.arms=[tunedUniform, { kind: asWritten, name: a guess }, learned]' \
  >"$folder/report" 2>"$folder/message"
grep -q '6 of 9 cells are in' "$folder/message" && grep -q '^| a guess' "$folder/report" \
  || fail "an arm that is added: $(cat "$folder/message")"
echo "arms can be added"

# A checkpoint of another model, of an arm that comes late, is refused before anything is computed.
"$METARATE" run experiments/sinusoid.yaml outer.steps=1 outer.tasks=1 outer.validation.tasks=1 --quiet \
  --output "$folder/other"
arms="[tunedUniform, { kind: asWritten, with: { rates.initial:
  { kind: checkpoint, file: $folder/other/checkpoints/best.h5 } } }]"
code=0
"$METARATE" ablate "${short[@]}" "ablation.arms=$arms" --output "$folder/early" \
  2>"$folder/message" || code=$?
[ "$code" = 2 ] && [ ! -e "$folder/early" ] && [ "$(wc -l <"$folder/message")" = 1 ] \
  || fail "another model's checkpoint: exit code $code: $(cat "$folder/message")"
echo "checkpoints that cannot be started from are refused first"

# Another configuration is refused, and a file that is no cell.
code=0
"$METARATE" ablate "${short[@]}" seed=8 --output "$folder/stopped" 2>"$folder/message" || code=$?
[ "$code" = 2 ] || fail "another configuration: exit code $code: $(cat "$folder/message")"
cell=$(find "$folder/stopped/cells" -name 'repetition-1-learned-*.json')
echo '{' >"$cell"
code=0
"$METARATE" ablate "${short[@]}" --output "$folder/stopped" >/dev/null 2>"$folder/message" || code=$?
[ "$code" = 3 ] && grep -qF "$cell is not what an ablation writes" "$folder/message" \
  || fail "a damaged cell: exit code $code: $(cat "$folder/message")"
# Whole, but another repetition's.
cp "$(find "$folder/stopped/cells" -name 'repetition-2-learned-*.json')" "$cell"
code=0
"$METARATE" ablate "${short[@]}" --output "$folder/stopped" >/dev/null 2>"$folder/message" || code=$?
[ "$code" = 3 ] && grep -qF "$cell is not what an ablation writes, or another cell's" "$folder/message" \
  || fail "another cell: exit code $code: $(cat "$folder/message")"
mkdir "$folder/somebody"
echo mine >"$folder/somebody/runs.csv"
for command in ablate train run; do
  code=0
  "$METARATE" $command "${short[@]}" --output "$folder/somebody" 2>"$folder/message" || code=$?
  [ "$code" = 2 ] && grep -q 'holds files of something else, such as runs.csv' "$folder/message" \
    && [ "$(cat "$folder"/somebody/*)" = mine ] || fail "$command: $(cat "$folder/message")"
done
echo "other configurations, damaged cells and foreign folders are refused"
