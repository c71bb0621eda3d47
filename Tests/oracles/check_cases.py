"""Recompute the golden cases without automatic differentiation.

    python check_cases.py CASE.h5 ...

needs numpy and h5py, not jax; layers_numpy.py has lists of layers. The inner gradients are written out by hand and everything runs in
complex arithmetic, so that the derivative of the outer loss along a coordinate is the imaginary part
of the loss after an imaginary step of 1e-40 there: no subtraction, no truncation error, one run of
the inner loop for each coordinate. Muon works in the layout of its authors, [outputs, inputs] and
[outputs, inputs, 3, 3]. Exits with 1 if any tensor is further than 1e-10 (relative to its largest
entry, plus 1e-14) from what the file expects.
"""

import fnmatch
import json
import sys

import h5py
import numpy as np

from layers_numpy import LayeredNetwork

STEP = 1e-40
C = np.complex128


# Activations as pairs (value, derivative at the input); comparisons look at real parts only.

def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.where(x.real > 0, x + np.log(1 + np.exp(-np.where(x.real > 0, x, 0))), np.log(1 + np.exp(np.where(x.real > 0, 0, x))))


def gelu(x):
    k = np.sqrt(2 / np.pi)
    t = np.tanh(k * (x + 0.044715 * x**3))
    return 0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * k * (1 + 3 * 0.044715 * x * x)


ACTIVATIONS = {
    "tanh": lambda x: (np.tanh(x), 1 - np.tanh(x) ** 2),
    "relu": lambda x: (np.where(x.real > 0, x, 0), np.where(x.real > 0, 1.0, 0.0)),
    "sigmoid": lambda x: (sigmoid(x), sigmoid(x) * (1 - sigmoid(x))),
    "softplus": lambda x: (softplus(x), sigmoid(x)),
    "gelu": gelu,
}


