#!/usr/bin/env bash
# What a user can get wrong gives one line, the documented exit code, and nothing left behind.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
output="$folder/run"

# expect CODE TEXT COMMAND...: the command's exit code, and what its message must contain.
expect() {
  local code=$1 text=$2 found=0 message
  shift 2
  message=$("$METARATE" "$@" 2>&1 >/dev/null) || found=$?
  if [ "$found" != "$code" ] || ! grep -qF -- "$text" <<<"$message" \
    || [ "$(grep -c '^metarate: ' <<<"$message")" != 1 ] || [ "$(wc -l <<<"$message")" != 1 ]; then
    printf 'metarate %s\n  exit code %s, expected %s\n  message: %s\n  expected: %s\n' \
      "$*" "$found" "$code" "$message" "$text" >&2
    exit 1
  fi
  if [ -e "$output" ]; then
    echo "metarate $*: left $output behind" >&2
    exit 1
  fi
  echo "ok: $message"
}

printf 'name: x\ntask: digits\ninner: { step: 10 }\n' >"$folder/key.yaml"
printf 'name: x\ntask: digits\ninner: { steps: ten }\n' >"$folder/type.yaml"
digits=experiments/digits.yaml
expect 2 'did you mean "steps"' run "$folder/key.yaml" --output "$output"
expect 2 'type.yaml:3:17' run "$folder/type.yaml" --output "$output"
expect 2 'found -0.1' run $digits rates.initial.rate=-0.1 --output "$output"
expect 2 'under parameterization log' run $digits rates.initial.rate=0 --output "$output"
expect 2 'archives are for fewShot' run $digits task=omniglot --output "$output"
expect 4 'No such file' run "$folder/none.yaml" --output "$output"
expect 4 'No such file' run $digits 'task={kind: table, file: /nowhere.h5}' --output "$output"
expect 4 'cannot write the folder' run $digits --output /dev/null/run
expect 4 'cannot write the folder' run $digits --output /proc/run
expect 4 'holds no run' resume "$folder"
expect 3 'the file is damaged or not a checkpoint' inspect $digits
expect 3 'holds no checkpoint' inspect "$folder"
expect 4 'no such folder' verify --cases "$folder/none"
expect 2 'no test rows to report on: task.test 0.0 of 1797 rows' \
  run $digits task.test=0 --output "$output"
expect 2 'takes 1797 and leaves 0' \
  run $digits task.test=0.9999 task.validation=0.00005 --output "$output"
expect 2 'no test rows to report on' ablate $digits task.test=0 --output "$output"
# Sizes are counted before anything is made of them.
for size in 'model.hidden=[100000, 100000]' outer.tasks=1000000000 inner.batch=1000000000 \
  outer.validation.tasks=1000000000; do
  METARATE_MEMORY='8 GiB' expect 2 'allowed by METARATE_MEMORY; use' run $digits "$size" --output "$output"
done
METARATE_MEMORY='8 GiB' expect 2 'an outer step needs' \
  run $digits --dry-run inner.steps=1000000 rates.time=step rates.terms=base
# A run's folder is never an ablation's, and where results cannot be written nothing is computed.
mkdir -p "$folder/ours/checkpoints"
expect 2 'already holds a run' ablate $digits --output "$folder/ours"
expect 4 'cannot write the folder' ablate $digits --output /dev/null
