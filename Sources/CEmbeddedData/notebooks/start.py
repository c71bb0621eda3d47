# %%
import math
import sys

import matplotlib.pyplot as plt
import numpy as np

sys.path.insert(0, ".")  # metarate_files.py lies beside this notebook; it needs h5py and NumPy
from metarate_files import Checkpoint, Run, ablation

# Colors that everybody can tell apart (Okabe and Ito 2008).
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442"]
plt.rcParams.update({
    "figure.figsize": (8, 4.2), "figure.dpi": 110, "axes.grid": True, "grid.alpha": 0.3,
    "axes.prop_cycle": plt.cycler(color=COLORS), "legend.frameon": False,
    "axes.spines.top": False, "axes.spines.right": False, "image.cmap": "viridis",
})


def plain(text):
    """A name as matplotlib shows it: a dollar begins no formula."""
    return text.replace("$", r"\$")


def by_logarithm(axes, which):
    """Logarithms on the x or y axis, with no more labels than fit side by side."""
    getattr(axes, f"set_{which}scale")("log")
    low, high = getattr(axes, f"get_{which}lim")()
    axis, ticker = getattr(axes, f"{which}axis"), plt.matplotlib.ticker
    if not 0 < low < high:
        return
    decades = math.log10(high / low)
    if decades < 0.8:
        axis.set_major_locator(ticker.MaxNLocator(4))
    else:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5) if decades < 3 else (1,), numticks=9))
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(ticker.NullFormatter())


def show_table(head, rows):
    """Prints a table; all but the first column are flush right."""
    table = [list(map(str, row)) for row in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*table)]
    for index, (first, *rest) in enumerate(table):
        cells = [first.ljust(widths[0])] + [cell.rjust(n) for cell, n in zip(rest, widths[1:])]
        print("  ".join(cells).rstrip())
        if index == 0:
            print("  ".join("-" * width for width in widths))
