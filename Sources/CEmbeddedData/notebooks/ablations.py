# %% [markdown]
# ## Side by side
#
# Mean test losses, and in how many repetitions the last arm of each was lower.
# %%
tables = {name: {key: curve["mean"][:, -1] for key, curve in found.curves.items()}
          for name, found in everything.items()}
keys = list(dict.fromkeys(key for table in tables.values() for key in table))
rows = []
for arm, horizon in keys:
    cells = []
    for table in tables.values():
        if (arm, horizon) not in table:
            cells.append("—")
            continue
        last = [name for name, at in table if at == horizon][-1]
        below = np.sum(table[last, horizon] < table[arm, horizon])
        note = "" if arm == last else f" ({below} of {len(table[arm, horizon])})"
        cells.append(f"{table[arm, horizon].mean():#.4g}{note}")
    rows.append([f"{arm}, {horizon} steps", *cells])
show_table(["rates", *tables], rows)
