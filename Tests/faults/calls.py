#!/usr/bin/env python3
"""Makes each system call of a run fail, one run for each, and asks what was lost.

    Tests/faults/calls.py METARATE [--sample N] [--seed S]

A run of six steps, and its resuming after a kill, on the embedded digits; METARATE is the command. For each
call that concerns the run's folder and each fault (no space, input or output error, interrupted, too many
files, no permission, half of what was asked for, once and from then on; the process killed there): the
process must not trap, an error must be exit code 4 in one line, or passed over where nothing depends on it,
and resuming without faults must come to the same `content_sha256` and history. `--sample` takes that many
faults at random, the same ones for the same seed. Prints a line for each kind of fault with trials and
outcomes; exit code 1 where anything was lost.
"""
import argparse
import collections
import errno
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

HOWS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EINTR": errno.EINTR, "EMFILE": errno.EMFILE,
        "EACCES": errno.EACCES, "short": "short", "kill": "kill"}
SETTINGS = ["inner.steps=5", "outer.steps=6", "outer.tasks=1", "outer.validation.tasks=1",
            "outer.validation.every=2", "testRuns=2", "checkpoint.every=1", "model.hidden=[4]",
            "rates.time=constant", "rates.terms=base"]


class Trial:
    """Runs in a folder of their own below a scratch folder."""

    def __init__(self, metarate, scratch):
        self.metarate, self.scratch = metarate, scratch
        self.folder = scratch / "faulty-run"
        self.library = scratch / "inject.so"
        here = pathlib.Path(__file__).parent
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", self.library, here / "inject.c", "-ldl"],
                       check=True)
        self.configuration = here.parent.parent / "experiments/digits.yaml"

    def command(self, arguments, **faults):
        environment = dict(os.environ, METARATE_WORKERS="1", **faults)
        if faults:
            environment.update(LD_PRELOAD=str(self.library), FAULT_ROOT="faulty-run")
        # No figures: programs that draw are not what is tested here.
        environment["PATH"] = "/nowhere"
        return subprocess.run([self.metarate, *arguments], env=environment, cwd=self.scratch,
                              capture_output=True, text=True, timeout=120)

    def begin(self, **faults):
        return self.command(["run", str(self.configuration), *SETTINGS, "--quiet", "--output",
                             "faulty-run"], **faults)

    def resume(self, **faults):
        return self.command(["resume", "faulty-run", "--quiet"], **faults)

    def again(self):
        """What a user does after a failure: goes on, or begins where nothing was begun."""
        return self.command(["run", str(self.configuration), *SETTINGS, "--quiet", "--continue",
                             "--output", "faulty-run"])

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def result(self):
        """The content hash of the last state, and the history without its times."""
        said = self.command(["inspect", "faulty-run/checkpoints/checkpoint-00000006.h5"]).stdout
        found = re.search(r"content_sha256: (\w+)", said)
        rows = [line.split(",") for line in (self.folder / "metrics.csv").read_text().splitlines()]
        seconds = rows[0].index("seconds")
        return (found and found[1],
                [[cell for place, cell in enumerate(row) if place != seconds] for row in rows])

    def calls(self, start, prepare):
        """The names of the calls that a fault can meet."""
        self.clear()
        prepare()
        log = self.scratch / "log"
        log.unlink(missing_ok=True)
        done = start(FAULT_LOG=str(log))
        assert done.returncode == 0, done.stderr
        return [line.split()[0] for line in log.read_text().splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("metarate")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        return study(Trial(os.path.realpath(options.metarate), pathlib.Path(scratch)), options)


def study(trial, options):
    trial.begin()
    expected = trial.result()
    assert expected[0], "the run without faults has no last state"

    def killed():
        """A run that a kill left in its fourth step."""
        trial.clear()
        calls = trial.calls(trial.begin, lambda: None)
        trial.clear()
        trial.begin(FAULT_AT=str(2 * len(calls) // 3), FAULT_HOW="kill")

    starts = {"run": (trial.begin, lambda: None), "resume": (trial.resume, lambda: restore(trial))}
    killed()
    shutil.copytree(trial.folder, trial.scratch / "killed", dirs_exist_ok=True)
    faults = []
    for name, (start, prepare) in starts.items():
        for at, call in enumerate(trial.calls(start, prepare), 1):
            for how in HOWS:
                if how == "short" and call not in ("read", "write"):
                    continue
                faults += [(name, at, call, how, False)]
                if how not in ("kill", "short", "EINTR"):
                    faults += [(name, at, call, how, True)]
    total = len(faults)
    if options.sample and options.sample < total:
        faults = random.Random(options.seed).sample(faults, options.sample)
    outcomes, lost = collections.defaultdict(collections.Counter), []
    for name, at, call, how, is_lasting in faults:
        start, prepare = starts[name]
        trial.clear()
        prepare()
        environment = dict(FAULT_AT=str(at), FAULT_HOW=str(HOWS[how]))
        if is_lasting:
            environment["FAULT_FROM"] = "1"
        done = start(**environment)
        what = f"{name}, call {at} ({call}), {how}{' from then on' if is_lasting else ''}"
        outcome = {0: "passed over", 4: "exit code 4", -9: "killed"}.get(
            done.returncode, f"exit code {done.returncode}")
        if outcome == "exit code 4" and len(done.stderr.strip().splitlines()) != 1:
            lost.append(f"{what}: said {done.stderr!r}")
        if done.returncode not in (0, 4) and not (how == "kill" and done.returncode == -9):
            lost.append(f"{what}: exit code {done.returncode}: {done.stderr.strip()[-300:]}")
        later = trial.again()
        if later.returncode != 0:
            lost.append(f"{what}: going on ended with {later.returncode}: {later.stderr.strip()[-300:]}")
        elif trial.result() != expected:
            lost.append(f"{what}: other bits or another history")
        outcomes[how + (" from then on" if is_lasting else "")][outcome] += 1
    print(f"{len(faults)} of {total} faults in system calls of a run and of its resuming:")
    for how, counter in sorted(outcomes.items()):
        print(f"  {how:20} {sum(counter.values()):5} trials: "
              + ", ".join(f"{count} {outcome}" for outcome, count in sorted(counter.items())))
    for text in lost[:40]:
        print(f"LOST {text}")
    print(f"{len(lost)} lost" if lost else "all went on to the same bits and the same history")
    return 1 if lost else 0


def restore(trial):
    shutil.copytree(trial.scratch / "killed", trial.folder, dirs_exist_ok=True)


sys.exit(main())
