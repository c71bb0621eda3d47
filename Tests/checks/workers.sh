#!/usr/bin/env bash
# One worker, two and three give the same bits, alone and over several tasks, however they share.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
digits=experiments/digits.yaml

hash_of() {
  h5dump -a content_sha256 "$1"/checkpoints/checkpoint-00000002.h5 | grep -o '"[0-9a-f]*"'
}

for tasks in 1 5; do
  expected=
  for workers in 1 2 3 "2 always" "2 ahead" "2 never"; do
    read -r count sharing <<< "$workers"
    run=$folder/$tasks-$count-$sharing
    METARATE_WORKERS=$count METARATE_SHARING=${sharing:-tried} timeout 120 "$METARATE" run "$digits" outer.steps=2 outer.tasks=$tasks \
      outer.validation.tasks=2 --output "$run" > /dev/null 2>&1
    found=$(hash_of "$run")
    expected=${expected:-$found}
    if [ "$found" != "$expected" ]; then
      echo "workers.sh: $workers workers give $found, one gives $expected ($tasks tasks)" >&2
      exit 1
    fi
  done
done
echo "workers.sh: equal bits for 1, 2 and 3 workers, however they share"
