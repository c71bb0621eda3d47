"""How a hypergradient's time and memory grow with inner steps and with parameters.

    python scaling.py --metarate PATH [--output ../../results/scaling] [--rounds 1] [--workers 1]
                      [--most-steps 100000] [--most-hidden 3120]

Every point is a fresh process, `metarate hypergradient experiments/digits.yaml --measure estimator`
with one run, under each memory policy; of several rounds the fastest counts. One worker unless told
otherwise: how well a machine's cores share small kernels is not what is asked here. What would not fit in 4 GB is left out. Writes scaling.csv,
scaling.gp, scaling.svg, scaling.png and README.md with the exponents of least squares in log-log.
"""
import argparse
import csv
import json
import os
import shlex
import subprocess
import sys
import time
from math import log, sqrt
from pathlib import Path

from compare import busy_seconds, machine_line, own_seconds

HERE = Path(__file__).resolve().parent
CONFIGURATION = HERE.parent / "digits.yaml"
LARGEST_MB = 4096
HIDDEN = 64  # Of both hidden layers, as in the configuration.
FEW_STEPS = 20  # Of the sweep over parameters.
STEPS = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]
WIDTHS = [70, 160, 280, 520, 960, 1750, 3120]
# The same policies for both sweeps, but that 64 states of 20 steps would be all of them.
SWEEPS = {"steps": {"storeAll": "storeAll", "segments": "segments",
                    "binomial": "{kind: binomial, snapshots: 64}"},
          "parameters": {"storeAll": "storeAll", "segments": "segments",
                         "binomial": "{kind: binomial, snapshots: 4}"}}
COLUMNS = ["sweep", "policy", "steps", "parameters", "seconds", "peak_mb", "planned_mb", "others"]
COLORS = {"storeAll": "#0072b2", "segments": "#d55e00", "binomial": "#009e73"}


def plural(count, noun):
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def parameters(hidden):
    """Weights and biases of 64-hidden-hidden-10."""
    return 65 * hidden + (hidden + 1) * hidden + (hidden + 1) * 10


def command(metarate, memory, steps, hidden):
    return [metarate, "hypergradient", str(CONFIGURATION), "--measure", "estimator",
            f"inner.steps={steps}", f"model.hidden=[{hidden}, {hidden}]", "outer.tasks=1",
            f"hypergradient.memory={memory}", "rates.granularity=parameter", "rates.time=constant",
            "rates.terms=base"]


def measure(words, arguments):
    """(seconds, peak − idle in MB, planned MB, cores that others kept busy) of one process."""
    wall, foreign = time.monotonic(), busy_seconds() - own_seconds()
    done = subprocess.run(words, capture_output=True, text=True, timeout=arguments.timeout,
                          env={**os.environ, "METARATE_WORKERS": str(arguments.workers)})
    others = (busy_seconds() - own_seconds() - foreign) / (time.monotonic() - wall)
    if done.returncode:
        sys.exit(f"{shlex.join(words)}\nexit {done.returncode}: {done.stderr.strip()}")
    line = json.loads(done.stdout)
    return (line["seconds"], line["residentMegabytes"], line["plannedBytes"] / 2**20,
            max(others, 0.0))


def sweep(name, policy, memory, points, arguments):
    """A row a point, smallest first, until one would not fit."""
    rows, last = [], None
    for steps, hidden in points:
        size = steps if name == "steps" else parameters(hidden)
        # Memory grows in proportion to the size at most.
        if last and last[1] * size / last[0] > LARGEST_MB:
            print(f"{name} {policy} {size}: left out, more than {LARGEST_MB} MB", file=sys.stderr)
            break
        words = command(arguments.metarate, memory, steps, hidden)
        seconds, peak, planned, others = min(
            measure(words, arguments) for _ in range(arguments.rounds))
        last = (size, planned)
        rows.append(dict(zip(COLUMNS, (
            name, policy, steps, parameters(hidden), round(seconds, 6), round(peak, 1),
            round(planned, 3), round(others, 2)))))
        print(*rows[-1].values(), file=sys.stderr, flush=True)
    return rows


def fit(points):
    """Slope of least squares in log-log and its standard error; None for fewer than three points."""
    points = [(log(x), log(y)) for x, y in points if y > 0]
    if len(points) < 3:
        return None
    (xs, ys), n = zip(*points), len(points)
    mx, my = sum(xs) / n, sum(ys) / n
    sxx = sum((x - mx) ** 2 for x in xs)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sxx
    rest = sum((y - my - slope * (x - mx)) ** 2 for x, y in zip(xs, ys))
    return slope, sqrt(rest / (n - 2) / sxx)


def last_decade(points):
    """Slope from the point that is nearest to a tenth of the largest to the largest."""
    (x, y), rest = points[-1], points[:-1]
    x0, y0 = min(rest, key=lambda p: abs(log(p[0] * 10 / x)))
    return log(y / y0) / log(x / x0) if y > 0 and y0 > 0 else None


