#!/usr/bin/env bash
# Installs what a fresh Debian machine lacks. Sourced by the scripts that build; does nothing where
# everything is there.
set -euo pipefail

packages=(libopenblas-dev libhdf5-dev libssl-dev pkg-config gnuplot-nox hdf5-tools python3-h5py)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' \
    || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
fi

if ! command -v swift >/dev/null; then
  echo "Swift 6.2 or later is needed and not on the PATH: install it from swift.org" >&2
  exit 1
fi
