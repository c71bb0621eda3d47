"""Checks that numbers in the documentation are those of the files that commands wrote.

usage: numbers.py METARATE
"""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys

PACKAGE = pathlib.Path(__file__).resolve().parents[3]
faults = []
checked = []


def text(path):
    return (PACKAGE / path).read_text()


def expect(what, holds, advice):
    checked.append(what)
    if not holds:
        faults.append(f"{what}: {advice}")


def rows(page, heading):
    """The cells of the Markdown table whose heading row begins with some text."""
    lines = page.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(heading))
    table = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip().strip("*") for cell in line.strip("|").split("|")])
    return table[:1] + table[2:]


readme = text("README.md")
prose = " ".join(readme.split())

# The version.
provenance = text(next(
    p.relative_to(PACKAGE) for p in (PACKAGE / "Sources").rglob("Provenance.swift")))
version = re.search(r'static let version = "(.*?)"', provenance)[1]
printed = subprocess.run([sys.argv[1], "--version"], capture_output=True, text=True).stdout
citation = dict(re.findall(r'^(version|date-released): "?([^"\n]*)"?$', text("CITATION.cff"), re.M))
release = re.search(r"^## (\S+) \((.*?)\)$", text("CHANGELOG.md"), re.M)
expect("the version", printed.split()[-1] == version == citation["version"] == release[1],
       f"Provenance.version is {version}, the command prints {printed.strip()}, CITATION.cff has "
       f"{citation['version']} and the changelog begins with {release[1]}")
expect("the date of the release", citation["date-released"] == release[2],
       f"CITATION.cff has {citation['date-released']}, the changelog {release[2]}")

# The ablation: rows of the file that the command wrote, in the columns that the README shows.
ablation = text("results/ablation-digits/ablation.md")
for heading in ["| rates ", "| paired difference "]:
    ours, theirs = rows(readme, heading), rows(ablation, heading)
    # The first of columns that share a name; those are in the order of the file.
    columns = [theirs[0].index(name) for name in ours[0]]
    cut = [[row[i] for i in columns] for row in theirs]
    expect(f"the ablation's table of {heading[2:]}",
           len(ours) > 2 and all(row in cut for row in ours),
           "README.md has rows that results/ablation-digits/ablation.md does not")

# What the text says of all of its comparisons.
differences = rows(ablation, "| paired difference ")
verdict = differences[0].index("verdict")
found = {}
for row in differences[1:]:
    found.setdefault(row[verdict], []).append(row[0].split(" − ")[1])
for word in ("lower", "higher"):
    sentence = f"- {word} than: {'; '.join(found.get(word, []))}\n"
    expect(f"what is {word}", (sentence in readme) == (word in found), f"expected {sentence}")
undecided = f"- undecided: the other {len(found['undecided'])}\n"
expect("how many are undecided", undecided in readme, f"expected {undecided}")
repetitions = re.search(r"^(\d+) repetitions", ablation, re.M)[1]
expect("the number of repetitions", f"chosen and tested {repetitions} times" in prose,
       f"there are {repetitions}")

# Schedules and sinusoids: in how many repetitions the last arm is lower.
schedules = rows(text("results/ablation-scheduler/ablation.md"), "| paired difference ")
wins = {row[schedules[0].index("lower in")] for row in schedules[1:]}
means = [float(row[1]) for row in
         rows(text("results/ablation-scheduler/ablation.md"), "| rates ")[1:]]
expect("the schedules", wins == {"5 of 5"} and min(means) == means[-1]
       and "lower in 5 of 5 repetitions than each of the others" in prose
       and len(schedules) - 2 == 11 and "Of twelve schedules" in prose, f"found {wins}, {means}")
for shots in (5, 10):
    table = rows(text(f"results/ablation-sinusoid/{shots}-shot/ablation.md"), "| paired difference ")
    won = table[1][table[0].index("lower in")]
    expect(f"sinusoids of {shots} points",
           table[1][table[0].index("verdict")] == "lower"
           and f"below MAML at its tuned rate in {won} repetitions" in prose, f"found {table[1]}")
    means = [row[1] for row in
             rows(text(f"results/ablation-sinusoid/{shots}-shot/ablation.md"), "| rates ")[1:]]
    expect(f"the errors on sinusoids of {shots} points",
           f"of {means[1]} beside {means[0]}" in text("experiments/README.md"), f"found {means}")

# Terms: rows of mean losses, and what the text says of them.
shown = ["tuned uniform", "tuned layer-factor by tensor", "learned per tensor",
         "learned per orbit of fresh weights", "learned per parameter",
         "learned per parameter, orbit means", "pooled", "learned per tensor and 5 knots",
         "tensors by 5 knots, pooled with parameters"]
