#!/usr/bin/env bash
# Installs what a fresh Debian machine lacks; does nothing where everything is there. Sourced by the
# scripts that build. As a command:
#
#   experiments/setup.sh                    installs what is missing
#   experiments/setup.sh --install PREFIX   also builds the command and installs it into PREFIX/bin,
#                                           with completions for bash, zsh and fish
set -euo pipefail

install_missing_packages() {
  local packages=(
    libopenblas-dev libhdf5-dev libssl-dev zlib1g-dev pkg-config gnuplot-nox hdf5-tools
    python3-h5py python3-matplotlib)
  local missing=() package sudo=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' \
      || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing: ${missing[*]}"
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# install_command PREFIX: the built command and its completions, each file replaced in one step, so
# that a command that runs meanwhile goes on.
install_command() {
  local prefix=$1 binary folder shell file
  local folders=(bin share/bash-completion/completions share/zsh/site-functions
    share/fish/vendor_completions.d)
  for folder in "${folders[@]}"; do
    mkdir -p "$prefix/$folder" 2>/dev/null && [ -w "$prefix/$folder" ] || {
      echo "setup.sh: cannot write to $prefix/$folder: choose a PREFIX of your own, such as" \
        "~/.local, or run the script as the owner of $prefix" >&2
      return 1
    }
  done
  # METARATE is a command that has been built already.
  if [ -n "${METARATE:-}" ]; then
    binary=$METARATE
  else
    swift build -c release --product metarate
    binary=$(swift build -c release --show-bin-path)/metarate
  fi
  install -m 755 "$binary" "$prefix/bin/.metarate.new"
  mv -f "$prefix/bin/.metarate.new" "$prefix/bin/metarate"
  for shell in bash zsh fish; do
    case $shell in
      bash) file=${folders[1]}/metarate ;;
      zsh) file=${folders[2]}/_metarate ;;
      fish) file=${folders[3]}/metarate.fish ;;
    esac
    "$prefix/bin/metarate" completions "$shell" >"$prefix/$file"
  done
  echo "installed: $prefix/bin/metarate, and completions in $prefix/share"
  case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) echo "$prefix/bin is not on the PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
  esac
}

check_swift() {
  command -v swift >/dev/null || {
    echo "Swift 6.2 or later is needed and not on the PATH: install it from swift.org" >&2
    return 1
  }
}

if [ "${BASH_SOURCE[0]}" != "$0" ]; then
  install_missing_packages
  check_swift
else
  case ${1:-} in
    "") [ $# = 0 ] ;;
    --install) [ $# = 2 ] && [ -n "$2" ] ;;
    *) false ;;
  esac || { echo "usage: experiments/setup.sh [--install PREFIX]" >&2; exit 2; }
  prefix=
  # Relative to where the script was called from.
  [ $# = 0 ] || prefix=$(realpath -m -- "$2")
  cd "$(dirname "$0")/.."
  install_missing_packages
  check_swift
  [ -z "$prefix" ] || install_command "$prefix"
fi
