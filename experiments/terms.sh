#!/usr/bin/env bash
# Do parameters deserve rates of their own? ablation-terms.yaml with initial weights drawn anew for each
# run, and with the same weights for all runs. Writes results/ablation-terms/.
set -euo pipefail
cd "$(dirname "$0")/.."
metarate=${METARATE:-$(swift build -c release --show-bin-path)/metarate}
results=results/ablation-terms

for weights in fresh fixed; do
  "$metarate" ablate experiments/ablation-terms.yaml outer.initialWeights=$weights \
    --output $results/digits-$weights
done

# Mean test losses side by side, and what the last arm is beside each of the others.
{
  echo '# Terms of rates on the digits, with fresh and with fixed initial weights'
  echo
  echo 'Mean test losses of ten repetitions; the verdict is on rates learned per orbit of fresh weights beside'
  echo 'the row, adjusted for all comparisons of a page, with the repetitions in which they are lower. All'
  echo 'tables: [fresh](digits-fresh/ablation.md), [fixed](digits-fixed/ablation.md). Written by'
  echo '`experiments/terms.sh`.'
  echo
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
    }' $results/digits-fresh/ablation.md $results/digits-fixed/ablation.md
} >$results/README.md
