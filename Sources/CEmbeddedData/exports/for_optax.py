"""Learned learning rates, one per parameter, as an optax transformation.

    from metarate_optax import learned_rates

    optimizer = learned_rates("rates.safetensors")
    state = optimizer.init(parameters)
    updates, state = optimizer.update(gradients, state, parameters)
    parameters = optax.apply_updates(parameters, updates)

`metarate export` wrote this file and those beside it. It needs jax and optax, and does to gradients what
the inner optimizer did while the rates were learned: same formula, same numbers, same schedule.
Parameters are a tree whose paths are the file's names, such as {"000_dense": {"weight": ...}}; where they
are others, say what leaves or branches are called in the file ("kernel" is taken for "weight" by itself):

    learned_rates("rates.safetensors", names={"params/Dense_0": "000_dense",
                                              "params/LayerNorm_0/bias": "001_layer_norm/offset"})
"""

import json
import struct
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

