# ---------------------------------------------------------------------------------------------
# Formulas, for arrays of either framework: `xp` is torch or jax.numpy.
#
# A step is w <- w - schedule * rate * direction. Directions come of a gradient g, the weights w, what is
# remembered of them in `slots`, numbers n, how many steps came before, t, and whether the tensor is a hidden
# matrix.


def _root(v, n):
    return (v + n["epsilon_root"]) ** 0.5 + n["epsilon"]


def _sgd(g, w, slots, n, t, xp, hidden):
    return g, {}


def _momentum(g, w, slots, n, t, xp, hidden):
    velocity = n["momentum"] * slots["velocity"] + g
    return velocity, {"velocity": velocity}


def _nesterov(g, w, slots, n, t, xp, hidden):
    velocity = n["momentum"] * slots["velocity"] + g
    return g + n["momentum"] * velocity, {"velocity": velocity}


def _rmsprop(g, w, slots, n, t, xp, hidden):
    second = n["decay"] * slots["second_moment"] + (1 - n["decay"]) * g * g
    return g / _root(second, n), {"second_moment": second}


def _adagrad(g, w, slots, n, t, xp, hidden):
    squares = slots["sum_of_squares"] + g * g
    return g / _root(squares, n), {"sum_of_squares": squares}


def _moments(g, slots, n):
    return (n["beta1"] * slots["first_moment"] + (1 - n["beta1"]) * g,
            n["beta2"] * slots["second_moment"] + (1 - n["beta2"]) * g * g)


def _adam(g, w, slots, n, t, xp, hidden):
    first, second = _moments(g, slots, n)
    unbiased = first / (1 - n["beta1"] ** (t + 1)), second / (1 - n["beta2"] ** (t + 1))
    return unbiased[0] / _root(unbiased[1], n), {"first_moment": first, "second_moment": second}


def _adamw(g, w, slots, n, t, xp, hidden):
    direction, slots = _adam(g, w, slots, n, t, xp, hidden)
    return direction + n["weight_decay"] * w, slots


def _lamb(g, w, slots, n, t, xp, hidden):
    direction, slots = _adamw(g, w, slots, n, t, xp, hidden)
    weights, length = _norm([w], xp), _norm([direction], xp)
    scaled = weights * (direction / xp.where(length > 0, length, 1.0))
    return xp.where((weights > 0) & (length > 0), scaled, direction), slots


def _nadam(g, w, slots, n, t, xp, hidden):
    first, second = _moments(g, slots, n)
    ahead = (n["beta1"] * first / (1 - n["beta1"] ** (t + 2))
             + (1 - n["beta1"]) * g / (1 - n["beta1"] ** (t + 1)))
    unbiased = second / (1 - n["beta2"] ** (t + 1))
    return ahead / _root(unbiased, n), {"first_moment": first, "second_moment": second}


def _adabelief(g, w, slots, n, t, xp, hidden):
    first = n["beta1"] * slots["first_moment"] + (1 - n["beta1"]) * g
    second = (n["beta2"] * slots["second_moment"] + (1 - n["beta2"]) * (g - first) ** 2
              + n["epsilon_root"])
    unbiased = second / (1 - n["beta2"] ** (t + 1))
    direction = first / (1 - n["beta1"] ** (t + 1)) / (unbiased ** 0.5 + n["epsilon"])
    return direction, {"first_moment": first, "second_moment": second}


def _lion(g, w, slots, n, t, xp, hidden):
    first = slots["first_moment"]
    sign = xp.sign(n["beta1"] * first + (1 - n["beta1"]) * g)
    return (sign + n["weight_decay"] * w,
            {"first_moment": n["beta2"] * first + (1 - n["beta2"]) * g})


