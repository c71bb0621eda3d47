"""What the fault suites share: short runs of the command in a scratch folder, and a tally of outcomes."""
import argparse
import collections
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HUNG = "none, as it hung"
UNREADABLE = "unreadable"
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
DIGITS = REPOSITORY / "experiments/digits.yaml"
# Six steps of a few milliseconds, each of them saved.
SHORT_RUN = ["inner.steps=5", "outer.steps=6", "outer.tasks=1", "outer.validation.tasks=1",
             "outer.validation.every=2", "testRuns=2", "checkpoint.every=1", "model.hidden=[4]",
             "rates.time=constant", "rates.terms=base"]


class Command:
    """The command under test, run in a scratch folder without programs that draw."""

    def __init__(self, metarate, scratch):
        self.metarate, self.scratch = os.path.realpath(metarate), pathlib.Path(scratch)

    def __call__(self, *arguments, timeout=120, **environment):
        """The finished process of `metarate ARGUMENTS`, its output as text."""
        return ended(self.start(*arguments, **environment), timeout)

    def start(self, *arguments, options={}, **environment):
        """The process of `metarate ARGUMENTS` with other options of `Popen`; its output are pipes."""
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(
            [self.metarate, *map(str, arguments)], cwd=self.scratch, text=True, errors="replace",
            env=dict(os.environ, METARATE_WORKERS="1", PATH="/nowhere", **environment), **given)

    def result(self, folder, last=6):
        """The content hash of a run's last state, and its history without times."""
        said = self("inspect", f"{folder}/checkpoints/checkpoint-{last:08}.h5").stdout
        found = re.search(r"content_sha256: (\w+)", said)
        rows = [line.split(",")
                for line in (self.scratch / folder / "metrics.csv").read_text().splitlines()]
        seconds = rows[0].index("seconds")
        return (found and found[1],
                [[cell for place, cell in enumerate(row) if place != seconds] for row in rows])


    def contents(self, folder):
        """What each file of a folder says, by its name: without times and without the folder's name."""
        root = self.scratch / folder
        return {str(path.relative_to(root)): self.said(path, folder)
                for path in sorted(root.rglob("*")) if not path.is_dir()}

    def said(self, path, folder):
        """What a file says that a run with the same settings says again; nothing of a host and an hour."""
        if path.name in (".lock", "provenance.json", "index.json"):
            return ""
        if path.suffix == ".h5":
            return self.inspected(path)
        text = path.read_text(errors="replace").replace(f"{folder}/", "")
        if path.suffix == ".csv":
            rows = [line.split(",") for line in text.splitlines()]
            return [[cell for name, cell in zip(rows[0], row) if name != "seconds"] for row in rows]
        if path.suffix == ".md":
            return re.sub(r"(?m)^\| cost of choosing(.|\n)*?\n\n", "", text)
        return [line for line in text.splitlines() if not re.match(r' *"(seconds|content)" :', line)]

    def inspected(self, path):
        """The content hash of a file; of a history, which has times in it, its names and shapes."""
        done = self("inspect", path)
        if done.returncode != 0:
            return f"{UNREADABLE}: {done.stderr.strip()}"
        lines = done.stdout.splitlines()
        return lines[1:] if path.name == "trajectory.h5" else [
            line for line in lines if line.startswith("content_sha256")]


def differences(expected, found, leaving_out=None):
    """In what two folders' contents differ, as lines; names with a part that is left out do not count.

    An older checkpoint may stay for good where a process was killed before it removed it."""
    lines = [f"{name} is {text}" for name, text in found.items() if str(text).startswith(UNREADABLE)]
    for name in sorted(expected.keys() | found.keys()):
        if leaving_out and leaving_out in name:
            continue
        if name not in found:
            lines.append(f"{name} is missing")
        elif name not in expected and not re.search(r"checkpoints/checkpoint-\d+\.h5$", name):
            lines.append(f"{name} is left over")
        elif name in expected and found[name] != expected[name]:
            lines.append(f"{name} says something else")
    return lines


def ended(process, timeout=120):
    """What a process came to; one that does not end is killed and counts as a failure."""
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        return subprocess.CompletedProcess(process.args, HUNG, output, errors)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def preloaded(source, scratch):
    """The library that a C file of this folder makes, to be preloaded."""
    library = pathlib.Path(scratch) / pathlib.Path(source).with_suffix(".so")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library,
                    pathlib.Path(__file__).parent / source, "-ldl"], check=True)
    return str(library)


class Tally:
    """Counts of outcomes by row, and what was lost."""

    def __init__(self):
        self.rows, self.lost = collections.defaultdict(collections.Counter), []

    def add(self, row, outcome):
        self.rows[row][outcome] += 1

    def lose(self, text):
        """Notes something that must not happen."""
        self.lost.append(text)

    def close(self, whole):
        """Prints a line for each row, what was lost, or `whole`; gives the exit code."""
        width = max(map(len, self.rows), default=0)
        for row, outcomes in sorted(self.rows.items()):
            print(f"  {row:{width}} {sum(outcomes.values()):6} trials: " + ", ".join(
                f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
        for text in self.lost[:40]:
            print(f"LOST {text}")
        print(f"{len(self.lost)} lost" if self.lost else whole)
        return 1 if self.lost else 0


def ending(done):
    """How a process ended, in words that count alike."""
    words = {0: "passed over", 4: "exit code 4", -9: "killed", HUNG: "hung"}
    return words.get(done.returncode, f"exit code {done.returncode}")


def main(study, description):
    """Runs a suite: `study(command, options)` gives the exit code."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("metarate", help="the command under test")
    parser.add_argument("--sample", type=int, help="take so many trials, the same ones for one seed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(study(Command(options.metarate, scratch), options))


def sampled(trials, options):
    """All trials, or a sample of them."""
    if options.sample is None or options.sample >= len(trials):
        return trials
    return random.Random(options.seed).sample(trials, options.sample)
