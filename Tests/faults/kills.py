#!/usr/bin/env python3
"""Kills a run at random moments, and once or twice more when it goes on, and asks what was lost.

    Tests/faults/kills.py METARATE [--sample N] [--seed S]

A run of forty steps on the embedded digits, each of them saved, with checks by validation or without;
METARATE is the command. It is killed once to three times in a row, by SIGKILL, while it runs, is resumed or
goes on by `run --continue`. After each kill the newest checkpoint must load. In the end the run must come to
the files of one that nobody killed: the same `content_sha256`, history, summary and curves, and nothing that
is left over but older checkpoints, which must load. `--sample` takes that many trials instead of 200, the
first ones of the same seed. Prints a line for each command and stage at which it was killed; exit code 1
where anything was lost.
"""
import random
import shutil
import time

import trials

STEPS = 40
KINDS = {"validated": [], "not validated": ["outer.validation.every=0"]}
NOTHING = "before it began"


class Victim:
    """A run in a folder that is killed and goes on."""

    def __init__(self, command, name, kind):
        self.metarate, self.name = command, name
        self.settings = [*trials.SHORT_RUN, f"outer.steps={STEPS}", *KINDS[kind]]
        self.folder = command.scratch / name

    def arguments(self, how):
        """The command line that begins the run, goes on with it or resumes it."""
        if how == "resume":
            return ["resume", self.name, "--quiet"]
        going_on = ["--continue"] if how == "run --continue" else []
        return ["run", trials.DIGITS, *self.settings, *going_on, "--quiet", "--output", self.name]

    def __call__(self, how):
        return self.metarate(*self.arguments(how))

    def killed(self, how, dice, seconds):
        """What a command came to that is killed at a random moment: soon, at any time, or about when the
        last state is written. The whole run takes so many seconds."""
        process = self.metarate.start(*self.arguments(how))
        when = dice.choice(["soon", "at any time", "late"])
        while when == "late" and self.newest != STEPS and process.poll() is None:
            time.sleep(0.001)
        time.sleep(dice.uniform(0, seconds if when == "at any time" else seconds / 15))
        process.kill()
        return trials.ended(process)

    @property
    def checkpoints(self):
        """The paths of numbered checkpoints, oldest first."""
        return sorted(self.folder.glob("checkpoints/checkpoint-*.h5"))

    @property
    def newest(self):
        """The step of the newest checkpoint; None where there is none."""
        return next((int(path.stem.split("-")[1]) for path in reversed(self.checkpoints)), None)

    @property
    def stage(self):
        """How far the run is, as the folder shows it."""
        if not (self.folder / "configuration.yaml").exists():
            return NOTHING
        if (self.folder / "summary.json").exists():
            return "after its end"
        if self.newest is None:
            return "before the first save"
        return "after the last save" if self.newest == STEPS else "between saves"

    def contents(self):
        """What the files of the run say."""
        return self.metarate.contents(self.name)


def study(command, options):
    expected, seconds = {}, {}
    for kind in KINDS:
        start = time.monotonic()
        whole = Victim(command, f"whole, {kind}", kind)
        assert whole("run").returncode == 0, "the run without kills failed"
        seconds[kind] = time.monotonic() - start
        expected[kind] = whole.contents()
    count = 200 if options.sample is None else options.sample
    tally = trials.Tally()
    for number in range(count):
        dice = random.Random(f"{options.seed} {number}")
        kind = dice.choice(sorted(KINDS))
        trial(Victim(command, "killed", kind), dice, seconds[kind], expected[kind],
              f"trial {number}, {kind}", tally)
    print(f"{count} runs of {STEPS} steps, each killed once to three times:")
    return tally.close("all went on to the same bits, the same history and the same files")


def trial(victim, dice, seconds, expected, what, tally):
    """One run, its kills, and what it comes to."""
    shutil.rmtree(victim.folder, ignore_errors=True)
    for _ in range(dice.randint(1, 3)):
        how = "run" if victim.stage == NOTHING else dice.choice(["resume", "run --continue"])
        done = victim.killed(how, dice, seconds)
        row = f"{how}, {victim.stage}"
        what += f", {row}"
        tally.add(row, "ended before" if done.returncode == 0 else trials.ending(done))
        if done.returncode not in (0, -9):
            tally.lose(f"{what}: exit code {done.returncode}: {done.stderr.strip()[-300:]}")
        require_newest(victim, what, tally)
    later = victim("run --continue")
    if later.returncode != 0:
        tally.lose(f"{what}: going on ended with {later.returncode}: {later.stderr.strip()[-300:]}")
        return
    for text in trials.differences(expected, victim.contents()):
        tally.lose(f"{what}: {text}")


def require_newest(victim, what, tally):
    """The newest checkpoint must load, whatever the kill left beside it."""
    for path in victim.checkpoints[-1:]:
        done = victim.metarate("inspect", path)
        if done.returncode != 0:
            tally.lose(f"{what}: {path.name} does not load: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    trials.main(study, __doc__)
