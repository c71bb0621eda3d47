"""Write golden hypergradient cases.

    python make_cases.py specs.json cases [NAME ...]

needs jax, numpy and h5py; layers_jax.py has lists of layers. One HDF5 file is written for each entry of
the specification (or only for those named). An unroll of the inner loop is differentiated as a whole, in
reverse mode and in double precision, so that each expected hypergradient is exact up to rounding.
README.md states the file layout and the formulas; check_cases.py recomputes everything without automatic
differentiation.
"""

import fnmatch
import json
import math
import os
import pathlib
import sys
from dataclasses import dataclass
from typing import Callable

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import h5py
import jax
import jax.numpy as jnp
import numpy as np

from layers_jax import ACTIVATIONS, Network

jax.config.update("jax_enable_x64", True)


# ---------------------------------------------------------------------------------------------
# Specifications

REQUIRED = {"name", "seed", "model", "loss", "optimizer", "steps", "batch", "rate_range"}
OPTIONAL = {"activation", "schedule", "granularity", "parameterization", "maximum", "tasks", "truncate", "first_order"}
OPTIONAL |= {"knots", "window", "offsets", "groups", "evaluation", "outer_batch"}
BY_MODEL = {
    "mlp": {"sizes"},
    "conv": {"channels", "image", "filters", "classes"},
    "layers": {"layers", "input", "outputs"},
}
ONLY_LAYERS = {"tokens", "per_position"}


