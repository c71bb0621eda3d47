"""Trains a kept run again in NumPy with the formulas that exports carry, and prints how far it comes out.

    numpy_run.py formulas.py export.npz run.npz LIMIT
"""
import json
import pathlib
import struct
import sys

import numpy as np

import network

formulas, export, kept, limit = sys.argv[1], np.load(sys.argv[2]), np.load(sys.argv[3]), float(sys.argv[4])
module = {"json": json, "struct": struct}
exec(compile(pathlib.Path(formulas).read_text(), formulas, "exec"), module)
kind, numbers, transformations, description = module["_settings"](
    {"metarate": export["metadata.json"].decode()})
formula, slot_names = module["_OPTIMIZERS"][kind]

weights, rates = network.group(kept, "initial/"), network.group(export, "rates/")
names, hidden = description["order"], module["_hidden"](description)
slots = {name: {slot: np.zeros_like(weights[name]) for slot in slot_names} for name in names}
inputs, targets = kept["dataset/0"], kept["dataset/1"]
for t, rows in enumerate(kept["steps/0"]):
    loss, slopes = network.gradient(weights, inputs[rows], targets[rows])
    transformed = module["_transformed"](
        [slopes[name] for name in names], [weights[name] for name in names], transformations, np)
    for name, g in zip(names, transformed):
        direction, slots[name] = formula(
            g, weights[name], slots[name], numbers, t, np, hidden.get(name))
        rate = rates[name][t] if description["changes_over_time"] else rates[name]
        weights[name] = weights[name] - export["schedule"][t] * rate * direction
found = network.difference(weights, network.group(kept, "final/"))
moved = network.difference(network.group(kept, "initial/"), network.group(kept, "final/"))
spread = max(float(rate.max() / rate.min()) for rate in rates.values())
print(f"{kind}: weights after {t + 1} steps differ by {found:.1e} relative; training moved them by "
      f"{moved:.2f}, rates of a tensor differ by up to {spread:.2f}")
assert found <= limit and moved > 1e-2 and spread > 1.01, (found, moved, spread)