terms, loss, verdicts = {}, {}, {}
for folder in sorted((PACKAGE / "results/ablation-terms").glob("*-f*")):
    data, weights = folder.name.split("-")
    page = text(f"results/ablation-terms/{folder.name}/ablation.md")
    terms[folder.name] = {row[0]: row[1] for row in rows(page, "| rates ")[1:]}
    loss[folder.name] = {arm: float(mean) for arm, mean in terms[folder.name].items()}
    table = rows(page, "| paired difference ")
    column = table[0].index("verdict")
    verdicts[folder.name] = {row[0].split(" − ")[1]: row[column] for row in table[1:]}
    row = f"| {data}, {weights} | " + " | ".join(terms[folder.name][arm] for arm in shown) + " |"
    expect(f"terms of {data} with {weights} weights", row in readme, f"expected {row}")
for data in ("digits", "teacher", "mnist"):
    fresh, fixed = loss[f"{data}-fresh"], loss[f"{data}-fixed"]
    expect(f"what is said of terms on {data}",
           fresh["learned per parameter"] >= fresh["learned per orbit of fresh weights"]
           and fixed["learned per parameter, orbit means"] > 1.1 * fixed["learned per parameter"]
           and fixed["learned per parameter"] < 0.9 * fixed["tuned layer-factor by tensor"]
           and "knots" in min(fresh, key=fresh.get)
           and all(w[shown[-1]] < mean for w in (fresh, fixed)
                   for arm, mean in w.items() if arm.startswith("tuned"))
           and all(w["learned per parameter, shrunk by a step's signal"]
                   > w["learned per parameter, shrunk by signal"] for w in (fresh, fixed)),
           f"{fresh} {fixed}")
    for kind in ("tensor", "layer"):
        arm = f"tuned layer-factor by {kind}"
        expect(f"what is said of orbits on {data} beside the {arm}",
               verdicts[f"{data}-fresh"][arm] == ("undecided" if data == "digits" else "lower"),
               f"{verdicts[f'{data}-fresh']}")
expect("what parameters lose with their places",
       f"on the digits {terms['digits-fixed']['learned per parameter']} becomes "
       f"{terms['digits-fixed']['learned per parameter, orbit means']}" in prose,
       f"{terms['digits-fixed']}")
best = terms["digits-fixed"]
expect("what the experiments say of terms",
       f"({best['learned per parameter']} on the digits, beside "
       f"{best['tuned layer-factor by tensor']} of tuned layer factors)"
       in text("experiments/README.md"), f"{best}")

# The digits' run.
summary = json.loads(text("results/digits/summary.json"))
means = [f"{sum(summary[state]['losses']) / len(summary[state]['losses']):.4g}"
         for state in ("learned", "initial")]
expect("the losses of the digits' run", f"{means[0]} beside {means[1]}" in text("experiments/README.md"),
       f"found {means}")

# Horizons: a line of the README for each.
for data in ("digits", "mnist"):
    page = text(f"results/horizons/{data}/ablation.md")
    table = rows(page, "| paired difference by horizon ")
    for column, steps in enumerate(table[0][1:], 1):
        said = {}
        for row in table[1:]:
            said.setdefault(row[column].split(", ")[1], []).append(row[0].split(" − ")[1])
        line = f"- {data}, {steps}: " + "; ".join(
            f"{verdict} {'beside' if verdict == 'undecided' else 'than'} {', '.join(said[verdict])}"
            for verdict in ("lower", "higher", "undecided") if verdict in said)
        expect(f"horizons on {data} after {steps}", line + "\n" in readme, f"expected {line}")
    expect(f"the summary of horizons on {data}",
           all(line in text("results/horizons/README.md") for line in page.split("\n\n")[:2]), "")
    expect(f"repetitions of horizons on {data}", f"in {repetitions} repetitions" in prose
           and re.search(rf"^{repetitions} repetitions", page, re.M), "")

# An interval is shown from where the simulation supports it on: equal arms, every kind of errors.
shown = text("Sources/Reports/Statistics/ShownIntervals.swift")
low, high = map(float, re.search(r"coverage = ([\d.]+)\.\.\.([\d.]+)", shown).groups())
simulated = [row for row in csv.DictReader(text("results/statistics/coverage.csv").split("\n"))
             if row["scenario"] == "equal arms"]
for constant, interval in [("pairedMean", "mean of paired differences"),
                           ("interquartileMean", "interquartile mean"),
                           ("share", "probability of improvement")]:
    least = int(re.search(rf"static let {constant} = (\d+)", shown)[1])
    cells = [(int(row["repetitions"]), int(row["covered"]) / int(row["experiments"]))
             for row in simulated if row["interval"] == interval]
    bad = [n for n, share in cells if not low <= share <= high]
    expect(f"from where the interval of the {interval} is shown",
           cells and least == min(n for n, _ in cells if n > max(bad, default=0)),
           f"{constant} is {least}, results/statistics has coverages outside at {sorted(set(bad))}")

