#!/usr/bin/env bash
# A number that overflows stops the run with exit code 5 and one line that names the inner step and
# the tensor; the last good checkpoint stays and can be read and resumed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Rates of 3000 overflow in the first outer step: nothing is good enough to be kept.
# An outer rate of 100 makes rates huge in the first outer step and overflow in the second.
run() { # NAME TEXT OVERRIDE...: runs to its overflow.
  local output="$folder/$1" text=$2 code=0
  shift 2
  "$METARATE" run experiments/digits.yaml outer.steps=9 inner.steps=20 --quiet --output "$output" \
    model.activation=relu rates.time=constant rates.terms=base "$@" 2>"$folder/message" || code=$?
  if [ "$code" != 5 ] || [ "$(wc -l <"$folder/message")" != 1 ] \
    || ! grep -qE -- "$text" "$folder/message"; then
    printf 'exit code %s, expected 5\n  message: %s\n  expected: %s\n' \
      "$code" "$(cat "$folder/message")" "$text" >&2
    exit 1
  fi
  echo "ok: $(cat "$folder/message")"
}

run first '^metarate: outer step 1: inner step [0-9]+ of run [0-7]: .* is (-?inf|not a number): lower ' \
  rates.initial.rate=3000
[ ! -e "$folder/first/checkpoints/index.json" ]

run second '^metarate: outer step 2: inner step [0-9]+ of run [0-7]: .* is (-?inf|not a number): lower ' \
  outer.optimizer.rate=100 checkpoint.every=5
checkpoint="$folder/second/checkpoints/checkpoint-00000001.h5"
"$METARATE" inspect "$checkpoint" >/dev/null
# Resuming starts from it and comes to the same overflow.
code=0
again=$("$METARATE" resume "$folder/second" 2>&1 >/dev/null) || code=$?
[ "$code" = 5 ] && grep -q 'resuming after outer step 1' <<<"$again" \
  && grep -qF -- "$(cat "$folder/message")" <<<"$again" \
  || { echo "resumed: exit code $code, $again" >&2; exit 1; }
echo "ok: $checkpoint is kept and resumed"
