#!/usr/bin/env bash
# Runs that older releases began are finished by this one, and arrive where those arrived.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "golden-runs.sh: $*" >&2; exit 1; }

# Another processor, or another order of a sum, moves the last bits, and outer steps carry them on.
tolerance=1e-5
for golden in Tests/golden-runs/*/*; do
  cp -r "$golden/run" "$folder/run"
  "$METARATE" resume --quiet "$folder/run" || fail "$golden: resuming ended with exit code $?"
  mapfile -t saved < <(ls "$folder"/run/checkpoints/checkpoint-*.h5)
  last=${saved[-1]}
  numbers=$(h5ls -r "$golden/finished.h5" \
    | awk '$2 == "Dataset" && $1 ~ "^/(rates|rates_raw|model|scalars)/" { print $1 }')
  [ -n "$numbers" ] || fail "$golden: finished.h5 holds nothing to compare"
  for path in $numbers; do
    # What newer files say of themselves in attributes is no difference of numbers.
    said=$(h5diff -r --delta=$tolerance "$golden/finished.h5" "$last" "$path" "$path") || true
    [[ $said == dataset:*$'\n'"0 differences found" ]] \
      || fail "$golden: $path of $(basename "$last") is not what the older release reached"
  done
  echo "$golden: $(basename "$last") as the older release wrote it, to $tolerance"
  rm -r "$folder/run"
done
