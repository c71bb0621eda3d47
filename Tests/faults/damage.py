#!/usr/bin/env python3
"""Damages each kind of file that results consist of, and asks what commands make of it.

    Tests/faults/damage.py METARATE [--sample N] [--seed S]

For each kind of file and each command that reads it: 2000 flipped bits, and the file cut short at every 512
bytes. The command must neither trap nor hang nor take much memory. It ends with exit code 2 or 3 and one
line, or with 0: then what it gives is what it gives of the undamaged file, or it has said what is lost, and a
run that goes on comes to the same `content_sha256`. What is damaged stays where it is or is moved aside,
unless all that it said follows from sealed files. `--sample` takes that many trials at random, the same ones
for the same seed. Tables are left out where h5py, which makes them, is missing.
"""
import collections
import json
import random
import re
import shutil

import calls
import measured
import trials

FLIPS = 2000
CUT = 512
WORK = "faulty-results"
RUN = [trials.DIGITS, *trials.SHORT_RUN, "history.tensorboard=true"]
ABLATION = [trials.DIGITS, *trials.SHORT_RUN, "ablation.repetitions=1", "ablation.seeds=2",
            "ablation.arms=[tunedUniform, learned]",
            "ablation.tuning={ seeds: 1, rates: 2, pairs: 2 }"]
SWEEP = [trials.DIGITS, *trials.SHORT_RUN, "model.hidden=[[3], [4]]"]
TABLE_RUN = ["run", *RUN, f"task={{ kind: table, file: {WORK}/table.h5 }}", "--output"]

# The arguments of a command that reads the file FILE in the folder of results.
COMMANDS = {
    "continue": ["run", *RUN, "--continue", "--output", WORK],
    "resume": ["resume", WORK],
    "inspect": ["inspect", "FILE"],
    "rates": ["run", *RUN, "rates.initial={ kind: checkpoint, file: FILE }", "--dry-run"],
    "report": ["report", WORK],
    "analyze": ["analyze", WORK],
    "ablate": ["ablate", *ABLATION, "--output", WORK],
    "sweep": ["sweep", *SWEEP, "--output", WORK],
    "learn": [*TABLE_RUN, f"{WORK}/new"],
    "resume on it": ["resume", f"{WORK}/run"],
}

# A kind of file: where the last one lies in which results, which commands read it; whether all that it says
# follows from sealed files, so that it may be written anew; whether it is words or numbers that nothing
# proves right, so that others are as good.
Kind = collections.namedtuple("Kind", "name stage path commands is_derived is_unproven")
KINDS = [Kind(*row, *([False] * (6 - len(row)))) for row in [
    ("newest checkpoint", "stopped", "checkpoints/checkpoint-*.h5",
     ["continue", "resume", "inspect", "rates", "report"]),
    ("older checkpoint", "stopped", "checkpoints/checkpoint-*4.h5", ["continue", "resume"]),
    ("best.h5", "stopped", "checkpoints/best.h5",
     ["continue", "resume", "inspect", "rates", "analyze"], True),
    ("trajectory.h5", "stopped", "trajectory.h5", ["continue", "resume", "inspect", "report"]),
    ("history.journal", "stopped", "history.journal", ["continue", "resume", "report"]),
    ("index.json", "stopped", "checkpoints/index.json", ["continue", "resume", "report"], True),
    ("metrics.csv", "stopped", "metrics.csv", ["continue", "resume", "report"], True),
    ("metrics.csv, finished", "finished", "metrics.csv", ["report"], False, True),
    ("event file", "stopped", "events.out.tfevents.0.metarate", ["continue", "resume"], True),
    ("configuration.yaml", "stopped", "configuration.yaml", ["continue", "resume", "report"], False,
     True),
    ("provenance.json", "stopped", "provenance.json", ["continue", "resume", "report"], False, True),
    ("summary.json", "finished", "summary.json", ["continue", "resume", "report"], True),
    ("curves.h5", "finished", "curves.h5", ["inspect"]),
    ("cell of an ablation", "ablation", "cells/*.json", ["ablate", "report"]),
    ("rates of an ablation", "ablation", "cells/*.h5", ["ablate", "inspect", "rates", "analyze"]),
    ("sweep.yaml", "sweep", "sweep.yaml", ["sweep", "report"], False, True),
    ("table, old format", "old table", "table.h5", ["learn", "resume on it", "inspect"], False, True),
    ("table, new format", "new table", "table.h5", ["learn", "resume on it", "inspect"], False, True),
]]
# Text that commands print where they pass over something.
TOLD = re.compile("from here on|the history|history is|passed over|not what .* has changed", re.I)


