#!/usr/bin/env bash
# Fuzzes the readers of HDF5, of YAML, of safetensors, of .npz and of images with coverage:
#
#     Tests/Fuzzing/run.sh [SECONDS [KIND...]]
#
# An hour each unless said otherwise. Begins with the corpora that are committed beside it and what the
# experiments have, and leaves what covers more in them. Writes what came of each kind to
# results/faults/fuzz-KIND.txt. An input that ends the process is kept in the folder from which this is run.
set -euo pipefail
seconds=${1:-3600}
[ $# -ge 2 ] || set -- "$seconds" hdf5 yaml safetensors npz png
cd "$(dirname "$0")/../.."
swift build --package-path Tests/Fuzzing --scratch-path .build-fuzz -c release --sanitize fuzzer
bin=$(swift build --package-path Tests/Fuzzing --scratch-path .build-fuzz -c release --show-bin-path)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/hdf5" "$scratch/yaml" "$scratch/safetensors" "$scratch/npz" "$scratch/png"
cp Tests/HDF5FilesTests/Fixtures/*.h5 Sources/CEmbeddedData/oracles/quadratic-sgd.h5 "$scratch/hdf5"
cp experiments/*.yaml Tests/golden-runs/*/*.yaml "$scratch/yaml" 2>/dev/null || cp experiments/*.yaml "$scratch/yaml"
cp Tests/ArrayFilesTests/Fixtures/*.safetensors "$scratch/safetensors"
cp Tests/ArrayFilesTests/Fixtures/*.np[yz] Tests/ArrayFilesTests/Fixtures/*.idx* "$scratch/npz"
cp Tests/ArrayFilesTests/Fixtures/*.png Tests/ArrayFilesTests/Fixtures/*.zip "$scratch/png"
cpu="$(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores"
for kind in "${@:2}"; do
  corpus=Tests/Fuzzing/corpus/$kind
  mkdir -p "$corpus" "$scratch/found"
  cp "$corpus"/* "$scratch/$kind" 2>/dev/null || true
  "$bin/fuzz-$kind" -max_total_time="$seconds" -max_len=16384 -rss_limit_mb=4096 -timeout=60 \
    -print_final_stats=1 "$scratch/$kind" >"$scratch/$kind.log" 2>&1 \
    || { tail -40 "$scratch/$kind.log" >&2; exit 1; }
  # The fewest small inputs that cover as much.
  rm -rf "$scratch/least" && mkdir "$scratch/least"
  "$bin/fuzz-$kind" -merge=1 "$scratch/least" "$scratch/$kind" >/dev/null 2>&1
  find "$scratch/least" -type f -size +2k -delete
  rm -rf "$corpus" && mkdir -p "$corpus" && cp "$scratch"/least/* "$corpus"
  {
    echo "$cpu; $(date +%F); fuzz-$kind, $seconds seconds: no input ends it"
    grep -E '^#[0-9]+\s+DONE|^stat::number_of_executed|^stat::new_units|^stat::peak_rss' "$scratch/$kind.log"
    echo "  $(ls "$corpus" | wc -l) inputs in the corpus"
  } | tee "results/faults/fuzz-$kind.txt"
done
