#!/usr/bin/env bash
# The commands of the documentation's page on few shots work as they stand there, on the files that its
# Python makes; and so do Omniglot's archives, where they are.
set -euo pipefail
page=$PWD/Sources/MetaLearning/MetaLearning.docc/FewShot.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "few-shot-page.sh: $*" >&2; exit 1; }

experiment=$PWD/experiments/omniglot.yaml
data=$(realpath -m "${METARATE_DATA:-../shared/data}")/omniglot
. Tests/checks/documentation/page.sh
run_page "$page" 6
metarate run few.yaml task.file=letters.zip task.queries=4 'task.testClasses=[Latin]' --dry-run >../printed
grep -q '6 classes for test runs, of Latin' ../printed || fail "no note on held-out groups: $(cat ../printed)"

# refused TEXT ARGUMENT...: exit code 2, one line.
refused() {
  local text=$1 code=0
  shift
  metarate run few.yaml "$@" --output refused >../printed 2>../messages </dev/null || code=$?
  [ $code = 2 ] && [ "$(wc -l <../messages)" = 1 ] && grep -qF -- "$text" ../messages && [ ! -e refused ] \
    || fail "exit code $code of $*: $(cat ../messages)"
  echo "ok: $(cat ../messages)"
}
refused 'at least 46 of each: task.shots 6 and task.queries 40' task.file=classes.npz task.shots=6 task.queries=40
refused 'no class or group Elvish in task.testClasses' task.file=letters.zip 'task.testClasses=[Elvish]'
refused 'beside task.inputs' task.file=letters.zip task.inputs=x
refused '6 classes for validation runs' task.file=letters.zip task.ways=7 task.queries=2
head -c 2000 letters.zip >cut.zip
code=0
metarate run few.yaml task.file=cut.zip --output refused >../printed 2>../messages || code=$?
[ $code = 3 ] && [ "$(wc -l <../messages)" = 1 ] || fail "exit code $code of a cut archive: $(cat ../messages)"
echo "ok: $(cat ../messages)"

if [ -e "$data/images_background_small1.zip" ]; then
  archives="[$data/images_background_small1.zip, $data/images_background_small2.zip]"
  metarate run "$experiment" "task.file=$archives" --dry-run >../printed 2>../messages \
    || fail "Omniglot: exit code $?: $(cat ../messages)"
  # Greek and Latin are in both.
  total=$(sed -n 's/^note: \([0-9]*\) classes for .* runs.*/\1/p' ../printed | awk '{ sum += $1 } END { print sum }')
  [ "$total" = 242 ] || fail "Omniglot has $total characters: $(cat ../printed)"
  metarate run "$experiment" "task.file=$archives" 'model.filters=[4, 4]' outer.steps=2 outer.tasks=2 \
    outer.validation.tasks=2 testRuns=2 --quiet --output results/omniglot 2>../messages \
    || fail "Omniglot: $(cat ../messages)"
  echo "ok: Omniglot's small archives"
else
  echo "skipped: no Omniglot in $data (METARATE_DATA)"
fi
