#!/usr/bin/env bash
# A fixed sample of faults in the system calls of a run, of an ablation and of a sweep, of kills at random
# moments, and of places and limits that refuse: nothing is lost. The wholes are `Tests/faults/calls.py`,
# `cells.py`, `kills.py` and `places.py`, whose last outputs are in results/faults/.
set -euo pipefail
command -v cc >/dev/null || { echo "skipped: no C compiler"; exit 0; }
/usr/bin/env python3 Tests/faults/calls.py "$METARATE" --sample 40
/usr/bin/env python3 Tests/faults/cells.py "$METARATE" --sample 12
/usr/bin/env python3 Tests/faults/kills.py "$METARATE" --sample 8
/usr/bin/env python3 Tests/faults/places.py "$METARATE" --sample 4