class Network:
    def __init__(self, spec, paths):
        self.spec = spec
        self.layers = sorted({path.split("/")[0] for path in paths})
        self.activation = ACTIVATIONS[spec.get("activation", "tanh")]

    def run(self, w, x, state, masks, training):
        """The answers, and the function from their gradient to the gradients of all tensors."""
        undo, gradients = [], {}
        for layer in self.layers:
            kind = layer[4:]
            if kind == "dense":
                x = self.dense(w, layer, x, undo, gradients)
            elif kind == "convolution":
                x = self.convolution(w, layer, x, undo, gradients)
            else:
                x = self.block_end(w, layer, x, undo, gradients)

        def back(d):
            for step in reversed(undo):
                d = step(d)
            return gradients

        return x, back

    state = {}

    def dense(self, w, layer, x, undo, gradients):
        shape = x.shape
        flat = x.reshape(len(x), -1)
        weight = w[f"{layer}/weight"]
        z = flat @ weight + w[f"{layer}/bias"]
        value, slope = (z, None) if layer == self.layers[-1] else self.activation(z)

        def back(d):
            d = d if slope is None else d * slope
            gradients[f"{layer}/weight"] = flat.T @ d
            gradients[f"{layer}/bias"] = d.sum(axis=0)
            return (d @ weight.T).reshape(shape)

        undo.append(back)
        return value

    def convolution(self, w, layer, x, undo, gradients):
        kernel = w[f"{layer}/weight"]
        n, h, v, depth = x.shape
        padded = np.zeros((n, h + 2, v + 2, depth), C)
        padded[:, 1:-1, 1:-1] = x
        patches = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))  # n h v depth 3 3
        value = np.einsum("nhvcij,ijco->nhvo", patches, kernel) + w[f"{layer}/bias"]

        def back(d):
            gradients[f"{layer}/weight"] = np.einsum("nhvcij,nhvo->ijco", patches, d)
            gradients[f"{layer}/bias"] = d.sum(axis=(0, 1, 2))
            spread = np.zeros_like(padded)
            for i in range(3):
                for j in range(3):
                    spread[:, i : i + h, j : j + v] += d @ kernel[i, j].T
            return spread[:, 1:-1, 1:-1]

        undo.append(back)
        return value

    def block_end(self, w, layer, x, undo, gradients):
        axes, count = (0, 1, 2), x[..., 0].size
        centred = x - x.sum(axis=axes) / count
        deviation = np.sqrt((centred**2).sum(axis=axes) / count + 1e-5)
        z = centred / deviation
        scale = w[f"{layer}/scale"]
        value, slope = self.activation(z * scale + w[f"{layer}/offset"])
        n, h, v, depth = value.shape
        corners = [value[:, i : h // 2 * 2 : 2, j : v // 2 * 2 : 2] for i in (0, 1) for j in (0, 1)]
        chosen = np.argmax([corner.real for corner in corners], axis=0)
        pooled = np.choose(chosen, corners)

        def back(d):
            whole = np.zeros(value.shape, C)
            for k, (i, j) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
                whole[:, i : h // 2 * 2 : 2, j : v // 2 * 2 : 2] = np.where(chosen == k, d, 0)
            d = whole * slope
            gradients[f"{layer}/scale"] = (d * z).sum(axis=axes)
            gradients[f"{layer}/offset"] = d.sum(axis=axes)
            d = d * scale
            return (d - d.sum(axis=axes) / count - z * (d * z).sum(axis=axes) / count) / deviation

        undo.append(back)
        return pooled


def loss_of(spec, x, y):
    """The mean loss of answers, and its gradient."""
    if spec["loss"] == "mse":
        return np.mean((x - y) ** 2), 2 * (x - y) / x.size
    shape = x.shape
    x, y = x.reshape(-1, shape[-1]), y.ravel()
    rows = np.arange(len(y))
    e = np.exp(x - x.real.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    d = p.copy()
    d[rows, y] -= 1
    return -np.log(p[rows, y]).mean(), (d / len(y)).reshape(shape)


# Optimizers

def orthogonalise(g):
    """g is [outputs, inputs], as in the authors' code; theirs rounds to bfloat16, this does not."""
    tall = g.shape[0] > g.shape[1]
    x = g.T if tall else g
    norm = np.sqrt((x * x).sum()) if x.any() else 0
    x = x / (norm + 1e-7)
    for _ in range(5):
        s = np.dot(x, x.T)
        x = 3.4445 * x - 4.7750 * np.dot(s, x) + 2.0315 * np.dot(s, np.dot(s, x))
    return x.T if tall else x


def muon_direction(u):
    if u.ndim == 4:
        outwards = u.transpose(3, 2, 0, 1)  # [outputs, inputs, 3, 3]
        flat = outwards.reshape(len(outwards), -1)
    else:
        flat = u.T
    o = orthogonalise(flat) * max(1, flat.shape[0] / flat.shape[1]) ** 0.5
    return o.reshape(outwards.shape).transpose(2, 3, 1, 0) if u.ndim == 4 else o.T


class Optimizer:
    def __init__(self, spec, h, weights):
        self.o, self.h, self.kind = spec["optimizer"], h, spec["optimizer"]["name"]
        self.eps, self.root = self.o.get("epsilon", 1e-8), self.o.get("epsilon_root", 1e-8)
        self.m = {p: np.zeros(w.shape, C) for p, w in weights.items()}
        self.v = {p: np.zeros(w.shape, C) for p, w in weights.items()}
        ranked = [p for p in sorted(weights) if weights[p].ndim > 1]
        self.hidden = [p for p in ranked if p not in (ranked[0], ranked[-1])] if self.kind == "muon" else []
        self.kink = []

    def forget(self):
        for slot in (self.m, self.v):
            for p in slot:
                slot[p] = slot[p].real.astype(C)

    def clip(self, g):
        if "clip_global_norm" in self.o:
            norm = np.sqrt(sum((x * x).sum() for x in g.values()))
            if norm.real > self.o["clip_global_norm"]:
                g = {p: x * (self.o["clip_global_norm"] / norm) for p, x in g.items()}
        if "clip_value" in self.o:
            c = self.o["clip_value"]
            g = {p: np.where(abs(x.real) < c, x, c * np.sign(x.real)) for p, x in g.items()}
        return g

    def direction(self, p, w, g, t):
        h, kind = self.h, self.kind
        if kind == "sgd":
            return g
        if kind == "momentum":
            self.m[p] = h["momentum"] * self.m[p] + g
            return self.m[p]
        if kind == "adagrad":
            self.v[p] = self.v[p] + g * g
            return g / (np.sqrt(self.v[p] + self.root) + self.eps)
        if p in self.hidden:
            self.m[p] = self.m[p] + (1 - h["momentum"]) * (g - self.m[p])
            return muon_direction(g + h["momentum"] * (self.m[p] - g)) + h["weight_decay"] * w
        if kind == "lion":
            c = h["beta1"] * self.m[p] + (1 - h["beta1"]) * g
            self.kink.append(abs(c.real).ravel())
            self.m[p] = h["beta2"] * self.m[p] + (1 - h["beta2"]) * g
            return np.sign(c.real) + h["weight_decay"] * w
        b1, b2 = h["beta1"], h["beta2"]
        old = self.m[p]
        self.m[p] = old + (1 - b1) * (g - old)
        power1, power2 = np.exp(t * np.log(b1)), np.exp(t * np.log(b2))
        if kind == "adabelief":
            surprise = b1 * (g - old)  # the same as g − m with the new m
            self.v[p] = self.v[p] * b2 + (1 - b2) * surprise * surprise + self.root
            return self.m[p] / (1 - power1) / (np.sqrt(self.v[p] / (1 - power2)) + self.eps)
        self.v[p] = self.v[p] * b2 + (1 - b2) * g * g
        denominator = np.sqrt(self.v[p] / (1 - power2) + self.root) + self.eps
        if kind == "nadam":
            return (b1 * self.m[p] / (1 - power1 * b1) + (1 - b1) * g / (1 - power1)) / denominator
        return self.m[p] / (1 - power1) / denominator + (h["weight_decay"] * w if kind != "adam" else 0)


def schedule(spec, t):
    s = spec.get("schedule", {"name": "constant"})
    return {
        "constant": lambda: 1,
        "cosine": lambda: s["final"] + (1 - s["final"]) * np.cos(np.pi * t / spec["steps"] / 2) ** 2,
        "exponential": lambda: np.exp(t * np.log(s["decay"])),
        "warmup": lambda: 1 if t + 1 >= s["steps"] else (t + 1) / s["steps"],
    }[s["name"]]()


def group_of(spec, path):
    """The first group that matches, and where its shared numbers stand."""
    for i, group in enumerate(spec.get("groups", [])):
        if fnmatch.fnmatchcase(path, group["match"]):
            return group, f"group_{i + 1}/"
    return {}, ""


def read(spec, term, raw, prefix, path, index, t):
    """What one parameter, by its index in its tensor, reads of a term at step t."""
    group, place = ({}, "") if prefix else group_of(spec, path)
    granularity = group.get("granularity", term.get("granularity", "parameter"))
    shared = {"layer": path.split("/")[0], "global": "all"}.get(granularity)
    rows = raw[prefix + (place + shared if shared else path)]
    if "knots" in term:
        knots = np.linspace(0, max(1, spec["steps"] - 1), term["knots"])
        hats = [np.interp(t, knots, np.eye(len(knots))[k]) for k in range(len(knots))]
        numbers = sum(hat * row for hat, row in zip(hats, rows))
    else:
        numbers = rows[t // term["window"]] if "window" in term else rows
    if granularity == "parameter":
        return numbers[index]
    if granularity == "row":
        return numbers[index[-1]]
    if granularity == "input":
        return numbers[index[-2], 0] if len(index) > 1 else numbers
    if granularity != "orbit":
        return numbers
    layers = sorted({name.split("/")[-2] for name in raw if "/" in name})
    first, last = path.split("/")[0] == layers[0], path.split("/")[0] == layers[-1]
    place = [i for i in index[:-2]] if len(index) > 2 else []
    if len(index) > 1:
        pixel = index[-2] // spec["filters"][-1] if last and spec["model"] == "conv" else 0
        place.append(index[-2] if first else pixel)
    place.append(index[-1] if last else 0)
    if numbers.ndim == len(index):
        return numbers[tuple(place)]
    # Orbits in one row: those of the first pixel, then those of the next.
    return numbers[place[0] * spec["classes"] + place[1]]


def rate(spec, raw, path, shape, t):
    base = {key: spec[key] for key in ("granularity", "knots", "window") if key in spec}
    terms = [("", base)] + [(f"offset_{i + 1}/", term) for i, term in enumerate(spec.get("offsets", []))]
    r = np.zeros(shape, C)
    group = group_of(spec, path)[0]
    if not group.get("train", True):
        return r
    if not group.get("learn", True):
        terms = terms[:1]
    for index in np.ndindex(shape):
        r[index] = sum(read(spec, term, raw, prefix, path, index, t) for prefix, term in terms)
    f = spec.get("parameterization", "direct")
    r = r if f == "direct" else np.exp(r) if f == "log" else softplus(r) if f == "softplus" else spec.get("maximum", 1) * sigmoid(r)
    # What is kept is a constant.
    return r if group.get("learn", True) else r.real.astype(C)


def network_of(spec, paths):
    return LayeredNetwork(spec, ACTIVATIONS) if spec["model"] == "layers" else Network(spec, paths)


def start(paths, w):
    """Running statistics before any training, for the paths that a case expects of them."""
    channels = lambda path: len(w[path.split("/")[0] + "/scale"])
    return {p: (np.zeros if p.endswith("mean") else np.ones)(channels(p)).astype(C) for p in paths if "/running_" in p}


def run(spec, groups, data, task=None):
    at = lambda x: x if task is None else x[task]
    w = dict(groups["initial"])
    network, optimizer = network_of(spec, w), Optimizer(spec, groups["hyperparameters"], w)
    state = start([name[len("expected/final/") :] for name in data if name.startswith("expected/final/")], w)
    timed = any("knots" in term or "window" in term for term in [spec, *spec.get("offsets", [])])
    rates = {p: rate(spec, groups["rates_raw"], p, x.shape, 0) for p, x in w.items()}
    cut = spec["steps"] - spec.get("truncate", spec["steps"])
    inputs, targets = at(data["train/inputs"]), at(data["train/targets"])
    masks = [at(data[f"train/masks/{i}"]) for i in range(sum(name.startswith("train/masks/") for name in data))]
    for t in range(spec["steps"]):
        if t == cut and cut > 0:
            w, state = ({p: x.real.astype(C) for p, x in part.items()} for part in (w, state))
            optimizer.forget()
        if timed:
            rates = {p: rate(spec, groups["rates_raw"], p, x.shape, t) for p, x in w.items()}
        answers, back = network.run(w, inputs[t].astype(C), state, [mask[t] for mask in masks], training=True)
        g = back(loss_of(spec, answers, targets[t])[1])
        state = network.state
        if spec.get("first_order"):
            g = {p: x.real.astype(C) for p, x in g.items()}
        g = optimizer.clip(g)
        w = {p: x - schedule(spec, t) * rates[p] * optimizer.direction(p, x, g[p], t + 1) for p, x in w.items()}
    x, y = at(data["outer/inputs"]).astype(C), at(data["outer/targets"])
    size = spec.get("evaluation", {}).get("batch", len(x))
    parts = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]
    losses = [len(a) * loss_of(spec, network.run(w, a, state, [], training=False)[0], b)[0] for a, b in parts]
    return sum(losses) / len(x), w | state, optimizer


def check(path):
    data = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: data.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    spec = json.loads(data["spec"].tobytes())
    cut = lambda prefix: {k[len(prefix) :]: np.asarray(v).astype(C) for k, v in data.items() if k.startswith(prefix)}
    groups = {name: cut(name + "/") for name in ("initial", "rates_raw", "hyperparameters")}
    tasks = range(spec["tasks"]) if "tasks" in spec else [None]
    worst = {}

    def compare(kind, found, wanted):
        gap = np.max(np.abs(np.asarray(found) - wanted))
        top = np.max(np.abs(wanted))
        ratio = gap / top if top > 1e-12 else 0.0
        entry = worst.setdefault(kind, [0.0, 0.0, True])
        entry[0], entry[1] = max(entry[0], ratio), max(entry[1], gap)
        entry[2] &= bool(gap <= 1e-10 * top + 1e-14)

    results = [run(spec, groups, data, task) for task in tasks]
    compare("outer loss", np.mean([r[0].real for r in results]), data["expected/outer_loss"])
    for name in results[0][1]:
        final = [r[1][name].real for r in results]
        compare("final weights", final if "tasks" in spec else final[0], data[f"expected/final/{name}"])
    for group, tensors in groups.items():
        for name, value in tensors.items():
            found = np.zeros(value.shape)
            for index in np.ndindex(value.shape):
                moved = value.copy()
                moved[index] += 1j * STEP
                probe = groups | {group: tensors | {name: moved}}
                found[index] = np.mean([run(spec, probe, data, task)[0].imag / STEP for task in tasks])
            kind = group if group != "hyperparameters" else name
            compare(kind, found, data[f"expected/hypergradient/{group}/{name}"])
    fine = all(entry[2] for entry in worst.values())
    print(f"{spec['name']}: {'agrees' if fine else 'DIFFERS'}")
    for kind, (ratio, gap, good) in worst.items():
        print(f"    {kind}: relative {ratio:.1e}, absolute {gap:.1e}{'' if good else '  <--'}")
    kink = results[0][2].kink
    if kink:
        kink = np.concatenate(kink)
        print(f"    smallest |c| {kink.min():.2e}, median {np.median(kink):.2e}")
    return fine


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    sys.exit(0 if all([check(path) for path in sys.argv[1:]]) else 1)
