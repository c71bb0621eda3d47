"""Write golden hypergradient cases for the optimizers adagrad, adabelief, nadam, lion and muon.

    python make_cases.py specs.json cases [NAME ...]

needs jax, numpy and h5py. One HDF5 file is written for each entry of the specification (or only for
those named). An unroll of the inner loop is differentiated as a whole, in reverse mode and in double
precision, so that each expected hypergradient is exact up to rounding. README.md states the file
layout and the formulas; check_cases.py recomputes everything without automatic differentiation.
"""

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

jax.config.update("jax_enable_x64", True)


# ---------------------------------------------------------------------------------------------
# Specifications

REQUIRED = {"name", "seed", "model", "loss", "optimizer", "steps", "batch", "rate_range"}
OPTIONAL = {"activation", "schedule", "granularity", "parameterization", "maximum", "tasks", "truncate", "first_order"}
OPTIONAL |= {"knots", "window", "offsets"}
BY_MODEL = {"mlp": {"sizes"}, "conv": {"channels", "image", "filters", "classes"}}


def validate(spec):
    wanted = REQUIRED | BY_MODEL[spec["model"]]
    missing, unknown = wanted - spec.keys(), spec.keys() - wanted - OPTIONAL
    if missing or unknown:
        raise SystemExit(f"{spec.get('name')}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    given = spec["optimizer"].keys() - {"name", "epsilon", "epsilon_root", "clip_global_norm", "clip_value"}
    if given != set(RULES[spec["optimizer"]["name"]].numbers):
        raise SystemExit(f"{spec['name']}: the optimizer's numbers are {sorted(given)}")


# ---------------------------------------------------------------------------------------------
# Models: a flat dictionary "layer/tensor" -> array, in the order of the layers

ACTIVATIONS = {
    "tanh": jnp.tanh,
    "relu": lambda x: jnp.where(x > 0, x, 0.0),
    "sigmoid": jax.nn.sigmoid,
    "softplus": lambda x: jnp.logaddexp(x, 0.0),
    "gelu": lambda x: 0.5 * x * (1 + jnp.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
}


def draw_weights(spec, random):
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


def evaluate(spec, weights, inputs, targets):
    outputs = predict(spec, weights, inputs)
    if spec["loss"] == "mse":
        return jnp.square(outputs - targets).mean()
    return -jax.nn.log_softmax(outputs)[jnp.arange(len(targets)), targets].mean()


# ---------------------------------------------------------------------------------------------
# Optimizers. A rule works on one tensor: from the gradient and its memory it makes the direction d
# of θ ← θ − s·α⊙d. `count` is 1 at the first step; `n` has the differentiable numbers by name.

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


def rate_key(granularity, path):
    return {"layer": path.split("/")[0], "global": "all"}.get(granularity, path)


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
        granularity = term.get("granularity", "parameter")
        for path in weights:
            key = prefix + rate_key(granularity, path)
            if key not in raw:
                shape = rows_of(spec, term) + rate_shape(spec, granularity, path, weights)
                if prefix:
                    raw[key] = 0.3 * random.standard_normal(shape)
                else:
                    raw[key] = positive_map(spec)[1](np.exp(random.uniform(low, high, shape)))
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
        total = 0.0
        for prefix, term in terms_of(spec):
            granularity = term.get("granularity", "parameter")
            numbers = at_step(spec, term, raw[prefix + rate_key(granularity, path)], step)
            total = total + spread(spec, granularity, path, numbers, weights)
        rates[path] = to_rate(total)
    return rates


# ---------------------------------------------------------------------------------------------
# The unroll

def draw_data(spec, random, *leading):
    shape = (*leading, spec["batch"])
    if spec["model"] == "mlp":
        inputs, outputs = random.standard_normal((*shape, spec["sizes"][0])), spec["sizes"][-1]
    else:
        image = (spec["image"], spec["image"], spec["channels"])
        inputs, outputs = random.standard_normal((*shape, *image)), spec["classes"]
    if spec["loss"] == "mse":
        return inputs, random.standard_normal((*shape, outputs))
    return inputs, random.integers(0, outputs, shape).astype(np.int32)


def unroll(spec, weights, raw, numbers, train, outer):
    options = spec["optimizer"]
    rule = RULES[options["name"]]
    fixed = Fixed(options.get("epsilon", 1e-8), options.get("epsilon_root", 1e-8))
    special = hidden_matrices(weights) if rule.hidden else set()
    rules = {path: rule.hidden if path in special else rule for path in weights}
    memory = {path: {slot: jnp.zeros(w.shape) for slot in rules[path].memory} for path, w in weights.items()}
    constant_steps = max(0, spec["steps"] - spec.get("truncate", spec["steps"]))

    for step in range(spec["steps"]):
        if step == constant_steps:
            if constant_steps:
                weights, memory = jax.lax.stop_gradient((weights, memory))
        gradients = jax.grad(lambda w: evaluate(spec, w, train[0][step], train[1][step]))(weights)
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
    return evaluate(spec, weights, *outer), weights


def problem(spec):
    """Everything that is drawn at random for a case."""
    random = np.random.default_rng(spec["seed"])
    weights = draw_weights(spec, random)
    raw = draw_rates(spec, weights, random)
    leading = (spec["tasks"],) if "tasks" in spec else ()
    train = draw_data(spec, random, *leading, spec["steps"])
    outer = draw_data(spec, random, *leading)
    numbers = {name: float(spec["optimizer"][name]) for name in RULES[spec["optimizer"]["name"]].numbers}
    return weights, raw, numbers, train, outer


def solve(spec):
    weights, raw, numbers, train, outer = problem(spec)
    tasks = spec.get("tasks")

    def objective(weights, raw, numbers):
        run = lambda train, outer: unroll(spec, weights, raw, numbers, train, outer)
        losses, final = jax.vmap(run)(train, outer) if tasks else run(train, outer)
        return jnp.mean(losses), (losses, final)

    differentiate = jax.jit(jax.value_and_grad(objective, argnums=(0, 1, 2), has_aux=True))
    (loss, (losses, final)), hypergradient = differentiate(weights, raw, numbers)

    contents = {"train": dict(zip(("inputs", "targets"), train)), "outer": dict(zip(("inputs", "targets"), outer))}
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
