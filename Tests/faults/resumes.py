#!/usr/bin/env python3
"""Stops and resumes tiny runs of every kind at every outer step, twice in a row.

    Tests/faults/resumes.py METARATE [--sample N] [--seed S]

For each case of `cases.py` and each outer step k but the last: a run is killed as soon as the
checkpoint of step k has its name, resumed, asked to stop when a later step is saved, and resumed to
its end. Its folder must then say what that of a run without interruptions says, file by file, apart
from times: states by their `content_sha256`, which is recomputed, the history, the best state,
losses of test runs, figures. A kind that `metarate config reference` lists and no case has is a
failure, so that a new one gets a case. `--sample` takes that many pairs of case and step. Needs
h5py and a C compiler.
"""
import csv
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile

import h5py

import cases
import trials

sys.dont_write_bytecode = True
sys.path.insert(0, str(trials.REPOSITORY / "experiments/python"))
from metarate_files import content_sha256


class Subject:
    """Runs of cases that can be stopped where the checkpoint of a step is written."""

    def __init__(self, command):
        self.metarate, self.scratch = command, command.scratch
        self.library = trials.preloaded("after.c", self.scratch)
        with h5py.File(self.scratch / cases.TABLE, "w") as table:
            draw = random.Random(0).random
            table["inputs"] = [[draw(), draw()] for _ in range(24)]
            table["targets"] = [[draw()] for _ in range(24)]
        with h5py.File(self.scratch / cases.CLASSES, "w") as table:
            table["inputs"] = [[[draw() for _ in range(3)] for _ in range(3)] for _ in range(40)]
            table["targets"] = [row % 10 for row in range(40)]
            table["groups"] = [row % 10 // 2 for row in range(40)]
        (self.scratch / cases.TEXT).write_text("to be or not to be, that is the question. " * 9)
        start = {"outer.learn": cases.EVERYTHING, "inner.optimizer": "momentum"}
        done = self.run(start, "start")
        assert done.returncode == 0, done.stderr
        done = self.metarate("export", "start", "--format", "npz", "--weights", "--output", cases.WEIGHTS)
        assert done.returncode == 0, done.stderr

    def stop(self, step, by):
        """What sends a process a signal as soon as the checkpoint of a step has its name."""
        return {"LD_PRELOAD": self.library, "AFTER_NAME": f"/checkpoint-{step:08}.h5",
                "AFTER_SIGNAL": str(int(by))}

    def run(self, settings, folder, **stop):
        shutil.rmtree(self.scratch / folder, ignore_errors=True)
        return cases.begin(self.metarate, settings, folder, **stop)

    def resume(self, folder, **stop):
        return self.metarate("resume", folder, "--quiet", **stop)

    def contents(self, folder):
        """What the files of a run say, by their paths in its folder."""
        root = self.scratch / folder
        return {str(path.relative_to(root)): contents(path) for path in sorted(root.rglob("*"))
                if path.is_file() and path.name not in (".lock", "provenance.json", "index.json")
                and "tfevents" not in path.name}


def contents(path):
    """What a file says, without times and what computed it."""
    if path.suffix == ".h5":
        with h5py.File(path) as file:
            return history(file) if path.name == "trajectory.h5" else content_sha256(file, path)
    if path.name == "metrics.csv":
        return [{name: cell for name, cell in row.items() if name != "seconds"}
                for row in csv.DictReader(path.read_text().splitlines())]
    return path.read_text()


def history(file):
    """The datasets of a history but its times, by what they hold."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset) and name != "scalars/seconds":
            data = hashlib.sha256(item[()].tobytes()).hexdigest()
            found[name] = item.shape, item.dtype.str, data
    file.visititems(visit)
    return found


def study(command, options):
    tally = trials.Tally()
    page = command("config", "reference").stdout
    every = dict(cases.cases())
    missing(page, every, tally)
    subject = Subject(command)
    pairs = trials.sampled(
        [(name, step) for name in every for step in range(1, cases.STEPS)], options)
    expected = {name: whole(subject, name, every[name], tally)
                for name in dict.fromkeys(name for name, _ in pairs)}
    for name, step in pairs:
        if step < (expected[name] or {}).get("steps", 0):
            judge(subject, name, every[name], step, expected[name]["files"], tally)
    print(f"{len(pairs)} of {len(every) * (cases.STEPS - 1)} pairs of case and outer step, stopped "
          "there, resumed, stopped again and resumed:")
    return tally.close("all went on to the same bits and the same history")


def missing(page, every, tally):
    """Notes the kinds that no case has."""
    settings = [setting for case in every.values() for setting in {**cases.BASE, **case}.items()]
    tried = {word for key, value in settings for word in cases.words(key, value)}
    listed = list(cases.reference_words(page))
    assert len(listed) > 100, "the page of settings is not what this suite can read"
    for key, word in listed:
        if (key, word) not in tried:
            tally.lose(f"no case for the kind {word} of {key}: add one to Tests/faults/cases.py")


def whole(subject, name, settings, tally):
    """What a run without interruptions leaves, and after how many steps."""
    done = subject.run(settings, "whole")
    if done.returncode != 0:
        tally.lose(
            f"{name}: without stops, exit code {done.returncode}: {done.stderr.strip()[-300:]}")
        return None
    files = subject.contents("whole")
    last = max(path for path in files if path.startswith("checkpoints/checkpoint-"))
    return {"files": files, "steps": int(last[-11:-3])}


def judge(subject, name, settings, step, expected, tally):
    """Stops a run twice, and notes what its end has otherwise."""
    later = random.Random(f"{name} {step}").randint(step + 1, cases.STEPS)
    what = f"{name}: killed after step {step}, stopped after {later}"
    ends = [subject.run(settings, "run", **subject.stop(step, signal.SIGKILL)),
            subject.resume("run", **subject.stop(later, signal.SIGTERM)),
            subject.resume("run")]
    codes = [done.returncode for done in ends]
    tally.add(name, "finished before the second stop" if codes[1] == 0 else "stopped twice")
    if codes not in ([-9, 143, 0], [-9, 0, 0]):
        tally.lose(f"{what}: exit codes {codes}: {ends[-1].stderr.strip()[-300:]}")
        return
    found = subject.contents("run")
    others = sorted(path for path in {*found, *expected} if found.get(path) != expected.get(path))
    if others:
        tally.lose(f"{what}: {', '.join(others)} not as without stops")


if __name__ == "__main__":
    # A quarter of a million flushes to a disk would take most of the time, and test nothing here.
    if os.access("/dev/shm", os.W_OK):
        tempfile.tempdir = "/dev/shm"
    trials.main(study, __doc__)
