#!/usr/bin/env bash
# Prints the table of learned objectives beside what theory says, a minute of runs:
#   experiments/theory.sh > results/theory.md
# With an argument, only rows whose problem contains it.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${METARATE:-}" ]; then
  swift build -c release --product metarate >&2
  METARATE=$(swift build -c release --show-bin-path)/metarate
fi
only=${1:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# row PROBLEM CLOSED-FORM CONFIG [OVERRIDE...]: what the run's report says of learned rates; the closed
# form is a line of its table, or – where theory knows none.
row() {
  local problem=$1 closed=$2 report
  shift 2
  [[ $problem == *"$only"* ]] || return 0
  report=$("$METARATE" run "$@" --output "$folder/$RANDOM$RANDOM" 2>/dev/null)
  awk -v problem="$problem" -v closed="$closed" '
    /^objective of learned rates:/ {
      value = $5; sub(",", "", value)
      if ($6 == "standard") value = value " ± " sprintf("%.3f", $8)
    }
    closed != "–" && index($0, closed) == 1 {
      n = split(substr($0, length(closed) + 1), part, " ")
      form = part[1]; ratio = part[2] (part[3] == "—" ? "" : " ± " sprintf("%.3f", part[3]))
    }
    END {
      if (value == "" || closed != "–" && form == "") exit 1
      if (form == "") form = ratio = "–"
      print "| " problem " | " value " | " form " | " ratio " |"
    }' <<<"$report" || { echo "theory.sh: no such lines in the report of $*" >&2; exit 1; }
}

cat <<'EOF'
# Learned objectives and closed forms

Printed by `experiments/theory.sh`: objectives of test runs with learned rates, ± standard errors where
runs differ.

| problem | learned | closed form | ratio |
|---|---:|---:|---:|
EOF
quadratic=experiments/noisy-quadratic.yaml tracking=experiments/tracking.yaml
row 'noisy quadratic, one constant rate per parameter' \
  'plain descent, best constant rate per parameter' $quadratic
row 'noisy quadratic, one rate per parameter and step' \
  'plain descent, best rate per parameter and step' $quadratic rates.time=step
row 'noisy quadratic, one shared rate' \
  'plain descent, best constant shared rate' $quadratic rates.granularity=global
row 'tracking, rates learned through windows of 100 steps' \
  'plain descent, best fixed rate for the inputs that matter' $tracking
row 'tracking, one shared rate' \
  'plain descent, best fixed rate for all inputs' $tracking rates.granularity=global
row 'tracking, IDBD (meta-rate 0.01)' – $tracking \
  'inner.online={rule: idbd, metaRate: 0.01}' 'outer.learn=[adaptedRates]'
