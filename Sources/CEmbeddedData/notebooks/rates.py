# %% [markdown]
# ## Rates by tensor
#
# Effective rates: what the inner optimizer's direction is multiplied by. Where they change over time, a
# parameter counts with the geometric mean over time. Rates that are not above 0 have no logarithm; they are
# counted and left out of what follows.
# %%
rates, started, names = checkpoint.rates, checkpoint.initial_rates, checkpoint.names
shapes = {name: weights.shape for name, weights in checkpoint.tensors("model", names).items()}


def logarithms(values, shape):
    """The mean logarithm over time of each parameter's rate; NaN where one is not above 0."""
    values = values.reshape((-1,) + shape).astype(np.float64)
    positive = (values > 0).all(axis=0)
    return np.log(np.where(positive, values, 1)).mean(axis=0) + np.where(positive, 0, np.nan)


log_rates = {name: logarithms(rates[name], shapes[name]) for name in names}
log_start = {name: logarithms(started[name], shapes[name]) for name in names}
rows = []
for name in names:
    known = log_rates[name][np.isfinite(log_rates[name])]
    before = log_start[name][np.isfinite(log_start[name])]
    quantiles = np.exp(np.quantile(known, [0.05, 0.5, 0.95])) if len(known) else [np.nan] * 3
    rows.append([name, "×".join(map(str, shapes[name])), log_rates[name].size - len(known),
                 f"{np.exp(np.median(before)):#.4g}" if len(before) else "—",
                 *(f"{quantile:#.4g}" for quantile in quantiles)])
show_table(["tensor", "shape", "not above 0", "start", "5 %", "median", "95 %"], rows)
# %%
figure, axes = plt.subplots(figsize=(8, 1.2 + 0.45 * len(names)))
for row, name in enumerate(names):
    known = log_rates[name][np.isfinite(log_rates[name])]
    before = log_start[name][np.isfinite(log_start[name])]
    if len(known):
        q = np.exp(np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95]))
        axes.plot(q[[0, 4]], [row, row], color="#a6cbe3", linewidth=7, solid_capstyle="butt")
        axes.plot(q[[1, 3]], [row, row], color=COLORS[0], linewidth=11, solid_capstyle="butt")
        axes.plot(q[[2, 2]], [row - 0.3, row + 0.3], color="black", linewidth=2)
    if len(before):
        axes.plot(np.exp([np.median(before)] * 2), [row - 0.4, row + 0.4], "--", color=COLORS[1])
axes.set_yticks(range(len(names)), names)
axes.invert_yaxis()
by_logarithm(axes, "x")
axes.set(xlabel="rate", title="Rates: 5–95 %, 25–75 %, median; dashed: median of the start")
axes.grid(axis="y", visible=False)
figure.tight_layout()
# %% [markdown]
# ## Rates over time
# %%
changing = {name: values for name, values in rates.items() if values.ndim > len(shapes[name])}
if changing:
    count = len(next(iter(changing.values())))
    time = checkpoint.configuration["rates"]["time"]
    steps = checkpoint.configuration["inner"]["steps"]
    are_knots = isinstance(time, dict) and time["kind"] == "knots" and count == time["count"]
    at = np.linspace(0, steps - 1, count) if are_knots else np.arange(count) * steps / count
    figure, axes = plt.subplots()
    for name, values in changing.items():
        values = values.reshape(count, -1).astype(np.float64)
        middle = np.median(values, axis=1)
        line, = axes.plot(at, middle, "o-" if are_knots else "-", markersize=4, label=name)
        low, high = np.quantile(values, [0.05, 0.95], axis=1)
        axes.fill_between(at, low, high, color=line.get_color(), alpha=0.15, linewidth=0)
    if all((values > 0).all() for values in changing.values()):
        by_logarithm(axes, "y")
    axes.set(xlabel="inner step", ylabel="rate",
             title="Rates over inner steps: median and 5–95 % of each tensor"
             + (", at the knots" if are_knots else ""))
    axes.legend(fontsize="small")
    figure.tight_layout()
else:
    print("rates do not change over time")
# %% [markdown]
# ## What tells rates apart
#
# The share of the variance of log rates that coarser rates would have, R², and what as many numbers would
# explain of noise. A layer factor is `base · factor^index`, where the index counts layers or tensors from 0.
# %%
flat = np.concatenate([log_rates[name].ravel() for name in names])
known = np.isfinite(flat)
layers = list(dict.fromkeys(name.split("/")[0] for name in names))


def groups(key):
    """The group of each parameter: key(name, index) of its tensor and of its place there, by axes."""
    parts = []
    for name in names:
        shape = shapes[name]
        place = np.indices(shape) if shape else np.zeros((0,))
        parts.append(np.broadcast_to(key(name, place, len(shape)), shape).ravel())
    return np.unique(np.concatenate(parts)[known], return_inverse=True)[1]


