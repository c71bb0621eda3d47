#!/usr/bin/env bash
# Writes the documentation of all library products into a folder as a static site, from the release
# build; any warning is an error. View it with
#   python3 -m http.server --directory FOLDER
# and open http://localhost:8000/documentation/metalearning, which has a first run.
#
# usage: experiments/documentation.sh [FOLDER]      (.build/documentation unless given)
set -euo pipefail
folder=$(realpath -m -- "${1:-.build/documentation}")
cd "$(dirname "$0")/.."

# The manifest lists libraries in the order of their dependencies: each may link to those before it.
mapfile -t products < <(sed -n 's/^ *\.library(name: "\([A-Za-z0-9]*\)".*/\1/p' Package.swift)
for product in "${products[@]}"; do
  [ -d "Sources/$product/$product.docc" ] || {
    echo "documentation.sh: there is no catalog Sources/$product/$product.docc" >&2
    exit 1
  }
done

# BUILT is the folder of a release build that is there already, such as .build/release.
if [ -z "${BUILT:-}" ]; then
  source experiments/setup.sh
  swift build -c release --product metarate
  BUILT=$(swift build -c release --show-bin-path)
fi
# Site and archives are replaced as a whole; nothing else may be there.
if [ -e "$folder" ] && [ ! -e "$folder/metadata.json" ] && [ -n "$(ls -A "$folder")" ]; then
  echo "documentation.sh: $folder holds something else: choose another folder" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tools=$(dirname "$(readlink -f "$(command -v swift)")")
target=$(swift -print-target-info | sed -n 's/^ *"unversionedTriple": "\(.*\)",*/\1/p')
modules=(-I "$BUILT/Modules")
checkouts=$(realpath "$BUILT")/../../checkouts
for modulemap in "$BUILT"/C*.build/module.modulemap \
  "$checkouts/Yams/Sources/CYaml/include/module.modulemap"; do
  modules+=(-Xcc "-fmodule-map-file=$modulemap")
done
for library in COpenBLAS:openblas CHDF5:hdf5 CCrypto:libcrypto CZlib:zlib; do
  # shellcheck disable=SC2207 # Flags are words.
  modules+=(-I "Sources/${library%:*}" $(pkg-config --cflags "${library#*:}"))
done

archives=() dependencies=()
for product in "${products[@]}"; do
  mkdir "$work/$product"
  "$tools/swift-symbolgraph-extract" -module-name "$product" -target "$target" "${modules[@]}" \
    -minimum-access-level public -skip-inherited-docs -output-dir "$work/$product"
  "$tools/docc" convert "Sources/$product/$product.docc" --warnings-as-errors \
    --additional-symbol-graph-dir "$work/$product" --fallback-display-name "$product" \
    --fallback-bundle-identifier "metarate.$product" --fallback-default-module-kind Library \
    --enable-experimental-external-link-support "${dependencies[@]}" \
    --output-path "$work/$product.doccarchive"
  archives+=("$work/$product.doccarchive")
  dependencies+=(--dependency "$work/$product.doccarchive")
done
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
"$tools/docc" merge "${archives[@]}" --synthesized-landing-page-name Metarate \
  --synthesized-landing-page-topics-style list \
  --output-path "$folder"
echo "documentation of ${#products[@]} libraries, without a warning: $folder"
