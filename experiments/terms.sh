#!/usr/bin/env bash
# Do parameters deserve rates of their own? ablation-terms.yaml with initial weights drawn anew for each
# run, and with the same weights for all runs: on the digits, on the outputs of a teacher network and,
# where MNIST's file is given (mnist.py --pooled makes it), by a convolutional network on its 10 000 test
# images. Writes results/ablation-terms/.
#
#   experiments/terms.sh [mnist-pooled.h5]
set -euo pipefail
cd "$(dirname "$0")/.."
metarate=${METARATE:-$(swift build -c release --show-bin-path)/metarate}
results=results/ablation-terms

ablate() {
  local data=$1
  shift
  for weights in fresh fixed; do
    "$metarate" ablate experiments/ablation-terms.yaml "$@" outer.initialWeights=$weights \
      --output $results/$data-$weights
  done
}

ablate digits
ablate teacher name=ablation-terms-teacher 'task={kind: teacher, inputs: 10, teacher: fixed}' \
  'model.hidden=[32, 32]' inner.batch=32 outer.steps=200
[ $# = 0 ] || ablate mnist name=ablation-terms-mnist \
  "task={kind: table, file: '$1', validation: 0.25, test: 0.25}" \
  'model={kind: convolutional, filters: [4, 8], activation: relu}' \
  inner.steps=20 inner.batch=16 outer.steps=100 outer.tasks=4 ablation.seeds=10 \
  ablation.tuning.seeds=8 ablation.tuning.rates=12 ablation.tuning.pairs=24

# For each data set, mean test losses side by side, and what the last arm is beside each of the others.
{
  echo '# Terms of rates, with fresh and with fixed initial weights'
  echo
  echo 'Mean test losses of ten repetitions; the verdict is on rates learned per orbit of fresh weights beside'
  echo 'the row, adjusted for all comparisons of a page, with the repetitions in which they are lower. Written'
  echo 'by `experiments/terms.sh`.'
  for data in digits teacher mnist; do
    fresh=$data-fresh/ablation.md fixed=$data-fixed/ablation.md
    [ -e $results/$fixed ] || continue
    printf '\n## %s (all tables: [fresh](%s), [fixed](%s))\n\n' $data $fresh $fixed
    awk -F ' *[|] *' '
      FNR == 1 { file++; table = 0 }
      /^\| rates / { table = 1; next }
      /^\| paired/ { table = 2; for (i = 2; i < NF; i++) column[$i] = i; next }
      /^$/ { table = 0 }
      /^\| -/ { next }
      table == 1 { if (file == 1) names[++count] = $2; loss[file, $2] = $3 }
      table == 2 {
        split($2, sides, " − ")
        verdict[file, sides[2]] = $column["verdict"] ", " $column["lower in"]
      }
      END {
        print "| rates | fresh weights | orbits of fresh weights are | fixed weights | orbits of fresh weights are |"
        print "| --- | ---: | --- | ---: | --- |"
        for (i = 1; i <= count; i++) {
          row = "| " names[i]
          for (f = 1; f <= 2; f++) {
            said = verdict[f, names[i]]
            row = row " | " loss[f, names[i]] " | " (said == "" ? "—" : said)
          }
          print row " |"
        }
      }' $results/$fresh $results/$fixed
  done
} >$results/README.md
