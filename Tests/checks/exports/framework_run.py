"""Trains a kept run again in PyTorch and with optax, with the modules that exports carry, and prints how
far both come out: weights in double precision, the loss on evaluation data in single precision.

    framework_run.py EXPORTS KEPT... : folders with pytorch/ and optax/, runs by seed

Of double precision there is one run, of single precision there are several.
"""
import collections
import sys

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
import optax
import torch

import network

exports, runs = sys.argv[1], [np.load(path) for path in sys.argv[2:]]
sys.path[:0] = [f"{exports}/pytorch", f"{exports}/optax"]
import metarate_optax
import metarate_torch


def torch_model(weights):
    """A perceptron of modules that are called as the layers are."""
    names, parts = network.layers(weights), collections.OrderedDict()
    for name in names:
        inputs, outputs = weights[f"{name}/weight"].shape
        parts[name] = torch.nn.Linear(inputs, outputs, dtype=torch.from_numpy(
            weights[f"{name}/weight"]).dtype)
        if name != names[-1]:
            parts[f"tanh_{name}"] = torch.nn.Tanh()
    model = torch.nn.Sequential(parts)
    with torch.no_grad():
        for name in names:
            parts[name].weight.copy_(torch.from_numpy(weights[f"{name}/weight"].T.copy()))
            parts[name].bias.copy_(torch.from_numpy(weights[f"{name}/bias"]))
    return model


def trained_by_torch(run, native=False):
    model = torch_model(network.group(run, "initial/"))
    make = metarate_torch.native_optimizer if native else metarate_torch.LearnedRates
    optimizer = make(model.named_parameters(), f"{exports}/{'tensor' if native else 'pytorch'}/rates.safetensors")
    optimizer, scheduler = optimizer if native else (optimizer, None)
    inputs = torch.from_numpy(run["dataset/0"])
    targets = torch.from_numpy(run["dataset/1"].astype(np.int64))
    for rows in run["steps/0"]:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()
        if scheduler:
            scheduler.step()
    evaluated = run["evaluation/0"]
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(model(inputs[evaluated]), targets[evaluated])
    weights = {name.replace(".", "/"): tensor.detach().numpy().T if tensor.dim() == 2
               else tensor.detach().numpy() for name, tensor in model.named_parameters()}
    return weights, float(loss)


def optax_loss(weights, inputs, targets):
    names = sorted(weights)
    for name in names:
        inputs = inputs @ weights[name]["weight"] + weights[name]["bias"]
        inputs = jnp.tanh(inputs) if name != names[-1] else inputs
    return optax.softmax_cross_entropy_with_integer_labels(inputs, targets).mean()


def trained_by_optax(run):
    initial = network.group(run, "initial/")
    weights = {name: {part: jnp.asarray(initial[f"{name}/{part}"]) for part in ("weight", "bias")}
               for name in network.layers(initial)}
    optimizer = metarate_optax.learned_rates(f"{exports}/optax/rates.safetensors")
    state = optimizer.init(weights)
    inputs, targets = jnp.asarray(run["dataset/0"]), jnp.asarray(run["dataset/1"])

    @jax.jit
    def step(weights, state, rows):
        updates, state = optimizer.update(
            jax.grad(optax_loss)(weights, inputs[rows], targets[rows]), state, weights)
        return optax.apply_updates(weights, updates), state

    for rows in run["steps/0"]:
        weights, state = step(weights, state, rows)
    evaluated = run["evaluation/0"]
    loss = optax_loss(weights, inputs[evaluated], targets[evaluated])
    flat = {f"{name}/{part}": np.asarray(array) for name, parts in weights.items()
            for part, array in parts.items()}
    return flat, float(loss)


trainers = {"PyTorch": trained_by_torch, "optax": trained_by_optax}
if sys.argv[1].endswith("-native"):
    trainers = {"PyTorch's own optimizer": lambda run: trained_by_torch(run, native=True)}
for framework, train in trainers.items():
    found = [train(run) for run in runs]
    if runs[0]["initial/000_dense/weight"].dtype == np.float64:
        worst = max(network.difference(weights, network.group(run, "final/"))
                    for (weights, _), run in zip(found, runs))
        print(f"{exports}, {framework}: weights after {len(runs[0]['steps/0'])} steps differ by "
              f"{worst:.1e} relative")
        assert worst <= 1e-9, worst
    else:
        ours = np.mean([float(run["evaluation_loss"]) for run in runs])
        theirs = np.mean([loss for _, loss in found])
        print(f"{exports}, {framework}, single precision: mean loss of {len(runs)} runs {theirs:.6f}, "
              f"Metarate's {ours:.6f}")
        assert abs(theirs - ours) <= 1e-3 * abs(ours), (theirs, ours)
