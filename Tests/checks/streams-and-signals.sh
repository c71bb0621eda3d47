#!/usr/bin/env bash
# Standard streams that are closed, full or read by nobody, signals, and two runs in one folder: what was
# computed is kept, and the exit code says what happened.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "streams-and-signals.sh: $*" >&2; exit 1; }
short=(experiments/digits.yaml inner.steps=5 outer.steps=3 outer.tasks=1 outer.validation.tasks=1 testRuns=2
  'model.hidden=[4]' checkpoint.every=1 --quiet)
# expect CODE COMMAND...: runs a command of a shell.
expect() {
  local code=0 expected=$1
  shift
  bash -c "$*" >"$folder/out" 2>"$folder/err" || code=$?
  [ "$code" = "$expected" ] || fail "$*: exit code $code, expected $expected: $(cat "$folder/err")"
}
finished() { [ -s "$1/summary.json" ] || fail "$1 is not finished"; }
wait_until() {
  for _ in $(seq 1200); do "$@" >/dev/null 2>&1 && return; sleep 0.05; done
  fail "waited in vain: $*"
}
run="'$METARATE' run $(printf '%q ' "${short[@]}")"

expect 4 "'$METARATE' config keys optimizer >&-"
expect 4 "'$METARATE' config keys optimizer >/dev/full"
grep -q "cannot write to standard output: No space left on device" "$folder/err" || fail "$(cat "$folder/err")"
expect 0 "set -o pipefail; '$METARATE' config reference | { head -1; cat >/dev/null; }"
expect 141 "set -o pipefail; '$METARATE' config reference | true"
[ ! -s "$folder/err" ] || fail "a closed pipe is told of: $(cat "$folder/err")"
expect 0 "$run --output '$folder/closed' <&- 2>&-"
finished "$folder/closed"
grep -q '^process [0-9]*$' "$folder/closed/.lock" || fail "the lock has become a stream"
expect 4 "${run/--quiet/} --output '$folder/full' 2>/dev/full"
finished "$folder/full"
expect 141 "set -o pipefail; ${run/--quiet/} --output '$folder/unread' | true"
finished "$folder/unread"
echo "streams that cannot be written stop no run"

for signal in HUP:129 INT:130 QUIT:131 TERM:143 XCPU:152 USR1:75; do
  # Whoever runs this by nohup has hangups ignored, which the command heeds.
  env --default-signal=HUP "$METARATE" run "${short[@]}" outer.steps=1000000 \
    --output "$folder/${signal%:*}" 2>"$folder/err" &
  process=$!
  wait_until compgen -G "$folder/${signal%:*}/checkpoints/checkpoint-*.h5"
  kill "-${signal%:*}" "$process"
  code=0
  wait "$process" || code=$?
  [ "$code" = "${signal#*:}" ] || fail "$signal: exit code $code: $(cat "$folder/err")"
  grep -q "everything is saved: continue with" "$folder/err" || fail "$signal: $(cat "$folder/err")"
done
grep -q "metarate: asked to stop after outer step" "$folder/err" || fail "$(cat "$folder/err")"
"$METARATE" verify --statistics "$folder/statistics" >/dev/null 2>"$folder/err" &
process=$!
sleep 0.3
kill -TERM "$process"
code=0
wait "$process" || code=$?
[ "$code" = 143 ] && grep -q "stopped before it was done" "$folder/err" || fail "verify: $code"
echo "signals end with their codes and say what was kept"

# Two at once: one runs, the other is told; the folder is whole.
for number in 1 2; do
  "$METARATE" run "${short[@]}" outer.steps=300 --output "$folder/two" 2>"$folder/two-$number" &
  processes[number]=$!
done
codes=()
for number in 1 2; do code=0; wait "${processes[number]}" || code=$?; codes+=("$code"); done
case "${codes[*]}" in
  "0 4" | "4 0") grep -q "found a lock held by" "$folder"/two-? ;;
  # One may have come when the other had a step already.
  "0 2" | "2 0") grep -q "already holds a run" "$folder"/two-? ;;
  *) false ;;
esac || fail "two runs: exit codes ${codes[*]}: $(cat "$folder"/two-?)"
finished "$folder/two"

# A run that comes to no step leaves a folder that the corrected one takes over.
expect 5 "$run rates.terms=base rates.initial.rate=1e30 model.activation=relu --output '$folder/wrong'"
[ -e "$folder/wrong/not-finite.txt" ] || fail "no words about what was not finite"
expect 0 "$run --output '$folder/wrong'"
finished "$folder/wrong"
[ ! -e "$folder/wrong/not-finite.txt" ] || fail "the folder still says that it is not finite"
expect 2 "$run --output '$folder/wrong'"
echo "two runs do not share a folder, and one without a step gives way"

# A run goes on with other settings that change nothing of what is done, and comes where one comes that had
# them from the start.
long="$run outer.validation.every=1 outer.schedule=constant"
expect 0 "$long --output '$folder/short'"
expect 0 "$long outer.steps=7 --output '$folder/long'"
expect 2 "'$METARATE' resume '$folder/short' outer.steps=2"
grep -q "expected 3 or more" "$folder/err" || fail "$(cat "$folder/err")"
expect 2 "'$METARATE' resume '$folder/short' inner.steps=6 outer.steps=7"
grep -q "inner.steps: 5 → 6" "$folder/err" || fail "$(cat "$folder/err")"
expect 0 "'$METARATE' resume '$folder/short' outer.steps=7"
grep -q "from here on outer.steps is 7 instead of 3" "$folder/err" || fail "$(cat "$folder/err")"
hash_of() { "$METARATE" inspect "$1/checkpoints/checkpoint-00000007.h5" | sed -n 's/^content_sha256: //p'; }
[ "$(hash_of "$folder/short")" = "$(hash_of "$folder/long")" ] || fail "other bits than those of seven steps"
cmp -s "$folder/short/configuration.yaml" "$folder/long/configuration.yaml" \
  || fail "the folder does not say what it went on with"
echo "a run goes on with what cannot change the past"

# Names in files command no terminal.
printf 'name: "a\\u001b[2Jb"\ntask: digits\n' >"$folder/name.yaml"
expect 2 "'$METARATE' run '$folder/name.yaml'"
! grep -q $'\x1b' "$folder/err" || fail "an escape character reaches the terminal"
echo "control characters are written out"
