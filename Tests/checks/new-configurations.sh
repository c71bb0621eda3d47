#!/usr/bin/env bash
# What `config new` writes for each kind runs as it is written, but for the numbers that make it long.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "new-configurations.sh: $*" >&2; exit 1; }

# The files that starting configurations of arrays, of classes and of a text of one's own name.
/usr/bin/python3 - "$folder" <<'PYTHON'
import sys, numpy as np, h5py
rng = np.random.default_rng(0)
x = rng.normal(size=(120, 6))
with h5py.File(sys.argv[1] + "/my-data.h5", "w") as file:
    file["inputs"], file["targets"] = x, (x[:, 0] > x[:, 1]).astype("int64")
with h5py.File(sys.argv[1] + "/my-classes.h5", "w") as file:
    classes = np.arange(600) % 30
    file["inputs"], file["targets"] = rng.normal(size=(600, 6)) + classes[:, None] % 7, classes
PYTHON
for _ in {1..400}; do echo "to be or not to be, that is the question"; done >"$folder/my-text.txt"
cd "$folder"
short=(inner.steps=5 outer.steps=2 outer.tasks=2 outer.validation.every=1 testRuns=2)

words=$("$METARATE" config new '?' 2>&1 || true)
words=$(sed -n 's/.*a task or ablation: //p' <<<"$words" | sed 's/;.*//; s/ or /, /; s/,//g')
[ "$(wc -w <<<"$words")" -ge 7 ] || fail "config new lists no kinds: $words"
for word in $words; do
  "$METARATE" config new "$word" >"$word.yaml"
  "$METARATE" config show "$word.yaml" >/dev/null || fail "$word.yaml is not read"
  if [ "$word" = ablation ]; then
    "$METARATE" ablate "$word.yaml" "${short[@]}" ablation.repetitions=2 ablation.seeds=2 ablation.tuning.rates=2 \
      ablation.tuning.pairs=4 ablation.tuning.seeds=1 --output "$word" >report 2>messages \
      || fail "$word: exit code $?: $(cat messages)"
  else
    "$METARATE" run "$word.yaml" "${short[@]}" --output "$word" >report 2>messages \
      || fail "$word: exit code $?: $(cat messages)"
    [ -e "$word/checkpoints/best.h5" ] || fail "$word: no best state"
  fi
  grep -q '[0-9]' report || fail "$word: no report"
  echo "ok: $word"
done