def _muon(g, w, slots, n, t, xp, hidden):
    if not hidden:
        return _adamw(g, w, slots, n, t, xp, hidden)
    first = n["momentum"] * slots["first_moment"] + (1 - n["momentum"]) * g
    ahead = n["momentum"] * first + (1 - n["momentum"]) * g
    # A matrix [outputs, inputs]; whoever has it the other way round gets the same, the other way round.
    is_first = hidden == "outputs first"
    outputs = g.shape[0] if is_first else g.shape[-1]
    x = ahead.reshape(outputs, -1) if is_first else ahead.reshape(-1, outputs).T
    inputs = x.shape[1]
    x = x.T if outputs > inputs else x
    length = _norm([x], xp)
    x = x / (xp.where(length > 0, length, 1.0) + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    x = x.T if outputs > inputs else x
    x = max(1.0, outputs / inputs) ** 0.5 * (x if is_first else x.T)
    return (x.reshape(g.shape) + n["weight_decay"] * w,
            {"first_moment": first, "second_moment": slots["second_moment"]})


_OPTIMIZERS = {
    "sgd": (_sgd, []),
    "momentum": (_momentum, ["velocity"]),
    "nesterov": (_nesterov, ["velocity"]),
    "rmsprop": (_rmsprop, ["second_moment"]),
    "adagrad": (_adagrad, ["sum_of_squares"]),
    "adam": (_adam, ["first_moment", "second_moment"]),
    "adamw": (_adamw, ["first_moment", "second_moment"]),
    "lamb": (_lamb, ["first_moment", "second_moment"]),
    "nadam": (_nadam, ["first_moment", "second_moment"]),
    "adabelief": (_adabelief, ["first_moment", "second_moment"]),
    "lion": (_lion, ["first_moment"]),
    "muon": (_muon, ["first_moment", "second_moment"]),
}


def _norm(arrays, xp):
    """The Euclidean norm over arrays; squares are of numbers over the greatest, so that none vanishes."""
    greatest = abs(arrays[0]).max()
    for array in arrays[1:]:
        greatest = xp.maximum(greatest, abs(array).max())
    # Less has few digits left, and counts as zero.
    kind = xp.finfo(arrays[0].dtype)
    counts = greatest > float(kind.tiny) / float(kind.eps)
    scale = xp.where(counts, greatest, 1.0)
    squares = sum(((array / scale) ** 2).sum() for array in arrays)
    return xp.where(counts, scale * squares ** 0.5, 0.0)


def _clipped(norm, limit, xp):
    return xp.where(norm > limit, limit / xp.where(norm > 0, norm, 1.0), 1.0)


def _transformed(gradients, weights, transformations, xp):
    """Gradients after what happens to them before the optimizer sees them, in order."""
    for kind, number in transformations:
        if kind == "globalNorm":
            factor = _clipped(_norm(gradients, xp), number, xp)
            gradients = [factor * g for g in gradients]
        elif kind == "tensorNorm":
            gradients = [_clipped(_norm([g], xp), number, xp) * g for g in gradients]
        elif kind == "value":
            gradients = [xp.where(abs(g) > number, xp.sign(g) * number, g) for g in gradients]
        elif kind == "normalize":
            norms = [_norm([g], xp) for g in gradients]
            gradients = [g / xp.where(norm > 0, norm, 1.0) for g, norm in zip(gradients, norms)]
        elif kind == "weightDecay":
            gradients = [g + number * w for g, w in zip(gradients, weights)]
        else:
            raise ValueError(f"this file does not know the gradient transformation {kind}")
    return gradients


def _settings(metadata):
    """The optimizer's word, its numbers, and the transformations with theirs."""
    description = json.loads(metadata["metarate"])
    if description.get("format") != "metarate-export" or description.get("version") != 1:
        raise ValueError("expected rates that `metarate export` wrote, format version 1")
    kind = description["optimizer"]["kind"]
    if kind not in _OPTIMIZERS:
        raise ValueError(f"this file does not know the optimizer {kind}")
    transformations = [(part["kind"], part.get("number")) for part in description["transformations"]]
    return kind, description["optimizer"]["numbers"], transformations, description


def _hidden(description):
    """Of each hidden matrix whether its outputs are the first axis or the last."""
    axes = description["axes"]
    return {name: "outputs first" if axes[name] and axes[name][0] in ("output", "target") else "outputs last"
            for name in description["hidden_matrices"]}


def _translated(name, names, separator):
    """A name as the file has it: `names` says what names, or beginnings of names, are there."""
    for own in sorted(names or {}, key=len, reverse=True):
        if name == own or name.startswith(own + separator):
            return names[own] + name[len(own):]
    return name


def _parsed(path):
    """The header of a safetensors file and the bytes behind it."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        return header.pop("__metadata__", {}), header, file.read()
