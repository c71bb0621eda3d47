"""Networks that are lists of layers, in the vocabulary of README.md, for make_cases.py.

`Network(spec)` numbers the layers, knows the shape of every tensor and runs a pass. A pass takes the
weights and the state as flat dictionaries "layer/tensor" -> array, and a list of dropout masks; it gives
the answers and the new state.
"""

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

ACTIVATIONS = {
    "tanh": jnp.tanh,
    "relu": lambda x: jnp.where(x > 0, x, 0.0),
    "sigmoid": jax.nn.sigmoid,
    "softplus": lambda x: jnp.logaddexp(x, 0.0),
    "gelu": lambda x: 0.5 * x * (1 + jnp.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "exactGelu": lambda x: jax.nn.gelu(x, approximate=False),
    "sin": jnp.sin,
    "silu": lambda x: x * jax.nn.sigmoid(x),
    "elu": lambda x: jnp.where(x > 0, x, jnp.expm1(jnp.where(x > 0, 0.0, x))),
    "leakyRelu": lambda x: jnp.where(x > 0, x, 0.01 * x),
}

# The settings of every layer with their defaults, the first of which the short form sets.
LAYERS = {
    "dense": {"units": 64},
    "convolution": {"filters": 16, "size": 3, "stride": 1, "padding": "same", "groups": 1},
    "activation": {"function": "relu"},
    "maxPool": {"size": 2},
    "averagePool": {"size": 2},
    "batchNorm": {"running": None},
    "layerNorm": {},
    "rmsNorm": {},
    "groupNorm": {"groups": 2},
    "dropout": {"rate": 0.1},
    "embedding": {"features": 64},
    "positions": {},
    "attention": {"heads": 4, "causal": False, "rotary": False},
    "gru": {"units": 64},
    "lstm": {"units": 64},
    "residual": {"layers": [], "shortcut": []},
    "repeat": {"times": 2, "layers": []},
    "flatten": {},
    "mean": {},
    "last": {},
    "sequence": {},
}


def spelled_out(layer):
    """A layer in any of its three forms as (kind, settings)."""
    if isinstance(layer, str):
        kind, written = layer, {}
    elif "kind" in layer:
        kind, written = layer["kind"], {key: value for key, value in layer.items() if key != "kind"}
    else:
        kind = next((key for key in layer if key in LAYERS), None)
        if kind is None:
            raise SystemExit(f"no layer: {layer}")
        first = next(iter(LAYERS[kind]))
        written = {(first if key == kind else key): value for key, value in layer.items()}
    if kind not in LAYERS or written.keys() - LAYERS[kind].keys():
        raise SystemExit(f"unknown layer or setting: {layer}")
    return kind, LAYERS[kind] | written


@dataclass
class Pass:
    """What a pass has at hand, and leaves."""

    weights: dict
    state: dict
    masks: list
    training: bool


class Network:
    def __init__(self, spec):
        self.count = 0
        self.shapes = {}  # of weights, "layer/tensor" -> (shape, how to draw)
        self.state = {}
        self.masks = []  # (shape, rate) of each dropout
        self.tokens = spec.get("tokens")
        layers = list(spec["layers"]) + ([] if spec.get("per_position") else ["flatten"])
        self.run, self.answers = self.stack(layers + [{"dense": spec["outputs"]}], tuple(spec["input"]))

    def draw(self, random):
        def one(shape, how):
            numbers = random.standard_normal(shape)
            return numbers / math.sqrt(how) if isinstance(how, int) else how[0] + how[1] * numbers

        return {path: one(*entry) for path, entry in self.shapes.items()}

    def __call__(self, weights, state, masks, x, training):
        running = Pass(weights, dict(state), list(masks), training)
        return self.run(running, x), running.state

    # Composition

    def stack(self, layers, shape):
        runs = []
        for layer in layers:
            kind, settings = spelled_out(layer)
            run, shape = getattr(self, kind)(shape, **settings)
            runs.append(run)

        def whole(p, x):
            for run in runs:
                x = run(p, x)
            return x

        return whole, shape

    def repeat(self, shape, times, layers):
        return self.stack(layers * times, shape)

    def residual(self, shape, layers, shortcut):
        # The shortcut is counted first, and takes its masks first.
        kept, kept_shape = self.stack(shortcut, shape)
        branch, branch_shape = self.stack(layers, shape)
        assert kept_shape == branch_shape, (kept_shape, branch_shape)
        return lambda p, x: kept(p, x) + branch(p, x), branch_shape

    def named(self, name, **tensors):
        """The next layer's name; its tensors as (shape, fan-in) or (shape, (mean, deviation))."""
        layer = f"{self.count:03d}_{name}"
        self.count += 1
        for tensor, entry in tensors.items():
            self.shapes[f"{layer}/{tensor.replace('__', '/')}"] = entry
        return layer

    # Layers with weights

    def dense(self, shape, units):
        name = self.named("dense", weight=((shape[-1], units), shape[-1]), bias=((units,), (0, 0.1)))
        return lambda p, x: x @ p.weights[f"{name}/weight"] + p.weights[f"{name}/bias"], (*shape[:-1], units)

    def convolution(self, shape, filters, size, stride, padding, groups):
        height, width, channels = shape
        read = channels // groups
        name = self.named(
            "convolution", weight=((size, size, read, filters), size * size * read), bias=((filters,), (0, 0.1)))
        edge = size // 2 if padding == "same" else 0
        rows, columns = ((extent + 2 * edge - size) // stride + 1 for extent in (height, width))

        def run(p, x):
            y = jax.lax.conv_general_dilated(
                x, p.weights[f"{name}/weight"], (stride, stride), [(edge, edge), (edge, edge)],
                dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups)
            return y + p.weights[f"{name}/bias"]

        return run, (rows, columns, filters)

    def normalized(self, shape, kind, statistics):
        """Normalization by a mean and a variance that `statistics` gives, in the shape of the inputs."""
        channels = shape[-1:]
        name = self.named(kind, scale=(channels, (1, 0.1)), offset=(channels, (0, 0.1)))

        def run(p, x):
            mean, variance = statistics(p, x, name)
            z = (x - mean) / jnp.sqrt(variance + 1e-5)
            return z * p.weights[f"{name}/scale"] + p.weights[f"{name}/offset"]

        return run, shape, name

    def batchNorm(self, shape, running):
        def statistics(p, x, name):
            paths = f"{name}/running_mean", f"{name}/running_variance"
            if running is not None and not p.training:
                return tuple(p.state[path] for path in paths)
            axes = tuple(range(x.ndim - 1))
            found = x.mean(axes), x.var(axes)
            if running is not None:
                for path, value in zip(paths, found):
                    p.state[path] = p.state[path] + running * (value - p.state[path])
            return found

        run, shape, name = self.normalized(shape, "batch_norm", statistics)
        if running is not None:
            self.state |= {f"{name}/running_mean": np.zeros(shape[-1]), f"{name}/running_variance": np.ones(shape[-1])}
        return run, shape

    def layerNorm(self, shape):
        both = lambda p, x, name: (x.mean(-1, keepdims=True), x.var(-1, keepdims=True))
        return self.normalized(shape, "layer_norm", both)[:2]

    def groupNorm(self, shape, groups):
        def statistics(p, x, name):
            grouped = x.reshape(len(x), -1, groups, shape[-1] // groups)
            wide = lambda s: jnp.repeat(s, shape[-1] // groups, axis=-1).reshape(len(x), *[1] * (x.ndim - 2), shape[-1])
            return wide(grouped.mean((1, 3))), wide(grouped.var((1, 3)))

        return self.normalized(shape, "group_norm", statistics)[:2]

    def rmsNorm(self, shape):
        name = self.named("rms_norm", scale=(shape[-1:], (1, 0.1)))
        return lambda p, x: x / jnp.sqrt(jnp.square(x).mean(-1, keepdims=True) + 1e-5) * p.weights[f"{name}/scale"], shape

    def embedding(self, shape, features):
        name = self.named("embedding", weight=((self.tokens, features), features))
        return lambda p, x: p.weights[f"{name}/weight"][x], (*shape, features)

    def positions(self, shape):
        name = self.named("positions", weight=(shape, shape[-1]))
        return lambda p, x: x + p.weights[f"{name}/weight"], shape

    def attention(self, shape, heads, causal, rotary):
        positions, features = shape
        units = features // heads
        into, bias = ((features, heads, units), features), ((heads, units), (0, 0.1))
        name = self.named(
            "attention", query__weight=into, query__bias=bias, key__weight=into, key__bias=bias, value__weight=into,
            value__bias=bias, output__weight=((heads, units, features), features), output__bias=((features,), (0, 0.1)))
        angles = np.arange(positions)[:, None] * 10_000.0 ** (-np.arange(units // 2) / (units // 2 or 1))
        seen = np.tril(np.ones((positions, positions), bool))

        def turned(x):
            first, second = jnp.split(x, 2, axis=-1)
            return jnp.concatenate(
                [first * np.cos(angles) - second * np.sin(angles), second * np.cos(angles) + first * np.sin(angles)], -1)

        def run(p, x):
            w = lambda tensor: p.weights[f"{name}/{tensor}"]
            q, k, v = (
                jnp.einsum("bpf,fhu->bhpu", x, w(f"{part}/weight")) + w(f"{part}/bias")[:, None]
                for part in ("query", "key", "value"))
            if rotary:
                q, k = turned(q), turned(k)
            scores = jnp.einsum("bhpu,bhqu->bhpq", q, k) / math.sqrt(units)
            if causal:
                scores = jnp.where(seen, scores, -jnp.inf)
            mixed = jnp.einsum("bhpq,bhqu->bhpu", jax.nn.softmax(scores), v)
            return jnp.einsum("bhpu,huf->bpf", mixed, w("output/weight")) + w("output/bias")

        return run, shape

    def recurrent(self, kind, shape, units, gates):
        bias = ((gates, units), (0, 0.1))
        name = self.named(
            kind, input__weight=((shape[-1], gates, units), shape[-1]), input__bias=bias,
            recurrent__weight=((units, gates, units), units), recurrent__bias=bias)

        def maps(p, x, h):
            w = lambda tensor: p.weights[f"{name}/{tensor}"]
            one = jnp.einsum("bf,fgu->gbu", x, w("input/weight")) + w("input/bias")[:, None]
            return one, jnp.einsum("bf,fgu->gbu", h, w("recurrent/weight")) + w("recurrent/bias")[:, None]

        return maps, (shape[0], units)

    def gru(self, shape, units):
        maps, answers = self.recurrent("gru", shape, units, 3)

        def run(p, x):
            h, out = jnp.zeros((len(x), units)), []
            for t in range(shape[0]):
                a, u = maps(p, x[:, t], h)
                r, z = jax.nn.sigmoid(a[0] + u[0]), jax.nn.sigmoid(a[1] + u[1])
                h = (1 - z) * jnp.tanh(a[2] + r * u[2]) + z * h
                out.append(h)
            return jnp.stack(out, 1)

        return run, answers

    def lstm(self, shape, units):
        maps, answers = self.recurrent("lstm", shape, units, 4)

        def run(p, x):
            h, c, out = jnp.zeros((len(x), units)), jnp.zeros((len(x), units)), []
            for t in range(shape[0]):
                i, f, g, o = sum(maps(p, x[:, t], h))
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                h = jax.nn.sigmoid(o) * jnp.tanh(c)
                out.append(h)
            return jnp.stack(out, 1)

        return run, answers

    # Layers without weights, which are counted all the same

    def plain(self, kind, run, shape):
        self.named(kind)
        return run, shape

    def activation(self, shape, function):
        return self.plain("activation", lambda p, x: ACTIVATIONS[function](x), shape)

    def dropout(self, shape, rate):
        self.masks.append((shape, rate))
        return self.plain("dropout", lambda p, x: x * p.masks.pop(0) / (1 - rate) if p.training else x, shape)

    def pooled(self, kind, shape, size, reduce):
        rows, columns = shape[0] // size, shape[1] // size

        def run(p, x):
            squares = x[:, : rows * size, : columns * size].reshape(len(x), rows, size, columns, size, shape[2])
            return reduce(squares, (2, 4))

        return self.plain(kind, run, (rows, columns, shape[2]))

    def maxPool(self, shape, size):
        return self.pooled("maxPool", shape, size, jnp.max)

    def averagePool(self, shape, size):
        return self.pooled("averagePool", shape, size, jnp.mean)

    def flatten(self, shape):
        return self.plain("flatten", lambda p, x: x.reshape(len(x), -1), (math.prod(shape),))

    def mean(self, shape):
        return self.plain("mean", lambda p, x: x.mean(tuple(range(1, x.ndim - 1))), shape[-1:])

    def last(self, shape):
        return self.plain("last", lambda p, x: x[:, -1], shape[-1:])

    def sequence(self, shape):
        return self.plain(
            "sequence", lambda p, x: x.reshape(len(x), -1, shape[-1]), (math.prod(shape[:-1]), shape[-1]))
