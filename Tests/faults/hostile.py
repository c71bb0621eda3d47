#!/usr/bin/env python3
"""Gives commands HDF5 files that somebody else might have made, and asks what becomes of them.

    Tests/faults/hostile.py METARATE [--sample N] [--seed S]

Several hundred files, made by h5py and by changes of bytes: tables whose shapes, chunks, types, filters or
numbers are none to read (`bad_tables`), files whose groups, links, attributes or bytes are not
(`bad_structures`), and sealed checkpoints and histories whose contents no run saves (`bad_checkpoints`). Each
is inspected, analyzed, learned from as a table, started from, and put in a folder as the newest checkpoint and
as the history of a run that goes on. The command ends with exit code 0, 2 or 3, or 5 where the numbers of a
sealed file lead to none, with one line where it refuses, after at most five seconds of CPU time and a GiB of
memory; a run that passes the file over comes to the bits that it would have come to. `--sample` takes that
many trials at random, the same ones for the same seed.
"""
import shutil

import measured
import trials

try:
    import bad_checkpoints
    import bad_structures
    import bad_tables
except ImportError as error:
    raise SystemExit(f"skipped: {error}")

# Links and attributes that are very many.
MANY, MANY_IN_SAMPLES = 300_000, 20_000
FOLDER, FILE = "run", "table.h5"
STEPS, LATER = 4, 6
# Everything that a checkpoint can hold.
RUN = [trials.DIGITS, *trials.SHORT_RUN, f"outer.steps={STEPS}", "outer.average.decay=0.5",
       "outer.schedule=constant", "rates.time={ kind: knots, count: 3 }",
       "rates.terms=[base, { granularity: orbit, decay: 0.1 }]",
       "outer.learn=[rates, initialWeights, optimizerScalars]"]
START = [*RUN, f"rates.initial={{ kind: checkpoint, file: {FILE} }}", "--dry-run"]
# A table may ask for much work: no more than this.
ALLOWED = {"METARATE_MEMORY": "1 GiB"}
LEARN = [trials.DIGITS, *trials.SHORT_RUN, "outer.steps=2", f"task={{ kind: table, file: {FILE} }}"]
NEWEST, LAST = (f"{FOLDER}/checkpoints/checkpoint-{step:08}.h5" for step in (STEPS, LATER))

COMMANDS = {
    "inspect": ["inspect", FILE],
    "analyze": ["analyze", FILE],
    "learn": ["run", *LEARN, "--output", "learned"],
    "learn numbers": ["run", *LEARN, "task.loss=meanSquaredError", "--output", "learned"],
    "start": ["run", *START],
    "start by step": ["run", *START, "rates.time=step", "rates.granularity=parameter", "rates.terms=base"],
    "go on": ["resume", FOLDER, f"outer.steps={LATER}"],
    "go on with its history": ["resume", FOLDER, f"outer.steps={LATER}"],
}
# Where a command looks for the file.
PLACES = {"go on": NEWEST, "go on with its history": f"{FOLDER}/trajectory.h5"}


def study(command, options):
    scratch = command.scratch
    expected = keep_run(command)
    files = {
        "table": bad_tables.cases(),
        "structure": bad_structures.cases(MANY_IN_SAMPLES if options.sample else MANY),
        "checkpoint": bad_checkpoints.cases(scratch / "kept" / NEWEST.removeprefix(f"{FOLDER}/")),
        "history": bad_checkpoints.histories(scratch / "kept/trajectory.h5"),
    }
    every = [(kind, name, word) for kind in files for name in files[kind] for word in COMMANDS
             if kind != "history" or word in ("inspect", "go on with its history")]
    chosen = trials.sampled(every, options)
    tally = trials.Tally()
    made = None
    for kind, name, word in sorted(chosen):
        if made != (kind, name):
            made = kind, name
            is_made = make(files[kind][name], scratch / "made.h5")
            if not is_made:
                tally.add(f"{kind}, {name}", "not made by this h5py")
        if not is_made:
            continue
        done = read(command, word)
        codes = (0, 2, 3, 5) if kind == "checkpoint" and word == "go on" else (0, 2, 3)
        loss = measured.fault(done, codes, is_timed=options.sample is None)
        outcome = f"refused ({done.returncode})" if done.returncode else "read"
        if word in PLACES and done.returncode == 0:
            outcome = "the same bits" if content(command, LAST) == expected else "others"
            if outcome == "others" and (kind, word) != ("checkpoint", "go on"):
                loss = loss or "came to other bits"
        tally.add(f"{kind}, {word}", outcome)
        if loss:
            tally.lose(f"{word} of {kind} ({name}): {loss}")
    count = sum(map(len, files.values()))
    print(f"{len(chosen)} of {len(every)} readings of {count} files:")
    return tally.close("none trapped, hung, or took too much")


def make(case, path):
    """Makes a file; false where this version of h5py, or of HDF5 below it, refuses to."""
    path.unlink(missing_ok=True)
    try:
        case(path)
    except (OSError, ValueError):
        return False
    return True


def keep_run(command):
    """Keeps a run that is to go on with another file; gives the hash that it comes to with its own."""
    done = command("run", *RUN, "--output", FOLDER)
    assert done.returncode == 0, done.stderr
    # Without an index each checkpoint must prove itself.
    (command.scratch / FOLDER / "checkpoints/index.json").unlink()
    shutil.copytree(command.scratch / FOLDER, command.scratch / "kept")
    command(*COMMANDS["go on"])
    expected = content(command, LAST)
    assert expected, "the last checkpoint has no hash"
    # Of what is bad nothing is known where what is good is not read.
    shutil.copy(command.scratch / "kept" / NEWEST.removeprefix(f"{FOLDER}/"), command.scratch / "made.h5")
    for word in ("inspect", "analyze", "start", "start by step", "go on"):
        assert read(command, word).returncode == 0, f"{word}: an intact checkpoint is refused"
    return expected


def read(command, word):
    """Has a command read the file that was made."""
    scratch = command.scratch
    for folder in (FOLDER, "learned"):
        shutil.rmtree(scratch / folder, ignore_errors=True)
    if word in PLACES:
        shutil.copytree(scratch / "kept", scratch / FOLDER)
    shutil.copy(scratch / "made.h5", scratch / PLACES.get(word, FILE))
    return measured.run(command, *COMMANDS[word], **ALLOWED)


def content(command, path):
    """The content hash of a checkpoint."""
    said = command("inspect", path).stdout
    return next((line for line in said.splitlines() if line.startswith("content_sha256")), None)


if __name__ == "__main__":
    trials.main(study, __doc__)
