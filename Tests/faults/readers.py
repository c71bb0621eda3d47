#!/usr/bin/env python3
"""Reads the files of a run over and over while it saves: always whole, never refused.

    Tests/faults/readers.py METARATE [--sample N] [--seed S]

A tiny run saves 2000 times, or N, in sessions of 50 outer steps, each of which writes its history
whole when it begins and when it ends. Meanwhile other processes open the newest checkpoint, best.h5
and trajectory.h5 with h5py, whose file locking is what it is by default, read everything and
recompute the hash; now and then they hold a file open until another has its name. One more runs
`metarate inspect`. Each must find a whole file every time, and the run must not notice. Needs h5py
and a C compiler.
"""
import collections
import itertools
import multiprocessing
import os
import sys
import time

import h5py

import cases
import trials

sys.dont_write_bytecode = True
sys.path.insert(0, str(trials.REPOSITORY / "experiments/python"))
from metarate_files import content_sha256

FOLDER, SESSION, SAVES = "read", 50, 2000
NAMES = {"newest checkpoint": None, "best.h5": "checkpoints/best.h5",
         "trajectory.h5": "trajectory.h5"}


class Subject:
    """A run that goes on and on."""

    def __init__(self, command):
        self.metarate, self.folder = command, command.scratch / FOLDER
        # Readers meet a file that has just got its name, however short the process takes over it.
        self.pauses = {"LD_PRELOAD": trials.preloaded("after.c", command.scratch),
                       "AFTER_NAME": ".h5", "AFTER_PAUSE": "3000"}

    def go_on(self, steps):
        """A session, to so many outer steps in all."""
        if self.folder.exists():
            return self.metarate("resume", FOLDER, f"outer.steps={steps}", **self.pauses)
        settings = {"outer.steps": steps, "history.every": 1, "outer.validation.every": 2}
        return cases.begin(self.metarate, settings, FOLDER, **self.pauses)

    def path(self, what):
        """The file of that name; the newest checkpoint may be another at the next moment."""
        if NAMES[what]:
            return self.folder / NAMES[what]
        return max((self.folder / "checkpoints").glob("checkpoint-*.h5"))


def read(subject, what, how, is_over):
    """Opens a file and, for other words than `opened`, reads it whole: at once, or once another has
    its name. Gives what came of it, in words that count alike, and what was lost, or None."""
    path = subject.path(what)
    try:
        with h5py.File(path) as file:
            stored = file.attrs["content_sha256"].decode()
            if how == "opened":
                return how, None
            if how == "whole, though replaced":
                number = os.stat(path).st_ino
                while there(subject.path(what)) == number and not is_over.is_set():
                    time.sleep(0.001)
            found = content_sha256(file, path)
    except Exception as error:
        # Two newer ones were saved since the folder was listed; the other names are always there.
        if NAMES[what] is None and there(path) is None:
            return "removed meanwhile", None
        return "refused", f"{type(error).__name__}: {error}"
    return (how, None) if stored == found else ("damaged", f"contents of hash {found}")


def there(path):
    """The number of the file that has a name; None for none."""
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return None


def keep_reading(subject, what, is_over, results):
    """Reads until the run is over, then hands over what came of it."""
    hows = ["opened"] * 20 + ["whole"] + ["opened"] * 20 + ["whole, though replaced"]
    found = collections.Counter()
    for how in itertools.cycle(hows):
        if is_over.is_set():
            break
        found[read(subject, what, how, is_over)] += 1
    results.put((f"h5py, {what}", found))


def keep_inspecting(subject, is_over, results):
    """The same with the command, of a folder and of its files."""
    found = collections.Counter()
    while not is_over.is_set():
        for path in (FOLDER, f"{FOLDER}/checkpoints/best.h5", f"{FOLDER}/trajectory.h5"):
            done = subject.metarate("inspect", path)
            is_whole = done.returncode == 0 and "damaged" not in done.stdout
            loss = None if is_whole else f"{path}: {done.stderr or done.stdout}"
            found[trials.ending(done), loss] += 1
    results.put(("metarate inspect", found))


def study(command, options):
    subject, tally = Subject(command), trials.Tally()
    saves = options.sample or SAVES
    notice(subject.go_on(min(SESSION, saves)), tally)
    is_over, results = multiprocessing.Event(), multiprocessing.Queue()
    readers = [multiprocessing.Process(target=keep_reading, daemon=True, args=(
        subject, what, is_over, results)) for what in NAMES]
    readers.append(multiprocessing.Process(
        target=keep_inspecting, daemon=True, args=(subject, is_over, results)))
    for reader in readers:
        reader.start()
    for steps in range(2 * SESSION, saves + 1, SESSION):
        notice(subject.go_on(steps), tally)
    is_over.set()
    for _ in readers:
        row, found = results.get(timeout=120)
        for (outcome, loss), count in found.items():
            tally.rows[row][outcome] += count
            if loss:
                tally.lose(f"{row}: {count} times {loss.strip()[-300:]}")
    print(f"{saves} saves of a run, read meanwhile:")
    return tally.close("always whole, never refused")


def notice(done, tally):
    """Notes what a session said of its files."""
    tally.add("sessions of the run", trials.ending(done))
    if done.returncode != 0 or "damaged" in done.stderr:
        tally.lose(f"a session: exit code {done.returncode}: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    trials.main(study, __doc__)
