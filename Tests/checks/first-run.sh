#!/usr/bin/env bash
# The commands of the documentation's first run work as they stand there.
set -euo pipefail
page=Sources/MetaLearning/MetaLearning.docc/FirstRun.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "first-run.sh: $*" >&2; exit 1; }

# Each command of the page's sh blocks, on one line.
sed -n '/^```sh$/,/^```$/{/^```/d;p}' "$page" | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba}' \
  >"$folder/commands"
[ "$(wc -l <"$folder/commands")" -ge 8 ] || fail "$page has too few commands"

mkdir "$folder/bin" "$folder/work"
ln -s "$(realpath "$METARATE")" "$folder/bin/metarate"
export PATH="$folder/bin:$PATH"
cd "$folder/work"
while read -r line; do
  code=0
  bash -c "$line" >../printed 2>../messages </dev/null || code=$?
  # A fast machine may finish before the limit of time.
  [[ $code == 0 || $code == 75 && $line == *--max-time* ]] \
    || fail "exit code $code of: $line: $(cat ../messages)"
  echo "ok: $line"
done <../commands
# The last command's table has as many numbers as the page says.
numbers=$(grep -o '[0-9]* numbers behind' "$OLDPWD/$page" | grep -o '[0-9]*')
grep -q "^all  *$numbers " ../printed || fail "$page says $numbers numbers: $(cat ../printed)"
for figure in learning-curves rates-by-tensor; do
  [ -s "results/first/figures/$figure.svg" ] || fail "no figure $figure.svg"
done
