"""Learned learning rates, one per parameter, in PyTorch.

    from metarate_torch import LearnedRates, load_weights

    optimizer = LearnedRates(model.named_parameters(), "rates.safetensors")
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss(model(inputs), targets).backward()
        optimizer.step()

`metarate export` wrote this file and those beside it. It needs torch alone, and does to gradients what
the inner optimizer did while the rates were learned: same formula, same numbers, same schedule. Where a
model calls its parts by other names, say what they are called in the file:

    LearnedRates(model.named_parameters(), "rates.safetensors", names={"fc1": "000_dense"})

The group's `lr` is 1 and multiplies all rates, so that PyTorch's schedulers work as usual.
`native_optimizer` makes PyTorch's own optimizer instead, where its formula is the same and each tensor
has one rate.
"""

import json
import struct

import torch