def indices(index):
    """The index of each parameter's tensor."""
    return np.concatenate([np.full(log_rates[name].size, index(name)) for name in names])[known]


def tensor_and(name, number):
    return names.index(name) * 10**9 + number


numbers = {
    # The indices themselves, also where a layer has no rate that counts.
    "layer factor by layer": indices(lambda name: layers.index(name.split("/")[0])),
    "layer factor by tensor": indices(names.index),
    "layer": groups(lambda name, *_: layers.index(name.split("/")[0])),
    "tensor": groups(lambda name, *_: names.index(name)),
    "input unit": groups(lambda name, at, axes: tensor_and(name, at[-2] if axes > 1 else 0)),
    "output unit": groups(lambda name, at, axes: tensor_and(name, at[-1] if axes else 0)),
}
orbits = checkpoint.orbits
if orbits:
    numbers["orbit"] = groups(lambda name, *_: tensor_and(name, orbits[name]))
values = flat[known]
spread = ((values - values.mean()) ** 2).sum() if len(values) else 0
# Numbers that differ by rounding alone are equal.
if not len(values):
    print("no rate is above 0: none has a logarithm")
elif spread <= len(values) * (1e-7 * np.abs(values).max(initial=0)) ** 2:
    print("all rates are equal: there is no variance to explain")
else:
    rows = []
    for name, group in numbers.items():
        if name.startswith("layer factor"):
            varies = group.min() < group.max()
            slope, intercept = np.polyfit(group, values, 1) if varies else (0.0, values.mean())
            fitted, count = intercept + slope * group, 2 if varies else 1
            note = f"{np.exp(intercept):#.4g} · {np.exp(slope):#.4g}^index"
        else:
            fitted = (np.bincount(group, values) / np.bincount(group))[group]
            count, note = group.max() + 1, ""
        share = 1 - ((values - fitted) ** 2).sum() / spread
        rows.append([name, count, f"{100 * share:.1f} %",
                     f"{100 * (count - 1) / max(1, len(values) - 1):.1f} %", note])
    show_table(["rates", "numbers", "explained", "of noise", "best fit"], rows)
    print(f"\n{len(values)} of {len(flat)} rates; standard deviation of their logarithms "
          f"{values.std(ddof=1) if len(values) > 1 else 0:.3g}")
    if not orbits:
        print("the file has no orbits: no term of its rates is of them")
# %% [markdown]
# ## Rates beside weights
#
# Rows are inputs and columns outputs. Weights are those that the file keeps: its attribute says whose.
# %%
weights = checkpoint.tensors("model", names)
matrices = [name for name in names if len(shapes[name]) == 2 and min(shapes[name]) > 1
            and np.isfinite(log_rates[name]).any()]
if not matrices:
    print("no tensor of two axes has rates above 0")
for name in matrices[:4]:
    rows, columns = shapes[name]
    figure, axes = plt.subplots(1, 2, figsize=(9, min(7, max(2.6, 0.6 + 3.6 * rows / columns))))
    # From one end of the rates to the other where they differ, else around the one that there is.
    shown = np.exp(log_rates[name])
    low, high = np.nanmin(shown), np.nanmax(shown)
    norm = plt.matplotlib.colors.LogNorm(low, high) if high > low * (1 + 1e-6) else None
    image = axes[0].imshow(shown, aspect="auto", norm=norm, interpolation="nearest")
    figure.colorbar(image, ax=axes[0])
    axes[0].set(title=f"{name}: rates", xlabel="output", ylabel="input")
    reach = np.abs(weights[name]).max() or 1
    image = axes[1].imshow(weights[name], aspect="auto", cmap="RdBu_r", vmin=-reach, vmax=reach,
                           interpolation="nearest")
    figure.colorbar(image, ax=axes[1])
    axes[1].set(title=f"weights, {checkpoint.weights_of}", xlabel="output")
    for axis in axes:
        axis.grid(False)
    figure.tight_layout()
# %% [markdown]
# ## Rates by input
#
# Geometric means over outputs of the first matrix's rates, as a square where the number of inputs is one.
# %%
side = math.isqrt(shapes[matrices[0]][0]) if matrices else 0
if side > 2 and side**2 == shapes[matrices[0]][0]:
    known = np.isfinite(log_rates[matrices[0]])
    counts = known.sum(axis=1)
    sums = np.where(known, log_rates[matrices[0]], 0).sum(axis=1)
    means = np.exp(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)).reshape(side, side)
    figure, axes = plt.subplots(figsize=(4.6, 3.8))
    image = axes.imshow(means, interpolation="nearest")
    figure.colorbar(image, ax=axes, label="rate")
    axes.set(title=f"{matrices[0]}: rates by input")
    axes.grid(False)
    figure.tight_layout()
else:
    print("inputs of the first matrix that is shown, if any is, are no square")
