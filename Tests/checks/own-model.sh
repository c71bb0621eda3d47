#!/usr/bin/env bash
# The page on models in YAML: its model is that of the experiment, its commands do what it says, and
# models that cannot be are refused where they stand.
set -euo pipefail
page=Sources/MetaLearning/MetaLearning.docc/ModelInYAML.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "own-model.sh: $*" >&2; exit 1; }

sed -n '/^```yaml$/,/^```$/p' "$page" | sed '/^```/d' >"$folder/model.yaml"
[ "$(sed -n '/^model:$/,/^inner:/p' experiments/digits-layers.yaml | sed '$d')" \
  = "$(cat "$folder/model.yaml")" ] || fail "the page's model is another than the experiment's"

# The commands of the page, in its order; those that train, shortened and elsewhere.
sed -n '/^```sh$/,/^```$/p' "$page" | sed '/^```/d' | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' \
  >"$folder/commands"
while read -r line; do
  line=${line/#metarate/\"$METARATE\"}
  line=${line/results\//$folder/}
  [[ $line == *--dry-run* ]] || line+=" outer.steps=2 inner.steps=5 testRuns=2 checkpoint.every=1"
  code=0
  eval "$line" >"$folder/out" 2>"$folder/err" || code=$?
  case $line in
    *"[gru]"*)
      [ "$code" = 2 ] && grep -q 'layers\[0\].*expected sequences of shape' "$folder/err" \
        || fail "$line: exit code $code, $(cat "$folder/err")" ;;
    *) [ "$code" = 0 ] || fail "$line: exit code $code, $(cat "$folder/err")" ;;
  esac
done <"$folder/commands"
[ -e "$folder/layers/summary.json" ] || fail "the page's run left no summary"

# refused PATTERN OVERRIDE...: exit code 2 and one line.
refused() {
  local code=0 message
  message=$("$METARATE" run experiments/digits-layers.yaml --dry-run "${@:2}" 2>&1) || code=$?
  [ "$code" = 2 ] && [ "$(grep -c '^metarate: ' <<<"$message")" = 1 ] && grep -q "$1" <<<"$message" \
    || fail "${*:2}: exit code $code, $message"
  echo "ok: $message"
}
model() { echo "model={ kind: layers, layers: [$1] }"; }
refused 'one shape' "$(model '{ residual: [{ convolution: 4 }] }')"
refused 'layers\[0\].layers\[1\].groups.*divides 1 channels' \
  "$(model '{ residual: [{ activation: relu }, { groupNorm: 3 }] }')"
refused 'embedding' "$(model 'embedding')"
refused 'an odd number' "$(model '{ convolution: 8, size: 4 }')"
refused 'divides' "$(model '{ convolution: 9, groups: 2 }')"
refused 'a number that divides' 'model={ kind: transformer, width: 10, heads: 4 }'
refused 'tokens' 'task=modularAddition' 'task.tokens=true' 'model=mlp'
refused 'evaluates its few examples at once' 'task=sinusoid' 'model=mlp'
