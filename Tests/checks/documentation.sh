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

BUILT=$(dirname "$METARATE") experiments/documentation.sh "$folder/site" >"$folder/log" 2>&1 \
  || { cat "$folder/log" >&2; fail "the documentation does not build"; }
for page in settings tensorprograms metalearning hdf5files checkpoints experiments commands \
  metalearning/firstrun metalearning/taskofyourown metalearning/modelofyourown \
  metalearning/optimizerofyourown metalearning/estimatorofyourown metalearning/settingsreference; do
  [ -e "$folder/site/data/documentation/$page.json" ] || fail "the site has no page $page"
done
tail -n 1 "$folder/log"
