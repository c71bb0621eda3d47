

# ---------------------------------------------------------------------------------------------
# optax

_TYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4"}


def read(path):
    """The metadata and the arrays of a safetensors file."""
    metadata, header, data = _parsed(path)
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[begin:end], _TYPES[entry["dtype"]]).reshape(entry["shape"])
    return metadata, arrays


def _paths(tree, names):
    """The names of a tree's leaves as the file has them, in the order of the leaves."""
    found = []
    for path, _ in jax.tree_util.tree_flatten_with_path(tree)[0]:
        parts = [str(getattr(key, "key", getattr(key, "name", getattr(key, "idx", key))))
                 for key in path]
        name = _translated("/".join(parts), names, "/")
        found.append(name[:-len("kernel")] + "weight" if name.endswith("/kernel") else name)
    return found


def load_weights(like, path="weights.safetensors", names=None):
    """A tree of the file's weights, of the form and types of another."""
    _, arrays = read(path)
    leaves, form = jax.tree_util.tree_flatten(like)
    paths = _paths(like, names)
    missing = [name for name in paths if name not in arrays]
    if missing:
        raise ValueError(f"{path} has nothing for {missing}, only {sorted(arrays)}; "
                         "names={...} says what parts are called in the file")
    for name, leaf in zip(paths, leaves):
        if arrays[name].shape != leaf.shape:
            raise ValueError(f"{path} has {name} of shape {arrays[name].shape}, not {leaf.shape}")
    return jax.tree_util.tree_unflatten(
        form, [jnp.asarray(arrays[name], leaf.dtype) for name, leaf in zip(paths, leaves)])


class LearnedRatesState(NamedTuple):
    """How many steps were made, and what is remembered of each tensor."""

    count: Any
    slots: Any


def learned_rates(path="rates.safetensors", names=None):
    """The optimizer that rates were learned for, with the learned rates.

    `path` is a file of `metarate export`; `names` says what leaves, or branches, of the parameters are
    called in the file. Beyond the steps that rates and schedule were learned for, their last values hold.
    """
    metadata, arrays = read(path)
    kind, n, transformations, description = _settings(metadata)
    formula, slot_names = _OPTIMIZERS[kind]
    hidden = _hidden(description)
    changes = description["changes_over_time"]

    def rates_of(params):
        rates = []
        for name, leaf in zip(_paths(params, names), jax.tree_util.tree_leaves(params)):
            if "rates/" + name not in arrays:
                known = [key[6:] for key in arrays if key.startswith("rates/")]
                raise ValueError(f"{path} has no rates for {name}, only for {known}; "
                                 "names={...} says what parts are called in the file")
            found = arrays["rates/" + name]
            shape = found.shape[1:] if changes else found.shape
            try:
                fits = np.broadcast_shapes(shape, leaf.shape) == leaf.shape
            except ValueError:
                fits = False
            if not fits:
                raise ValueError(f"{path} has rates of shape {shape} for {name}, "
                                 f"whose shape is {leaf.shape}")
            rates.append(found.astype(leaf.dtype))
        unused = {key[6:] for key in arrays if key.startswith("rates/")} - set(_paths(params, names))
        if unused:
            raise ValueError(f"{path} has rates for {sorted(unused)} too, which are not there")
        return rates

    def init(params):
        rates_of(params)
        leaves = jax.tree_util.tree_leaves(params)
        return LearnedRatesState(
            jnp.zeros([], jnp.int32),
            [{slot: jnp.zeros_like(leaf) for slot in slot_names} for leaf in leaves])

    def update(gradients, state, params=None):
        if params is None:
            raise ValueError("update needs the parameters: optimizer.update(gradients, state, params)")
        weights, form = jax.tree_util.tree_flatten(params)
        own = _transformed(jax.tree_util.tree_leaves(gradients), weights, transformations, jnp)
        t = state.count
        schedule = jnp.asarray(arrays["schedule"], weights[0].dtype)
        multiplier = schedule[jnp.minimum(t, len(schedule) - 1)]
        updates, slots = [], []
        for name, rate, g, w, before in zip(
                _paths(params, names), rates_of(params), own, weights, state.slots):
            direction, after = formula(g, w, before, n, t, jnp, hidden.get(name))
            row = jnp.asarray(rate)[jnp.minimum(t, len(rate) - 1)] if changes else rate
            updates.append(-multiplier * row * direction)
            slots.append(after)
        return jax.tree_util.tree_unflatten(form, updates), LearnedRatesState(t + 1, slots)

    return optax.GradientTransformation(init, update)