# Peers: the README has the faster peer's row of each workload and variant, in other columns.
benchmarks = rows(text("results/benchmarks/peers.md"), "| workload ")
columns = {name: i for i, name in enumerate(benchmarks[0])}
ours = rows(readme, "| workload ")
names = {"JAX": "jax", "PyTorch": "torch"}
for row in ours[1:]:
    cells = dict(zip(ours[0], row))
    theirs = [r for r in benchmarks[1:] if r[0] == row[0] and r[1] == row[1]]
    fastest = min(theirs, key=lambda r: float(r[columns["peer ms"]]), default=None)
    wanted = fastest and {
        "peer": fastest[columns["peer"]], "peer ms": fastest[columns["peer ms"]],
        "Metarate ms": fastest[columns["Metarate ms"]], "ratio": fastest[columns["ratio"]],
        "peer first result": fastest[columns["peer first s"]] + " s",
        "Metarate first result": fastest[columns["Metarate first s"]] + " s",
        "peer MB": fastest[columns["peer MB"]], "Metarate MB": fastest[columns["Metarate MB"]]}
    cells["peer"] = names.get(cells["peer"], cells["peer"])
    expect(f"the times of {row[0]} {row[1]}",
           wanted is not None and all(cells[k] == v for k, v in wanted.items()),
           f"README.md differs from results/benchmarks/peers.md, which has {wanted}")

# Outer steps: what the README says of them, from the second table there.
outer = text("results/benchmarks/peers.md").split("## Whole outer steps")[1]
outer = {(row[0], row[2]): row for row in rows(outer, "| workload ")}
for workload in ("run-sinusoid", "run-digits"):
    own = outer[workload, "jax"][3]
    times = {name: outer[workload, peer][4] for name, peer in names.items()}
    expect(f"the outer steps of {workload}",
           re.search(rf"{re.escape(own)} ms for .*?JAX {re.escape(times['JAX'])} and PyTorch "
                     rf"{re.escape(times['PyTorch'])} ms", prose),
           f"results/benchmarks/peers.md has {own} and {times} ms")

# Theory: README and the file are one table, and what has nothing random comes out again.
theory = rows(text("results/theory.md"), "| problem ")
expect("the table of closed forms", rows(readme, "| problem ") == theory,
       "README.md differs from results/theory.md")
again = subprocess.run(
    ["bash", "experiments/theory.sh", "noisy quadratic"], cwd=PACKAGE, text=True,
    env={**os.environ, "METARATE": os.path.abspath(sys.argv[1])}, stdout=subprocess.PIPE)
expect("the noisy quadratic's objectives",
       again.returncode == 0 and rows(again.stdout, "| problem ")[1:]
       == [row for row in theory[1:] if row[0].startswith("noisy quadratic")],
       f"experiments/theory.sh prints other rows than results/theory.md:\n{again.stdout}")

# Memory of a long run, from the table of scaling.
found = re.search(r"([\d ]+) steps of the digits network add ([\d.]+) MB", prose)
steps, megabytes = int(found[1].replace(" ", "")), found[2]
measured = [r["peak_mb"] for r in csv.DictReader(text("results/scaling/scaling.csv").split("\n"))
            if r["sweep"] == "steps" and r["policy"] == "binomial" and int(r["steps"]) == steps]
expect("the memory of a long run", measured == [megabytes],
       f"README.md has {megabytes} MB, results/scaling/scaling.csv {measured}")

# Exit codes: the table has those that the command's help lists.
usage = " ".join(
    subprocess.run([sys.argv[1], "--help"], capture_output=True, text=True).stdout.split())
listed = re.findall(r"(?:: |, |and |, and )(\d+)(?= )", usage[usage.index("Exit codes:"):])
table = rows(text("Sources/Commands/Commands.docc/Commands.md"), "| code ")
expect("the exit codes", ", ".join(row[0] for row in table[1:]) == ", ".join(listed),
       f"the help lists {listed}, Commands.md {[row[0] for row in table[1:]]}")

# Golden cases.
cases = len(list((PACKAGE / "Sources/CEmbeddedData/oracles").glob("*.h5")))
expect("the number of golden cases", f"all {cases} cases agree" in prose,
       f"there are {cases} in Sources/CEmbeddedData/oracles")

# How small a package of one's own is.
outside = PACKAGE / "Tests/OutsidePackage/Sources/outside"
lines = sum(len(p.read_text().splitlines()) for p in outside.glob("*.swift"))
most = int(re.search(r"in under (\d+) lines", prose)[1])
expect("the lines of the package outside", lines < most, f"there are {lines}, README.md says {most}")

for fault in faults:
    print(fault, file=sys.stderr)
if faults:
    sys.exit(1)
print(f"{len(checked)} numbers and tables agree with what commands wrote")