def exponent_rows(rows):
    """A line of the README for each sweep, policy and quantity."""
    for name, policies in SWEEPS.items():
        for policy in policies:
            chosen = [r for r in rows if r["sweep"] == name and r["policy"] == policy]
            for quantity in ("seconds", "peak_mb", "planned_mb"):
                points = [(r[name], r[quantity]) for r in chosen]
                fitted = fit(points)
                late = last_decade(points) if len(points) > 1 else None
                yield [name, policy, quantity, str(len(points)),
                       f"{points[0][0]}–{points[-1][0]}" if points else "–",
                       f"{fitted[0]:.3f} ± {fitted[1]:.3f}" if fitted else "–",
                       "–" if late is None else f"{late:.2f}"]


def readme(rows, arguments):
    head = ["over", "policy", "quantity", "points", "range", "exponent ± standard error",
            "last decade"]
    lines = [head, ["---"] * 3 + ["---:"] * 4, *exponent_rows(rows)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    example = shlex.join(["metarate", *command("metarate", "segments", 1000, HIDDEN)[1:]])
    example = example.replace(str(CONFIGURATION), "experiments/digits.yaml")
    return f"""# Scaling

How one exact hypergradient of `experiments/digits.yaml` (momentum, batches of 64, one rate a
parameter, single precision, one run) grows with inner steps (network 64-{HIDDEN}-{HIDDEN}-10,
{parameters(HIDDEN)} parameters) and with parameters (64-h-h-10, {FEW_STEPS} steps), by the memory
policy of the reverse sweep; `binomial` keeps 64 states over steps and 4 over parameters. Exponents are
slopes of least squares in log-log over all points; *last decade* is the slope over the largest
tenfold. `seconds` is the median of a few hypergradients; `peak_mb` the most resident memory above
that of the process with its data; `planned_mb` what the plan needs besides arguments and results, to
the byte. What would need more than {LARGEST_MB} MB is left out. In `scaling.csv`, *others* is how many
cores other processes kept busy meanwhile: well above 0, a time is not to be trusted.

{table}

![time and memory](scaling.svg)

{machine_line(arguments.metarate).split("; Python")[0]}; {plural(arguments.workers, "worker")}, {plural(arguments.rounds, "round")}.

```sh
python3 experiments/peers/scaling.py --metarate .build/release/metarate --workers {arguments.workers} --rounds {arguments.rounds}
METARATE_WORKERS={arguments.workers} {example}      # one point
```
"""


def script():
    """gnuplot's, in the look of the project's figures."""
    def panel(name, column, title, label):
        x = "inner steps" if name == "steps" else "parameters"
        curves = ", \\\n  ".join(
            f"'scaling.csv' using (strcol(1) eq '{name}' && strcol(2) eq '{policy}' ? "
            f"column('{name}') : NaN):(column('{column}')) with linespoints "
            f"linewidth 2 pointtype 7 pointsize 0.7 linecolor rgb '{color}' title '{policy}'"
            for policy, color in COLORS.items())
        return (f"set title '{title}'\nset xlabel '{x}'\nset ylabel '{label}'\nplot {curves}\n")
    head = """# Draws scaling.csv; run `gnuplot scaling.gp` in this folder.
set encoding utf8
set datafile separator ','
set datafile columnheaders
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key top left reverse Left noenhanced samplen 2.2 textcolor rgb '#222222'
set logscale xy
set format '10^{%T}'
"""
    panels = (panel("steps", "seconds", "Time over inner steps", "seconds")
              + panel("steps", "peak_mb", "Memory over inner steps", "peak − idle, MB")
              + panel("parameters", "seconds", "Time over parameters", "seconds")
              + panel("parameters", "peak_mb", "Memory over parameters", "peak − idle, MB"))
    out = head
    for terminal, name in (("svg size 900,700 dynamic background rgb 'white' font 'sans,14'", "svg"),
                           ("pngcairo size 900,700 font 'sans,11'", "png")):
        out += f"set terminal {terminal}\nset output 'scaling.{name}'\nset multiplot layout 2,2\n"
        out += panels + "unset multiplot\n"
    return out + "set output\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--metarate", required=True, help="the release build of the command")
    parser.add_argument("--output", type=Path, default=HERE.parent.parent / "results" / "scaling")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--most-steps", type=int, default=STEPS[-1])
    parser.add_argument("--most-hidden", type=int, default=WIDTHS[-1])
    parser.add_argument("--timeout", type=float, default=280, help="seconds a process may take")
    arguments = parser.parse_args()
    points = {"steps": [(n, HIDDEN) for n in STEPS if n <= arguments.most_steps],
              "parameters": [(FEW_STEPS, h) for h in WIDTHS if h <= arguments.most_hidden]}
    rows = [row for name, policies in SWEEPS.items() for policy, memory in policies.items()
            for row in sweep(name, policy, memory, points[name], arguments)]
    arguments.output.mkdir(parents=True, exist_ok=True)
    with open(arguments.output / "scaling.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (arguments.output / "scaling.gp").write_text(script())
    (arguments.output / "README.md").write_text(readme(rows, arguments))
    try:
        subprocess.run(["gnuplot", "-d", "scaling.gp"], cwd=arguments.output, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"the figure was not drawn: {error}")


if __name__ == "__main__":
    main()
