#!/usr/bin/env bash
# A fixed sample of faults in the system calls of a run: nothing is lost. The whole is
# `Tests/faults/calls.py METARATE`, whose last output is in results/faults/.
set -euo pipefail
command -v cc >/dev/null || { echo "skipped: no C compiler"; exit 0; }
/usr/bin/env python3 Tests/faults/calls.py "$METARATE" --sample 40