class Results:
    """Results as they were before any damage, a folder for each stage, and the commands that read them."""

    def __init__(self, command):
        self.command, self.scratch = command, command.scratch
        self.folder = self.scratch / WORK
        # Killed twice, so that its history is in two files.
        self.stop("stopped", (["run", *RUN, "--output", WORK], 0.3), (["resume", WORK], 0.58))
        journal = (self.scratch / "stopped/history.journal").read_bytes()
        assert journal.count(b"MRJ1") > 1, "the run was killed where its journal has no rows"
        self.keep("finished", "run", *RUN, "--output", WORK)
        self.keep("ablation", *COMMANDS["ablate"])
        self.keep("sweep", *COMMANDS["sweep"])
        self.tabulate()

    def keep(self, stage, *arguments):
        """Keeps what a command makes as a stage."""
        done = self.command(*arguments)
        assert done.returncode == 0, done.stderr
        shutil.move(self.folder, self.scratch / stage)

    def stop(self, stage, *steps):
        """Keeps a run that is killed in each of these steps, at a share of its system calls."""
        subject = calls.Subject(self.command, "results", [])
        for arguments, share in steps:
            if self.folder.exists():
                shutil.copytree(self.folder, self.scratch / "before", dirs_exist_ok=True)
            count = len(subject.calls(arguments, lambda: None))
            self.restore("before")
            subject(arguments, FAULT_AT=str(int(share * count)), FAULT_HOW="kill")
        shutil.rmtree(self.scratch / "before")
        shutil.move(self.folder, self.scratch / stage)

    def tabulate(self):
        """Runs on tables of both formats of HDF5, killed; none without h5py."""
        try:
            import h5py
        except ImportError:
            return
        chance = random.Random(0)
        rows = [[chance.gauss(0, 1) for _ in range(3)] for _ in range(24)]
        for stage, version in (("old table", "earliest"), ("new table", "latest")):
            self.folder.mkdir()
            with h5py.File(self.folder / "table.h5", "w", libver=version) as file:
                file["inputs"] = rows
                file["targets"] = [int(row[0] > row[1]) for row in rows]
            self.stop(stage, ([*TABLE_RUN, f"{WORK}/run"], 0.6))

    def restore(self, stage):
        """Puts a stage where commands find it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if (self.scratch / stage).exists():
            shutil.copytree(self.scratch / stage, self.folder)

    def path(self, kind):
        """The last file of a kind, relative to its stage; None where there is none."""
        stage = self.scratch / kind.stage
        found = sorted(stage.glob(kind.path))
        return found[-1].relative_to(stage) if found else None

    def read(self, word, path):
        """Has a command read the file; gives the process and what it came to."""
        done = measured.run(self.command, *(str(part).replace("FILE", f"{WORK}/{path}")
                                            for part in COMMANDS[word]))
        return done, self.outcome(word, done) if done.returncode == 0 else None

    def outcome(self, word, done):
        """What must not depend on damage: a last state and its history, or a text."""
        results = {"continue": WORK, "resume": WORK, "learn": f"{WORK}/new", "resume on it": f"{WORK}/run"}
        texts = {"report": "report.html", "ablate": "ablation.md", "sweep": "sweep.csv"}
        if word in results:
            return self.command.result(results[word])
        if word in texts:
            return (self.folder / texts[word]).read_text()
        return done.stdout


def study(command, options):
    results = Results(command)
    every = []
    expected = {}
    for kind in KINDS:
        path = results.path(kind)
        if path is None:
            assert kind.name.startswith("table"), f"there is no {kind.name}"
            print(f"  {kind.name}: left out, as h5py is missing")
            continue
        size = (results.scratch / kind.stage / path).stat().st_size
        chance = random.Random(f"{options.seed} {kind.name}")
        for word in kind.commands:
            results.restore(kind.stage)
            expected[kind.name, word] = results.read(word, path)[1]
            assert expected[kind.name, word], f"{word} gives nothing of an undamaged {kind.name}"
            every += [(kind, path, word, "flip", chance.randrange(8 * size)) for _ in range(FLIPS)]
            every += [(kind, path, word, "cut", length) for length in range(0, size, CUT)]
    tally = trials.Tally()
    chosen = trials.sampled(every, options)
    for kind, path, word, how, place in chosen:
        results.restore(kind.stage)
        file = results.folder / path
        data = damaged(file.read_bytes(), how, place)
        file.write_bytes(data)
        done, found = results.read(word, path)
        what = f"{word} of {kind.name} ({path}), {how} at {place}"
        outcome, loss = judge(kind, done, found, expected[kind.name, word], options.sample is None)
        if outcome != "the same" or kind.is_unproven:
            loss = loss or (None if is_kept(kind, file, data) else "the damaged file is gone")
        tally.add(f"{kind.name}, {word}", outcome)
        if loss:
            tally.lose(f"{what}: {loss}")
    print(f"{len(chosen)} of {len(every)} damaged files:")
    return tally.close("none trapped, misled or got lost")


def damaged(data, how, place):
    """The bytes with one bit flipped, or cut short."""
    if how == "cut":
        return data[:place]
    flipped = bytearray(data)
    flipped[place // 8] ^= 1 << place % 8
    return bytes(flipped)


def judge(kind, done, found, expected, is_timed):
    """In what a command ended, in a word, and what it must not have done, if anything."""
    loss = measured.fault(done, (0, 2, 3), is_timed)
    if done.returncode != 0:
        return f"refused ({done.returncode})", loss
    if found == expected:
        return "the same", loss
    if TOLD.search(done.stdout + done.stderr):
        # Whatever is lost of a history, the state is the same.
        is_history = kind.name in ("trajectory.h5", "history.journal")
        return "told", loss or ("another state" if is_history and found[0] != expected[0] else None)
    return ("others", loss) if kind.is_unproven else ("misled", loss or "gives something else")


def is_kept(kind, file, data):
    """Whether what is damaged is still there, says nothing, or follows from something else."""
    places = [file, *file.parent.glob(f"{file.name}.damaged*")]
    return (kind.is_derived or not data or is_told_later(file, data)
            or any(place.exists() and place.read_bytes() == data for place in places))


def is_told_later(file, data):
    """Whether the facts of a session are among those that a later one found."""
    try:
        before, now = json.loads(data), json.loads(file.read_bytes())
        return before.pop("earlier", []) + [before] == now["earlier"]
    except (ValueError, AttributeError, TypeError, KeyError):
        return False


if __name__ == "__main__":
    trials.main(study, __doc__)
