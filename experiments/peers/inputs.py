"""Writes the inputs of the workloads as HDF5 files into a folder, which both sides read.

    python inputs.py FOLDER [sinusoid] [conv4] [long-horizon] [wide]
                            [wide-2048]     (no name: all of them)

Every group has a random stream of its own: its bytes do not depend on which others are asked for.
README.md lists the paths, types and shapes.
"""
import argparse
from pathlib import Path

import h5py
import numpy as np


def dense(sizes, rng, first=0):
    """Weights [in, out] and zero biases of a multilayer perceptron: path -> array."""
    out = {}
    for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:]), first):
        out[f"{i:03d}_dense/weight"] = rng.normal(0, 1 / np.sqrt(a), (a, b))
        out[f"{i:03d}_dense/bias"] = np.zeros(b)
    return out


def learned(initial, rate):
    """The two groups that are differentiated: initial weights, and as many equal rates."""
    return {f"initial/{path}": x for path, x in initial.items()} | \
           {f"rates/{path}": np.full(x.shape, rate) for path, x in initial.items()}


def sinusoid(rng, tasks=25, points=10):
    out = learned(dense([1, 40, 40, 1], rng), 0.01)
    amplitude = rng.uniform(0.1, 5, (tasks, 1, 1))
    phase = rng.uniform(0, np.pi, (tasks, 1, 1))
    for part, x in zip(("support", "query"), rng.uniform(-5, 5, (2, tasks, points, 1))):
        out |= {f"{part}/inputs": x, f"{part}/targets": amplitude * np.sin(x - phase)}
    return out


def conv4(rng, tasks=4, ways=5, query=75, filters=64):
    """5-way 1-shot noise: [tasks, images, height, width, channel]; kernels [3, 3, in, out]."""
    initial, channels = {}, 1
    for i in range(0, 8, 2):
        kernel = rng.normal(0, 1 / np.sqrt(9 * channels), (3, 3, channels, filters))
        initial |= {f"{i:03d}_convolution/weight": kernel,
                    f"{i:03d}_convolution/bias": np.zeros(filters),
                    f"{i + 1:03d}_batch_norm/scale": np.ones(filters),
                    f"{i + 1:03d}_batch_norm/offset": np.zeros(filters)}
        channels = filters
    initial |= dense([filters, ways], rng, first=8)
    return learned(initial, 0.01) | {
        "support/inputs": rng.normal(size=(tasks, ways, 28, 28, 1)),
        "support/targets": np.tile(np.arange(ways), (tasks, 1)),
        "query/inputs": rng.normal(size=(tasks, query, 28, 28, 1)),
        "query/targets": np.tile(np.repeat(np.arange(ways), query // ways), (tasks, 1))}


def long_horizon(rng, steps=1000, batch=64):
    """The digits in a fixed order, 1000 for training and 797 for validation, scaled to [0, 1]."""
    from sklearn.datasets import load_digits  # Here, so that the other workloads do without.
    digits = load_digits()
    order = np.random.default_rng(1).permutation(len(digits.target))
    x, y = (digits.data / 16)[order], digits.target[order]
    return learned(dense([64, 128, 128, 10], rng), 0.05) | {
        "train/inputs": x[:1000], "train/targets": y[:1000],
        "validation/inputs": x[1000:], "validation/targets": y[1000:],
        "index": rng.integers(0, 1000, (steps, batch))}


def wide(rng, sizes=(784, 1024, 1024, 10), steps=10, batch=256):
    """One batch a step, and a further one for the validation loss."""
    out = learned(dense(sizes, rng), 0.05)
    x, y = rng.normal(size=(steps + 1, batch, sizes[0])), rng.integers(0, 10, (steps + 1, batch))
    return out | {"train/inputs": x[:steps], "train/targets": y[:steps],
                  "validation/inputs": x[steps], "validation/targets": y[steps]}


GROUPS = {"sinusoid": sinusoid, "conv4": conv4, "long-horizon": long_horizon, "wide": wide,
          "wide-2048": lambda rng: wide(rng, (64, 2048, 2048, 10), steps=3, batch=899)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    arguments = parser.parse_args()
    for name in arguments.groups:
        if name not in GROUPS:
            parser.error(f"unknown group {name!r}; known: {', '.join(GROUPS)}")
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.groups or GROUPS:
        # v110 as the upper bound: the HDF5 that Swift links is 1.10 and cannot read newer formats.
        with h5py.File(folder / f"{name}.h5", "w", libver=("earliest", "v110")) as file:
            for path, array in GROUPS[name](np.random.default_rng(0)).items():
                kind = np.float32 if array.dtype.kind == "f" else np.int32
                file.create_dataset(f"{name}/{path}", data=array.astype(kind))


if __name__ == "__main__":
    main()
