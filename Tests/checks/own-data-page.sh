#!/usr/bin/env bash
# The commands of the documentation's page on own data work as they stand there, on the files that its
# Python makes.
set -euo pipefail
page=$PWD/Sources/MetaLearning/MetaLearning.docc/OwnData.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "own-data-page.sh: $*" >&2; exit 1; }

data=$(realpath -m "${METARATE_DATA:-../shared/data}")/mnist
. Tests/checks/documentation/page.sh
run_page "$page" 9

# MNIST's files as they are downloaded, where they are.
if [ -e "$data/t10k-images-idx3-ubyte.gz" ]; then
  metarate run own.yaml task.file="$data/t10k-images-idx3-ubyte.gz" \
    task.targetsFile="$data/t10k-labels-idx1-ubyte.gz" --dry-run >../printed 2>../messages \
    || fail "MNIST: exit code $?: $(cat ../messages)"
  grep -q 'inputs run from 0 to 255' ../printed || fail "MNIST's pixels are not noticed: $(cat ../printed)"
  metarate run own.yaml task.file="$data/t10k-images-idx3-ubyte.gz" --quiet \
    task.targetsFile="$data/t10k-labels-idx1-ubyte.gz" 'task.scale={kind: divide, by: 255}' inner.steps=5 \
    outer.steps=1 outer.tasks=2 --output results/mnist 2>../messages || fail "MNIST: $(cat ../messages)"
  echo "ok: MNIST's 10 000 images from gzipped IDX files"
else
  echo "skipped: no MNIST in $data (METARATE_DATA)"
fi
