#!/usr/bin/env bash
# `experiments/setup.sh --install` puts the command and its completions where shells look for them.
set -euo pipefail
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
fail() { echo "install.sh: $*" >&2; exit 1; }

METARATE=$(realpath "$METARATE")
export METARATE
prefix="$folder/a prefix"
experiments/setup.sh --install "$prefix" >"$folder/first" || fail "exit code $?"
grep -q 'is not on the PATH' "$folder/first" || fail "nothing said of the PATH"
(cd "$prefix" && find . -type f -exec sha256sum {} + | sort -k 2) >"$folder/files"
[ "$(wc -l <"$folder/files")" = 4 ] || fail "not four files: $(cat "$folder/files")"

# Again, over what is there, from elsewhere and by a relative path: the same files.
root=$PWD
(cd "$folder" && "$root/experiments/setup.sh" --install "./a prefix" >/dev/null) || fail "again: $?"
(cd "$prefix" && find . -type f -exec sha256sum {} + | sort -k 2) | diff "$folder/files" - \
  || fail "installing twice changes something"

[ "$("$prefix/bin/metarate" --version)" = "$("$METARATE" --version)" ] || fail "another version"
bash -c '
  source "$1/share/bash-completion/completions/metarate"
  complete -p metarate' - "$prefix" >/dev/null || fail "bash does not complete metarate"
grep -q '^#compdef metarate' "$prefix/share/zsh/site-functions/_metarate" || fail "no zsh function"
grep -q 'complete -c .metarate' "$prefix/share/fish/vendor_completions.d/metarate.fish" \
  || fail "no fish completions"

refuse() { # CODE TEXT ARGUMENT...
  local code=0 wanted=$1 text=$2 message
  shift 2
  message=$(experiments/setup.sh "$@" 2>&1) || code=$?
  [ "$code" = "$wanted" ] && grep -qF -- "$text" <<<"$message" \
    || fail "exit code $code: $message; expected $wanted and: $text"
}
refuse 2 'usage: experiments/setup.sh' --instal "$prefix"
refuse 2 'usage: experiments/setup.sh' --install
# A file where a folder would be: nobody can write there, root included.
: >"$folder/file"
refuse 1 "cannot write to $folder/file/bin" --install "$folder/file"
echo "installed twice with completions for bash, zsh and fish; refused where nothing can be written"
