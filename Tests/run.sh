#!/usr/bin/env bash
# Installs what is missing, builds, checks the formatting and runs every test.
set -euo pipefail
cd "$(dirname "$0")/.."
source experiments/setup.sh

echo "== formatting"
swift format lint --strict --recursive Package.swift Sources Tests

echo "== build"
swift build -c release --build-tests

echo "== checks of the command"
export METARATE=${METARATE:-$(swift build -c release --show-bin-path)/metarate}
for check in Tests/checks/*.sh; do
  echo "-- $check"
  bash "$check"
done

echo "== a package that depends on this one"
# Without optimization: it would take longer to build everything once more than the check runs.
swift build --package-path Tests/OutsidePackage --scratch-path .build-outside
bash Tests/OutsidePackage/check.sh .build-outside/debug/outside

echo "== unit tests"
swift test -c release --skip-build