def validate(spec):
    wanted = REQUIRED | BY_MODEL[spec["model"]]
    missing, unknown = wanted - spec.keys(), spec.keys() - wanted - OPTIONAL
    unknown -= ONLY_LAYERS if spec["model"] == "layers" else set()
    if missing or unknown:
        raise SystemExit(f"{spec.get('name')}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    given = spec["optimizer"].keys() - {"name", "epsilon", "epsilon_root", "clip_global_norm", "clip_value"}
    if given != set(RULES[spec["optimizer"]["name"]].numbers):
        raise SystemExit(f"{spec['name']}: the optimizer's numbers are {sorted(given)}")


# ---------------------------------------------------------------------------------------------
# Models: a flat dictionary "layer/tensor" -> array, in the order of the layers

def network_of(spec):
    """The network of a list of layers; None for other models."""
    return Network(spec) if spec["model"] == "layers" else None


def draw_weights(spec, random):
    if spec["model"] == "layers":
        return network_of(spec).draw(random)
    weights = {}

    def affine(layer, shape):
        fan_in = math.prod(shape[:-1])
        weights[f"{layer}/weight"] = random.standard_normal(shape) / math.sqrt(fan_in)
        weights[f"{layer}/bias"] = 0.1 * random.standard_normal(shape[-1])

    if spec["model"] == "mlp":
        for index, shape in enumerate(zip(spec["sizes"], spec["sizes"][1:])):
            affine(f"{index:03d}_dense", shape)
        return weights

    depth, side, index = spec["channels"], spec["image"], 0
    for filters in spec["filters"]:
        affine(f"{index:03d}_convolution", (3, 3, depth, filters))
        weights[f"{index + 1:03d}_batch_norm/scale"] = 1 + 0.1 * random.standard_normal(filters)
        weights[f"{index + 1:03d}_batch_norm/offset"] = 0.1 * random.standard_normal(filters)
        depth, side, index = filters, side // 2, index + 2
    affine(f"{index:03d}_dense", (side * side * depth, spec["classes"]))
    return weights


def layers_of(weights):
    grouped = {}
    for path, value in weights.items():
        layer, tensor = path.split("/")
        grouped.setdefault(layer, {})[tensor] = value
    return sorted(grouped.items())


def convolve(x, kernel):
    """3×3, stride 1, zero padding: the sum of nine shifted products."""
    height, width = x.shape[1:3]
    padded = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return sum(padded[:, i : i + height, j : j + width] @ kernel[i, j] for i in range(3) for j in range(3))


def halve(x):
    """2×2 max pooling; an odd last row or column is dropped."""
    count, height, width, depth = x.shape
    height, width = height // 2, width // 2
    windows = x[:, : 2 * height, : 2 * width].reshape(count, height, 2, width, 2, depth)
    return windows.max(axis=(2, 4))


def predict(spec, weights, x):
    activation = ACTIVATIONS[spec.get("activation", "tanh")]
    layers = layers_of(weights)
    for position, (layer, t) in enumerate(layers):
        last = position == len(layers) - 1
        if layer.endswith("convolution"):
            x = convolve(x, t["weight"]) + t["bias"]
        elif layer.endswith("batch_norm"):
            mean = x.mean(axis=(0, 1, 2))
            variance = jnp.square(x - mean).mean(axis=(0, 1, 2))
            x = halve(activation((x - mean) / jnp.sqrt(variance + 1e-5) * t["scale"] + t["offset"]))
        else:
            x = x.reshape(len(x), -1) @ t["weight"] + t["bias"]
            x = x if last else activation(x)
    return x


def loss_of(spec, outputs, targets):
    """The mean over examples, positions and, for mse, outputs."""
    if spec["loss"] == "mse":
        return jnp.square(outputs - targets).mean()
    outputs, targets = outputs.reshape(-1, outputs.shape[-1]), targets.reshape(-1)
    return -jax.nn.log_softmax(outputs)[jnp.arange(len(targets)), targets].mean()


def train_on(spec, network, weights, state, inputs, targets, *masks):
    """The loss that a step descends, and the state behind it."""
    if network is None:
        return loss_of(spec, predict(spec, weights, inputs), targets), state
    outputs, state = network(weights, state, masks, inputs, training=True)
    return loss_of(spec, outputs, targets), state


def evaluate(spec, network, weights, state, inputs, targets):
    """The outer loss: the mean over batches of examples in their order, by their sizes."""
    count = len(inputs)
    size = spec.get("evaluation", {}).get("batch", count)
    total = 0.0
    for start in range(0, count, size):
        x, y = inputs[start : start + size], targets[start : start + size]
        outputs = predict(spec, weights, x) if network is None else network(weights, state, [], x, training=False)[0]
        total = total + len(x) / count * loss_of(spec, outputs, y)
    return total


# ---------------------------------------------------------------------------------------------
# Optimizers. A rule works on one tensor: from the gradient and its memory it makes the direction d
# of θ ← θ − s·α⊙d. `count` is 1 at the first step; `n` has the differentiable numbers by name.

def sgd(n, fixed, count, weight, gradient, memory):
    return gradient, {}


def momentum(n, fixed, count, weight, gradient, memory):
    v = n["momentum"] * memory["v"] + gradient
    return v, {"v": v}


def adam(n, fixed, count, weight, gradient, memory):
    return adamw(n | {"weight_decay": 0.0}, fixed, count, weight, gradient, memory)


def adagrad(n, fixed, count, weight, gradient, memory):
    total = memory["v"] + gradient**2
    return gradient / (jnp.sqrt(total + fixed.root) + fixed.outside), {"v": total}


def adabelief(n, fixed, count, weight, gradient, memory):
    b1, b2 = n["beta1"], n["beta2"]
    m = b1 * memory["m"] + (1 - b1) * gradient
    v = b2 * memory["v"] + (1 - b2) * (gradient - m) ** 2 + fixed.root
    direction = (m / (1 - b1**count)) / (jnp.sqrt(v / (1 - b2**count)) + fixed.outside)
    return direction, {"m": m, "v": v}


def nadam(n, fixed, count, weight, gradient, memory):
    b1, b2 = n["beta1"], n["beta2"]
    m = b1 * memory["m"] + (1 - b1) * gradient
    v = b2 * memory["v"] + (1 - b2) * gradient**2
    ahead = b1 * m / (1 - b1 ** (count + 1)) + (1 - b1) * gradient / (1 - b1**count)
    return ahead / (jnp.sqrt(v / (1 - b2**count) + fixed.root) + fixed.outside), {"m": m, "v": v}


def lion(n, fixed, count, weight, gradient, memory):
    blend = n["beta1"] * memory["m"] + (1 - n["beta1"]) * gradient
    m = n["beta2"] * memory["m"] + (1 - n["beta2"]) * gradient
    return jnp.sign(blend) + n["weight_decay"] * weight, {"m": m}


def adamw(n, fixed, count, weight, gradient, memory):
    b1, b2 = n["beta1"], n["beta2"]
    m = b1 * memory["m"] + (1 - b1) * gradient
    v = b2 * memory["v"] + (1 - b2) * gradient**2
    direction = (m / (1 - b1**count)) / (jnp.sqrt(v / (1 - b2**count) + fixed.root) + fixed.outside)
    return direction + n["weight_decay"] * weight, {"m": m, "v": v}


def length(*arrays):
    """Euclidean norm, with derivative 0 where everything is 0."""
    square = sum(jnp.sum(a * a) for a in arrays)
    positive = square > 0
    return jnp.where(positive, jnp.sqrt(jnp.where(positive, square, 1.0)), 0.0)


def newton_schulz(matrix):
    """Five quintic steps that push all singular values towards 1. The smaller side comes first."""
    a, b, c = 3.4445, -4.7750, 2.0315
    turned = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if turned else matrix
    x = x / (length(x) + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.T if turned else x


def muon(n, fixed, count, weight, gradient, memory):
    momentum = n["momentum"]
    m = momentum * memory["m"] + (1 - momentum) * gradient
    nesterov = momentum * m + (1 - momentum) * gradient
    outputs = weight.shape[-1]
    inputs = weight.size // outputs
    direction = newton_schulz(nesterov.reshape(inputs, outputs)).reshape(weight.shape)
    direction = direction * math.sqrt(max(1.0, outputs / inputs))
    return direction + n["weight_decay"] * weight, {"m": m}


@dataclass(frozen=True)
class Rule:
    numbers: tuple
    memory: tuple
    step: Callable
    hidden: "Rule | None" = None  # the rule of hidden matrices, where they have one of their own


RULES = {
    "sgd": Rule((), (), sgd),
    "momentum": Rule(("momentum",), ("v",), momentum),
    "adam": Rule(("beta1", "beta2"), ("m", "v"), adam),
    "adamw": Rule(("beta1", "beta2", "weight_decay"), ("m", "v"), adamw),
    "adagrad": Rule((), ("v",), adagrad),
    "adabelief": Rule(("beta1", "beta2"), ("m", "v"), adabelief),
    "nadam": Rule(("beta1", "beta2"), ("m", "v"), nadam),
    "lion": Rule(("beta1", "beta2", "weight_decay"), ("m",), lion),
    "muon": Rule(("momentum", "beta1", "beta2", "weight_decay"), ("m", "v"), adamw, hidden=Rule((), ("m",), muon)),
}


@dataclass(frozen=True)
class Fixed:
    """The constants of an optimizer: they have no hypergradient."""

    outside: float
    root: float


def hidden_matrices(weights):
    """Weights of rank 2 or more that belong neither to the first nor to the last layer that has one."""
    matrices = sorted(path for path, value in weights.items() if value.ndim >= 2)
    return set(matrices[1:-1])


def clip(options, gradients):
    if "clip_global_norm" in options:
        limit, norm = options["clip_global_norm"], length(*gradients.values())
        factor = jnp.where(norm > limit, limit / jnp.where(norm > limit, norm, 1.0), 1.0)
        gradients = {path: factor * g for path, g in gradients.items()}
    if "clip_value" in options:
        bound = options["clip_value"]
        gradients = {path: jnp.where(jnp.abs(g) < bound, g, bound * jnp.sign(g)) for path, g in gradients.items()}
    return gradients


def multiplier(spec, step):
    schedule = spec.get("schedule", {"name": "constant"})
    match schedule["name"]:
        case "constant":
            return 1.0
        case "cosine":
            return schedule["final"] + (1 - schedule["final"]) * (1 + math.cos(math.pi * step / spec["steps"])) / 2
        case "exponential":
            return schedule["decay"] ** step
        case "warmup":
            return min(1.0, (step + 1) / schedule["steps"])
    raise SystemExit(f"{spec['name']}: unknown schedule")


# ---------------------------------------------------------------------------------------------
# Rates

def positive_map(spec):
    """The map from raw to effective rates, and its inverse."""
    top = spec.get("maximum", 1.0)
    return {
        "direct": (lambda r: r, lambda a: a),
        "log": (jnp.exp, np.log),
        "softplus": (lambda r: jnp.logaddexp(r, 0.0), lambda a: np.log(np.expm1(a))),
        "sigmoid": (lambda r: top * jax.nn.sigmoid(r), lambda a: np.log(a / (top - a))),
    }[spec.get("parameterization", "direct")]


def terms_of(spec):
    """The base and the offsets, each with the prefix of its names."""
    base = {key: spec[key] for key in ("granularity", "knots", "window") if key in spec}
    return [("", base)] + [(f"offset_{i}/", term) for i, term in enumerate(spec.get("offsets", []), 1)]


def group_of(spec, path):
    """The number, from 1, and the entry of the first group that matches; None where none does."""
    for number, group in enumerate(spec.get("groups", []), 1):
        if fnmatch.fnmatchcase(path, group["match"]):
            return number, group
    return None


def granularity_of(spec, prefix, term, path):
    """Groups have granularities of their own in the base, which has no prefix."""
    own = term.get("granularity", "parameter")
    group = None if prefix else group_of(spec, path)
    return group[1].get("granularity", own) if group else own


def rate_key(spec, prefix, granularity, path):
    shared = {"layer": path.split("/")[0], "global": "all"}.get(granularity)
    group = None if prefix else group_of(spec, path)
    if shared is None:
        return prefix + path
    return f"group_{group[0]}/{shared}" if group else prefix + shared


def orbit_axes(spec, path, shape, weights):
    """How long each axis of a tensor is after hidden units and channels that are exchanged became one.

    The last layer's inputs are the channels of each pixel, pixel by pixel; the first layer's inputs
    and the last layer's outputs stay apart, and so do the places of a kernel.
    """
    layers = [name for name, _ in layers_of(weights)]
    first, last = path.startswith(layers[0]), path.startswith(layers[-1])
    outputs = shape[-1] if last else 1
    if len(shape) == 1:
        return (outputs,)
    if len(shape) == 4:
        return (*shape[:2], shape[2] if first else 1, outputs)
    pixels = shape[0] // spec["filters"][-1] if spec["model"] == "conv" else 1
    return (shape[0] if first else pixels, outputs)


def rate_shape(spec, granularity, path, weights):
    shape = weights[path].shape
    match granularity:
        case "parameter":
            return shape
        case "row":
            return shape[-1:]
        case "input":
            return (shape[-2], 1) if len(shape) > 1 else ()
        case "orbit":
            if spec["model"] == "layers":
                raise SystemExit(f"{spec['name']}: orbits of lists of layers are not generated")
            axes = orbit_axes(spec, path, shape, weights)
            whole = all(n in (1, own) for n, own in zip(axes, shape))
            return axes if whole else (math.prod(axes),)
    return ()


def rows_of(spec, term):
    if "knots" in term:
        return (term["knots"],)
    return (-(-spec["steps"] // term["window"]),) if "window" in term else ()


def draw_rates(spec, weights, random):
    low, high = np.log(spec["rate_range"])
    raw = {}
    for prefix, term in terms_of(spec):
        for path in weights:
            granularity = granularity_of(spec, prefix, term, path)
            key = rate_key(spec, prefix, granularity, path)
            if key not in raw:
                shape = rows_of(spec, term) + rate_shape(spec, granularity, path, weights)
                if prefix:
                    raw[key] = 0.3 * random.standard_normal(shape)
                else:
                    rates = np.exp(random.uniform(low, high, shape))
                    _, group = group_of(spec, path) or (0, {})
                    rates = np.full(shape, group["rate"]) if "rate" in group else rates
                    raw[key] = positive_map(spec)[1](rates * group.get("factor", 1.0))
    return raw


def at_step(spec, term, rows, step):
    """What a step reads of numbers that change over time."""
    if "knots" in term:
        place = step / max(1, spec["steps"] - 1) * (term["knots"] - 1)
        below = min(int(place), term["knots"] - 2)
        return (below + 1 - place) * rows[below] + (place - below) * rows[below + 1]
    return rows[step // term["window"]] if "window" in term else rows


def spread(spec, granularity, path, numbers, weights):
    shape = weights[path].shape
    if granularity != "orbit":
        return jnp.broadcast_to(numbers, shape)
    axes = orbit_axes(spec, path, shape, weights)
    numbers = numbers.reshape(axes)
    # A pixel's channels lie side by side.
    for axis, (few, many) in enumerate(zip(axes, shape)):
        numbers = jnp.repeat(numbers, many // few, axis=axis)
    return numbers


def effective_rates(spec, raw, weights, step):
    to_rate = positive_map(spec)[0]
    rates = {}
    for path in weights:
        _, group = group_of(spec, path) or (0, {})
        kept = not group.get("learn", True)
        total = 0.0
        for prefix, term in terms_of(spec):
            granularity = granularity_of(spec, prefix, term, path)
            numbers = at_step(spec, term, raw[rate_key(spec, prefix, granularity, path)], step)
            # What is kept has no offsets.
            if not (kept and prefix):
                total = total + spread(spec, granularity, path, numbers, weights)
        rate = to_rate(total)
        if not group.get("train", True):
            rate = jnp.zeros_like(rate)
        rates[path] = jax.lax.stop_gradient(rate) if kept else rate
    return rates


# ---------------------------------------------------------------------------------------------
# The unroll

def draw_data(spec, network, random, *shape):
    """Inputs and targets."""
    if network is not None:
        examples, outputs = tuple(spec["input"]), spec["outputs"]
        if network.tokens:
            inputs = random.integers(0, network.tokens, (*shape, *examples)).astype(np.int32)
        else:
            inputs = random.standard_normal((*shape, *examples))
        shape = (*shape, *network.answers[:-1])
    elif spec["model"] == "mlp":
        inputs, outputs = random.standard_normal((*shape, spec["sizes"][0])), spec["sizes"][-1]
    else:
        image = (spec["image"], spec["image"], spec["channels"])
        inputs, outputs = random.standard_normal((*shape, *image)), spec["classes"]
    if spec["loss"] == "mse":
        return inputs, random.standard_normal((*shape, outputs))
    return inputs, random.integers(0, outputs, shape).astype(np.int32)


def unroll(spec, network, weights, raw, numbers, train, outer):
    options = spec["optimizer"]
    rule = RULES[options["name"]]
    fixed = Fixed(options.get("epsilon", 1e-8), options.get("epsilon_root", 1e-8))
    special = hidden_matrices(weights) if rule.hidden else set()
    rules = {path: rule.hidden if path in special else rule for path in weights}
    memory = {path: {slot: jnp.zeros(w.shape) for slot in rules[path].memory} for path, w in weights.items()}
    constant_steps = max(0, spec["steps"] - spec.get("truncate", spec["steps"]))
    state = network.state if network else {}

    for step in range(spec["steps"]):
        if step == constant_steps:
            if constant_steps:
                weights, memory, state = jax.lax.stop_gradient((weights, memory, state))
        batch = [part[step] for part in train]
        loss = lambda w: train_on(spec, network, w, state, *batch)
        gradients, state = jax.grad(loss, has_aux=True)(weights)
        if spec.get("first_order"):
            gradients = jax.lax.stop_gradient(gradients)
        gradients = clip(options, gradients)
        scale = multiplier(spec, step)
        rates = effective_rates(spec, raw, weights, step)
        moved = {}
        for path, weight in weights.items():
            direction, memory[path] = rules[path].step(numbers, fixed, step + 1, weight, gradients[path], memory[path])
            rate = rates[path] if step >= constant_steps else jax.lax.stop_gradient(rates[path])
            moved[path] = weight - scale * rate * direction
        weights = moved
    return evaluate(spec, network, weights, state, *outer), weights | state


def problem(spec):
    """Everything that is drawn at random for a case."""
    random = np.random.default_rng(spec["seed"])
    network = network_of(spec)
    weights = draw_weights(spec, random)
    raw = draw_rates(spec, weights, random)
    leading = (spec["tasks"],) if "tasks" in spec else ()
    train = draw_data(spec, network, random, *leading, spec["steps"], spec["batch"])
    outer = draw_data(spec, network, random, *leading, spec.get("outer_batch", spec["batch"]))
    for shape, rate in network.masks if network else ():
        kept = random.random((*leading, spec["steps"], spec["batch"], *shape)) >= rate
        train += (kept.astype(np.float64),)
    numbers = {name: float(spec["optimizer"][name]) for name in RULES[spec["optimizer"]["name"]].numbers}
    return network, weights, raw, numbers, train, outer


def solve(spec):
    network, weights, raw, numbers, train, outer = problem(spec)
    tasks = spec.get("tasks")

    def objective(weights, raw, numbers):
        run = lambda train, outer: unroll(spec, network, weights, raw, numbers, train, outer)
        losses, final = jax.vmap(run)(train, outer) if tasks else run(train, outer)
        return jnp.mean(losses), (losses, final)

    differentiate = jax.jit(jax.value_and_grad(objective, argnums=(0, 1, 2), has_aux=True))
    (loss, (losses, final)), hypergradient = differentiate(weights, raw, numbers)

    names = ["inputs", "targets"] + [f"masks/{index}" for index in range(len(train) - 2)]
    contents = {"train": dict(zip(names, train)), "outer": dict(zip(names, outer))}
    contents |= {"initial": weights, "rates_raw": raw, "hyperparameters": numbers}
    contents |= {"expected": {"outer_loss": loss}, "expected/final": final}
    if tasks:
        contents["expected"]["task_losses"] = losses
    for name, gradient in zip(("initial", "rates_raw", "hyperparameters"), hypergradient):
        contents[f"expected/hypergradient/{name}"] = gradient
    return {f"{group}/{path}": np.asarray(v) for group, values in contents.items() for path, v in values.items()}


def write(spec, path):
    arrays = solve(spec)
    broken = [name for name, value in arrays.items() if not np.isfinite(value).all()]
    if broken:
        raise SystemExit(f"{spec['name']}: not finite: {broken}")
    with h5py.File(path, "w", libver=("v108", "v108")) as file:
        file["spec"] = np.frombuffer(json.dumps(spec).encode(), np.uint8)
        for name, value in arrays.items():
            file[name] = value
    print(f"{spec['name']}: outer loss {arrays['expected/outer_loss']:.9f}, {path.stat().st_size} bytes")


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    folder, names = pathlib.Path(sys.argv[2]), set(sys.argv[3:])
    folder.mkdir(parents=True, exist_ok=True)
    for spec in json.loads(pathlib.Path(sys.argv[1]).read_text()):
        if not names or spec["name"] in names:
            validate(spec)
            write(spec, folder / f"{spec['name']}.h5")


if __name__ == "__main__":
    main()
