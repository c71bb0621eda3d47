#!/usr/bin/env bash
# The whole command works over another package's kinds: errors, help, run, kill, resume, inspect,
# ablate.
set -euo pipefail
outside=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mine=Tests/OutsidePackage/mine.yaml

refuse() { # TEXT OVERRIDE...: exit code 2, and a line that has the text.
  local text=$1 code=0 message
  shift
  message=$("$outside" run $mine "$@" --output "$folder/refused" 2>&1) || code=$?
  [ "$code" = 2 ] && grep -qF -- "$text" <<<"$message" && [ ! -e "$folder/refused" ] \
    || { echo "exit code $code: $message; expected 2 and: $text" >&2; exit 1; }
  echo "ok: $message"
}
refuse 'did you mean "noise"?' task.nose=0.1
refuse 'blocks belongs to model residual' model=null model.blocks=3
refuse 'lamb or softSign' inner.optimizer=softSing
refuse 'did you mean "softSign"?' inner.optimizer=softSing
grep -q 'model(residual).width' <<<"$("$outside" config keys residual)"
"$outside" config new waves >"$folder/new.yaml"
grep -q 'kind: waves' "$folder/new.yaml"
grep -q 'USAGE: outside' <<<"$("$outside" --help)"
grep -q 'outside run experiments/digits.yaml' <<<"$("$outside" help run)"

grep -q 'units 1, units 2' <<<"$("$outside" program $mine --rates)"

hash_of() { "$outside" inspect "$1/checkpoints/checkpoint-00000030.h5" | grep '^content_sha256'; }
"$outside" run $mine checkpoint.every=1 --quiet --output "$folder/whole"
"$outside" run $mine checkpoint.every=1 --quiet --output "$folder/killed" &
process=$!
while [ ! -e "$folder/killed/checkpoints/checkpoint-00000003.h5" ] && kill -0 $process 2>/dev/null
do sleep 0.01; done
kill -9 $process 2>/dev/null || true
wait $process 2>/dev/null || true
"$outside" resume "$folder/killed" --quiet
[ "$(hash_of "$folder/whole")" = "$(hash_of "$folder/killed")" ] \
  || { echo "resumed to other bits" >&2; exit 1; }
"$outside" ablate $mine outer.steps=10 --output "$folder/ablation" 2>"$folder/errors" \
  | grep 'learned per parameter' || { cat "$folder/errors" >&2; exit 1; }
echo "a package of one's own: run, killed, resumed, inspected, ablated"

# An estimator of its own agrees with the exact one where it is exact, through a layer with a state.
more=$(dirname "$outside")/more
compared=$("$more" hypergradient $mine task=sinusoid \
  model='{kind: layers, layers: [{kind: dense, units: 8}, runningScale, activation]}' \
  rates.granularity=global inner.optimizer=sgd inner.steps=5 precision=double --estimator randomSigns)
row=$(grep -E '^all .* 1\.000000000 +[0-9.]+e-1[0-9]$' <<<"$compared" | head -1) \
  || { echo "$compared" >&2; exit 1; }
echo "an estimator and a layer of one's own, beside reverse: $row"

# An arm of its own is compared with the project's.
"$more" ablate $mine task=sinusoid model=mlp inner.optimizer=sgd inner.steps=5 ablation.seeds=2 \
  ablation.tuning.rates=2 'ablation.arms=[asWritten, {kind: fixedRate, rate: 0.02}, tunedUniform]' \
  --output "$folder/arms" 2>"$folder/errors" | grep '^| fixed .*| rate 0.02 ' \
  || { cat "$folder/errors" >&2; exit 1; }
# What the documentation says of its samples holds.
"$(dirname "$outside")/samples" | tail -n 1
