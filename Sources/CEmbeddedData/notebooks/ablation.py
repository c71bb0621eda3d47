# %% [markdown]
# ## {{NAME}}
#
# {{ABOUT}}
# %%
name = "{{NAME}}"
found = everything[name] = ablation("{{PATH}}")
show_ablation(found)
# %%
draw_repetitions(found, name)
# %%
figure, axes = plt.subplots()
for (arm, horizon), curve in list(found.curves.items())[::-1][:6]:
    at, mean = curve["evaluated_step"], curve["mean"].mean(axis=0)
    axes.plot(at, mean, label=plain(f"{arm}, {horizon} steps"))
if all((curve["mean"] > 0).all() for curve in found.curves.values()):
    by_logarithm(axes, "y")
axes.set(xlabel="inner step", ylabel="mean test loss",
         title=plain(name) + f": losses on the way" + (", the last 6 of the table" if len(found.curves) > 6 else ""))
axes.legend(fontsize="small")
figure.tight_layout()
