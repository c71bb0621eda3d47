# %% [markdown]
# ## The files
#
# Every HDF5 file of a run says in `content_sha256` what it holds; here the hashes are computed again.
# %%
run = Run("{{PATH}}")
hashes = run.verify()
print(f"the contents of {len(hashes)} files are those that were saved")
for name, digest in hashes.items():
    print(f"  {digest[:16]}…  {name}")
# %% [markdown]
# ## What was learned
#
# Test runs with the rates that learning started from and with the learned ones, on the same initial weights,
# batches and examples. `learned − start` is the mean of their differences, run by run.
# %%
summary = run.summary
names = {"start": "initial", "learned": "learned"}
losses = {state: np.array(summary[name]["losses"], float) for state, name in names.items()}
show_table(["state", "test loss", "sd of runs", "accuracy"], [
    [state, f"{values.mean():#.4g}", f"{values.std(ddof=1):#.4g}" if len(values) > 1 else "—",
     f"{100 * np.mean(right):.2f} %" if (right := summary[names[state]].get("accuracies")) else "—"]
    for state, values in losses.items()])
differences = losses["learned"] - losses["start"]
print(f"\nlearned − start: {differences.mean():+#.4g}, below 0 in {np.sum(differences < 0)} of "
      f"{len(differences)} runs")
# %% [markdown]
# ## How it was learned
#
# The training objective is that of an outer step's runs before its update; the validation objective is of
# runs that are the same at every step. Row 0 is the state before learning.
# %%
history = run.trajectory
steps, scalars = history.outer_step, history.scalars
figure, axes = plt.subplots()
for name, style in (("objective", "-"), ("validation", "o-")):
    known = np.isfinite(scalars[name])
    if known.any():
        label = {"objective": "training runs", "validation": "validation runs"}[name]
        axes.plot(steps[known], scalars[name][known], style, markersize=3, linewidth=1.2, label=label)
axes.set(xlabel="outer step", ylabel="mean objective", title="Objective while learning")
axes.legend()
figure.tight_layout()
# %%
norms = scalars["hypergradient_norm"]
if np.isfinite(norms).any() and (norms[np.isfinite(norms)] > 0).any():
    figure, axes = plt.subplots(figsize=(8, 3))
    axes.plot(steps, norms, linewidth=1)
    by_logarithm(axes, "y")
    axes.set(xlabel="outer step", ylabel="Euclidean norm", title="Norm of the mean hypergradient")
    figure.tight_layout()
else:
    print("no hypergradient was recorded")
# %% [markdown]
# ## Test runs, step by step
#
# Means, and the range from the 10 % to the 90 % quantile of runs.
# %%
figure, axes = plt.subplots()
for name, curve in run.curves.items():
    at, losses = curve["evaluated_step"], curve["evaluation_loss"]
    low, high = np.quantile(losses, [0.1, 0.9], axis=0)
    line, = axes.plot(at, losses.mean(axis=0), label=f"{name}, {len(losses)} runs")
    axes.fill_between(at, low, high, color=line.get_color(), alpha=0.18, linewidth=0)
if all((curve["evaluation_loss"] > 0).all() for curve in run.curves.values()):
    by_logarithm(axes, "y")
axes.set(xlabel="inner step", ylabel="test loss", title="Losses of test runs")
axes.legend()
figure.tight_layout()
# %%
checkpoint = run.best
print(checkpoint)
