"""Writes the inputs of the workloads as HDF5 files into a folder, which both sides read.

    python inputs.py FOLDER [sinusoid] [conv4] [long-horizon] [wide]
                            [wide-2048] [transformer-addition] [transformer-text]
                            (no name: all of them)

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


def transformer(rng, tokens, positions, outputs, last, width=64, blocks=2, heads=4, feedforward=256):
    """A causal transformer whose answers are dense layer `last`: path -> array."""
    def normal(*shape):
        return rng.normal(0, 1 / np.sqrt(width), shape)

    def layer_norm(i):
        return {f"{i:03d}_layer_norm/scale": np.ones(width),
                f"{i:03d}_layer_norm/offset": np.zeros(width)}
    initial = {"000_embedding/weight": normal(tokens, width),
               "001_positions/weight": normal(positions, width)}
    for i in range(2, 2 + 6 * blocks, 6):
        initial |= layer_norm(i) | layer_norm(i + 2)
        for part in ("query", "key", "value"):
            initial[f"{i + 1:03d}_attention/{part}/weight"] = normal(width, heads, width // heads)
            initial[f"{i + 1:03d}_attention/{part}/bias"] = np.zeros((heads, width // heads))
        initial[f"{i + 1:03d}_attention/output/weight"] = normal(heads, width // heads, width)
        initial[f"{i + 1:03d}_attention/output/bias"] = np.zeros(width)
        initial |= dense([width, feedforward], rng, i + 3) | dense([feedforward, width], rng, i + 5)
    initial |= layer_norm(2 + 6 * blocks) | dense([width, outputs], rng, last)
    return learned(initial, 0.001)


def transformer_addition(rng, modulus=23, steps=200, batch=64):
    """(a + b) mod p of half of all pairs, in an order drawn anew each epoch; the rest validates. Tokens
    are both numbers and a sign of equality, which is where the sum is asked for."""
    pairs = np.stack(np.divmod(np.arange(modulus ** 2), modulus), 1)
    inputs = np.concatenate([pairs, np.full((len(pairs), 1), modulus)], 1)
    targets = pairs.sum(1) % modulus
    order = rng.permutation(len(pairs))
    train, kept = order[:len(pairs) // 2], order[len(pairs) // 2:]
    epochs = -(-steps * batch // len(train))
    rows = np.concatenate([rng.permutation(train) for _ in range(epochs)])[:steps * batch]
    rows = rows.reshape(steps, batch)
    return transformer(rng, modulus + 1, 3, modulus, last=17) | {
        "train/inputs": inputs[rows], "train/targets": targets[rows],
        "validation/inputs": inputs[kept], "validation/targets": targets[kept]}


def transformer_text(rng, positions=32, steps=200, batch=16, windows=32):
    """The next character of this repository's license, whose last tenth validates."""
    text = (Path(__file__).parents[2] / "LICENSE").read_text()
    characters = sorted(set(text))
    tokens = np.array([characters.index(c) for c in text])
    end = len(tokens) * 9 // 10

    def at(starts):
        cut = tokens[np.asarray(starts)[..., None] + np.arange(positions + 1)]
        return cut[..., :-1], cut[..., 1:]
    x, y = at(rng.integers(0, end - positions, (steps, batch)))
    xv, yv = at(np.linspace(end, len(tokens) - positions - 1, windows).astype(int))
    return transformer(rng, len(characters), positions, len(characters), last=15) | {
        "train/inputs": x, "train/targets": y, "validation/inputs": xv, "validation/targets": yv}


GROUPS = {"sinusoid": sinusoid, "conv4": conv4, "long-horizon": long_horizon, "wide": wide,
          "wide-2048": lambda rng: wide(rng, (64, 2048, 2048, 10), steps=3, batch=899),
          "transformer-addition": transformer_addition, "transformer-text": transformer_text}


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
