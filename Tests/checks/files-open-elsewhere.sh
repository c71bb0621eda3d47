#!/usr/bin/env bash
# Every HDF5 file that a run writes opens in h5dump and h5py.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$METARATE" run experiments/digits.yaml outer.steps=3 inner.steps=5 \
  outer.validation.every=2 --quiet --output "$folder/run"
for file in "$folder"/run/checkpoints/*.h5 "$folder/run/trajectory.h5"; do
  h5dump -n "$file" >/dev/null
  # Debian's python3-h5py belongs to Debian's Python.
  /usr/bin/python3 - "$file" <<'PYTHON'
import sys, h5py
def read(name, item):
    if isinstance(item, h5py.Dataset): item[()]
with h5py.File(sys.argv[1]) as file:
    file.visititems(read)
    print("opens elsewhere:", sys.argv[1].rsplit("/", 1)[1], len(list(file)), "groups")
PYTHON
done
