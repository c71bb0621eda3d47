#!/usr/bin/env bash
# The documentation builds without a warning, its Swift samples are compiled, and numbers that several
# pages state agree. Works on the release build that METARATE is of.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "documentation.sh: $*" >&2; exit 1; }

/usr/bin/python3 Tests/checks/documentation/excerpts.py
/usr/bin/python3 Tests/checks/documentation/numbers.py "$METARATE"

# The article on settings is what the command prints, in another form.
"$METARATE" config reference | /usr/bin/python3 Tests/checks/documentation/settings_page.py \
  | cmp -s - Sources/MetaLearning/MetaLearning.docc/SettingsReference.md \
  || fail "SettingsReference.md is behind: see Tests/checks/documentation/settings_page.py"

# Links between files of the repository.
/usr/bin/python3 Tests/checks/documentation/links.py

# Symbols are read from the modules beside the command, or those of the release build.
BUILT=$(dirname "$METARATE")
[ -d "$BUILT/Modules" ] || BUILT=$(swift build -c release --show-bin-path)
export BUILT
experiments/documentation.sh "$folder/site" >"$folder/log" 2>&1 \
  || { cat "$folder/log" >&2; fail "the documentation does not build"; }
# Every page of every catalog is there.
for page in Sources/*/*.docc/*.md; do
  catalog=$(basename "$(dirname "$page")" .docc) page=$(basename "$page" .md)
  [ "$page" = "$catalog" ] && page=$catalog || page=$catalog/$page
  [ -e "$folder/site/data/documentation/${page,,}.json" ] || fail "the site has no page $page"
done
tail -n 1 "$folder/log"
