#!/usr/bin/env bash
# The commands of the documentation's page on own data work as they stand there, on the files that its
# Python makes.
set -euo pipefail
page=$PWD/Sources/MetaLearning/MetaLearning.docc/OwnData.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "own-data-page.sh: $*" >&2; exit 1; }

# block LANGUAGE: the page's blocks of it, commands on one line each.
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{/^\`\`\`/d;p}" "$page"; }
block python >"$folder/data.py"
block sh | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba}' >"$folder/commands"
[ "$(wc -l <"$folder/commands")" -ge 9 ] || fail "$page has too few commands"

mkdir "$folder/bin" "$folder/work"
ln -s "$(realpath "$METARATE")" "$folder/bin/metarate"
export PATH="$folder/bin:$PATH"
cd "$folder/work"
/usr/bin/python3 ../data.py
while read -r line; do
  bash -c "$line" >../printed 2>../messages </dev/null \
    || fail "exit code $? of: $line: $(cat ../messages)"
  echo "ok: $line"
done <../commands
