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
        return subprocess.run(
            [self.metarate, *map(str, arguments)], cwd=self.scratch, capture_output=True, text=True,
            errors="replace", timeout=timeout,
            env=dict(os.environ, METARATE_WORKERS="1", PATH="/nowhere", **environment))

    def result(self, folder, last=6):
        """The content hash of a run's last state, and its history without times."""
        said = self("inspect", f"{folder}/checkpoints/checkpoint-{last:08}.h5").stdout
        found = re.search(r"content_sha256: (\w+)", said)
        rows = [line.split(",")
                for line in (self.scratch / folder / "metrics.csv").read_text().splitlines()]
        seconds = rows[0].index("seconds")
        return (found and found[1],
                [[cell for place, cell in enumerate(row) if place != seconds] for row in rows])


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
    words = {0: "passed over", 4: "exit code 4", -9: "killed"}
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
