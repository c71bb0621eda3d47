#!/usr/bin/env bash
# Samples of two suites: runs of every kind that are killed, resumed, stopped and resumed come to the same
# bits, and readers of a run's files always find whole ones.
set -euo pipefail
# Debian's python3-h5py belongs to Debian's Python.
python=/usr/bin/python3
"$python" -c 'import h5py, numpy' 2>/dev/null \
  || { echo "skipped: $python has no h5py, which python3-h5py brings"; exit 0; }
command -v cc >/dev/null || { echo "skipped: no C compiler"; exit 0; }
"$python" Tests/faults/resumes.py "$METARATE" --sample 24
"$python" Tests/faults/readers.py "$METARATE" --sample 200
