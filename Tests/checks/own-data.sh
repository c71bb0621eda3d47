#!/usr/bin/env bash
# Rates are learned on a user's own arrays, classes and numbers; tables that do not fit are refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
/usr/bin/python3 - "$folder" <<'PYTHON'
import sys, numpy as np, h5py
folder, rng = sys.argv[1], np.random.default_rng(0)
x = rng.normal(size=(120, 6))
def write(name, **arrays):
    with h5py.File(f"{folder}/{name}.h5", "w") as file:
        for key, array in arrays.items(): file[key] = array
write("classes", inputs=x, targets=(x[:, 0] > x[:, 1]).astype("int64"))
write("numbers", inputs=x.astype("float32"), targets=x @ rng.normal(size=(6, 2)))
write("short", inputs=x, targets=np.zeros(7))
write("nan", inputs=np.where(x > 2, np.nan, x), targets=np.zeros(120))
write("none", inputs=x)
PYTHON
run() {
  "$METARATE" run experiments/own-data.yaml outer.steps=5 inner.steps=20 task.file="$folder/$1.h5" \
    --output "$folder/run-$1" --quiet "${@:2}"
}
run classes
run numbers task.loss=meanSquaredError evaluation.batch=7
for table in short nan none; do
  code=0
  message=$(run "$table" 2>&1) || code=$?
  [ "$code" = 2 ] && [ ! -e "$folder/run-$table" ] && grep -q '^metarate: cannot use' <<<"$message" \
    || { echo "$table: exit code $code, $message" >&2; exit 1; }
  echo "ok: $message"
done
# Results of an ablation are of what a table holds, not of where it lies.
config=$PWD/experiments/own-data.yaml
ablate() {
  "$METARATE" ablate "$config" outer.steps=2 inner.steps=5 ablation.repetitions=1 \
    ablation.seeds=2 ablation.tuning.seeds=1 ablation.tuning.rates=2 \
    'ablation.arms=[tunedUniform, asWritten]' task.file="$folder/$1.h5" "${@:2}" 2>&1 >/dev/null
}
# In the default folder, which is named by what files hold.
mkdir "$folder/here"
cp "$folder/classes.h5" "$folder/copy.h5"
(cd "$folder/here" && ablate classes && ablate copy) >"$folder/message" || cat "$folder/message"
grep -q '2 of 2 cells are in' "$folder/message" || { echo "a copy has another folder" >&2; exit 1; }
ablate classes --output "$folder/ablation" >/dev/null
mv "$folder/classes.h5" "$folder/moved.h5"
grep -q '2 of 2 cells are in' <<<"$(ablate moved --output "$folder/ablation")" || { echo "a table that has moved is another" >&2; exit 1; }
mv "$folder/moved.h5" "$folder/again.h5"
grep -q '2 of 2 cells are in' <<<"$(ablate again --output "$folder/ablation")" || { echo "a table that has moved twice is another" >&2; exit 1; }
mv "$folder/again.h5" "$folder/moved.h5"
/usr/bin/python3 -c 'import sys, h5py
with h5py.File(sys.argv[1], "a") as file: file["inputs"][0, 0] += 1' "$folder/moved.h5"
code=0
message=$(ablate moved --output "$folder/ablation") || code=$?
[ "$code" = 2 ] && grep -q 'task.file: sha256:.* → sha256:' <<<"$message" \
  || { echo "a table that has changed is not refused: $message" >&2; exit 1; }
mv "$folder/moved.h5" "$folder/classes.h5"
# So are those of a checkpoint that a search names.
cp "$folder/run-classes/checkpoints/best.h5" "$folder/start.h5"
search() {
  "$METARATE" ablate experiments/own-data.yaml inner.steps=5 ablation.repetitions=1 ablation.seeds=2 \
    ablation.tuning.seeds=1 ablation.tuning.rates=2 task.file="$folder/away.h5" --output "$folder/search" \
    "ablation.arms=[tunedUniform, { kind: tuned, over: { rates.initial:
      [{ kind: checkpoint, file: $folder/start.h5 }, { kind: uniform, rate: 0.1 }] } }]" 2>&1
}
cp "$folder/classes.h5" "$folder/away.h5"
message=$(search)
grep -qF "$folder/start.h5: what was learned on this table may have been" <<<"$message" \
  || { echo "a checkpoint that is searched is not named: $message" >&2; exit 1; }
"$METARATE" run experiments/own-data.yaml outer.steps=2 inner.steps=20 seed=5 \
  task.file="$folder/classes.h5" --output "$folder/run-other" --quiet
cp "$folder/run-other/checkpoints/best.h5" "$folder/start.h5"
grep -q '1 of 2 cells are in' <<<"$(search)" \
  || { echo "a checkpoint that has changed gives the old results" >&2; exit 1; }
echo "ok: an ablation knows its files by what they hold"
# Without its data, and even without a checkpoint that can be read, a run stays there to be resumed.
mv "$folder/classes.h5" "$folder/away.h5"
for state in whole damaged none; do
  case $state in
    damaged) truncate -s 500 "$folder/run-classes/checkpoints/"*.h5 ;;
    none) rm -r "$folder/run-classes/checkpoints" ;;
  esac
  code=0
  message=$("$METARATE" resume "$folder/run-classes" 2>&1) || code=$?
  [ "$code" = 4 ] && [ -e "$folder/run-classes/configuration.yaml" ] \
    || { echo "resumed without data, $state: exit code $code, $message" >&2; exit 1; }
done
mv "$folder/away.h5" "$folder/classes.h5"
"$METARATE" resume "$folder/run-classes" --quiet
echo "learned on classes and on numbers"
