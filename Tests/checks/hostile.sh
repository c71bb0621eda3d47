#!/usr/bin/env bash
# Damaged results, files of strangers and changed configurations, a fixed sample of each: each is refused
# with its exit code or passed over, and no process traps. The wholes are `Tests/faults/damage.py`,
# `hostile.py` and `configurations.py`, whose last outputs are in results/faults/.
set -euo pipefail
command -v cc >/dev/null || { echo "skipped: no C compiler"; exit 0; }
/usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null || { echo "skipped: no h5py"; exit 0; }
/usr/bin/python3 Tests/faults/damage.py "$METARATE" --sample 50
/usr/bin/python3 Tests/faults/hostile.py "$METARATE" --sample 60
/usr/bin/python3 Tests/faults/configurations.py "$METARATE" --sample 120
