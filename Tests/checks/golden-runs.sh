#!/usr/bin/env bash
# Runs that older releases began are finished by this one, and arrive where those arrived, with the
# history that they had.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Debian's python3-h5py belongs to Debian's Python.
python=/usr/bin/python3
fail() { echo "golden-runs.sh: $*" >&2; exit 1; }

# Another processor, or another order of a sum, moves the last bits, and outer steps carry them on.
tolerance=1e-5
groups='rates|rates_raw|model|model_state|scalars|inner_optimizer|outer_optimizer'
for golden in Tests/golden-runs/*/*; do
  old=$folder/${golden##*/}
  # Folders as they are of 0.1.0, archives that add.sh made of later releases.
  if [ -d "$golden" ]; then cp -r "$golden" "$old"; else mkdir "$old" && tar xzf "$golden" -C "$old"; fi
  "$METARATE" inspect "$old/run" >/dev/null || fail "$golden: cannot be inspected"
  if "$python" -c 'import h5py, numpy' 2>/dev/null; then
    "$python" -B experiments/python/metarate_files.py "$old/run" >/dev/null \
      || fail "$golden: Python finds it damaged"
  fi
  cp -r "$old/run" "$folder/run"
  "$METARATE" resume --quiet "$folder/run" || fail "$golden: resuming ended with exit code $?"
  mapfile -t saved < <(ls "$folder"/run/checkpoints/checkpoint-*.h5)
  last=${saved[-1]}
  numbers=$(h5ls -r "$old/finished.h5" \
    | awk -v groups="^/($groups)/" '$2 == "Dataset" && $1 ~ groups { print $1 }')
  [ -n "$numbers" ] || fail "$golden: finished.h5 holds nothing to compare"
  for path in $numbers; do
    # What newer files say of themselves in attributes is no difference of numbers.
    said=$(h5diff -r --delta=$tolerance "$old/finished.h5" "$last" "$path" "$path") || true
    [[ $said == dataset:*$'\n'"0 differences found" ]] \
      || fail "$golden: $path of $(basename "$last") is not what the older release reached"
  done
  # Newer releases have more columns behind those that were there.
  columns=$(head -1 "$old/run/metrics.csv" | tr , '\n' | wc -l)
  lost=$(cut -d, -f"1-$columns" "$folder/run/metrics.csv" \
    | grep -vxFf - "$old/run/metrics.csv") && fail "$golden: of the history this is lost: $lost"
  if [ -e "$old/finished.csv" ]; then
    cmp -s <(cut -d, -f1 "$old/finished.csv") <(cut -d, -f1 "$folder/run/metrics.csv") \
      || fail "$golden: the history has other steps than the older release's"
  fi
  echo "$golden: $(basename "$last") as the older release wrote it, to $tolerance"
  rm -r "$folder/run" "$old"
done
