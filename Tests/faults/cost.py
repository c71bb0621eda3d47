#!/usr/bin/env python3
"""Measures what saving costs: a benchmark, which fails at nothing.

    Tests/faults/cost.py METARATE [--sample N]

Runs that save on their way and runs that save at their end alone, which every run does, take
turns: the quickstart, and 5000 outer steps of a small problem, N pairs of each (5). Then the speed
of saving a state of 100 MB (a wide model whose rates are of each parameter and step): the time
that eight more steps take, each of which is saved and takes less time than that, beside
`dd bs=1M conv=fsync` of the same size. Prints seconds and ratios, medians over pairs. Run it where
nothing else runs, with TMPDIR on the disk in question.
"""
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import time

import cases
import trials

NEVER = "checkpoint.every=1000000000"
EACH_SECOND = "checkpoint.every={seconds: 1}"
WIDE = ["model.hidden=[256, 256]", "inner.steps=60", "inner.batch=1", "outer.tasks=1",
        "rates.granularity=parameter", "rates.time=step", "rates.terms=base", "testRuns=2",
        "outer.validation.every=0", "history.every=1000000", "checkpoint.every=1"]
# Between two steps whose rates the history keeps whole.
FEWER, MORE = 11, 19


class Subject:
    """Runs in scratch that are timed."""

    def __init__(self, command):
        self.command, self.folder = command, command.scratch / "run"
        small = {**cases.BASE, "outer.steps": 5000, "outer.validation.every": 10}
        del small["checkpoint.every"]
        self.small = [cases.base(command.scratch), *cases.overrides(small)]

    def run(self, *arguments):
        """Seconds and seconds of the processor that a run takes in a folder of its own."""
        shutil.rmtree(self.folder, ignore_errors=True)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(
            [self.command.metarate, "run", *arguments, "--quiet", "--output", self.folder],
            cwd=self.command.scratch, env=dict(os.environ, PATH="/nowhere"))
        seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done
        return seconds, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)

    def written(self, count):
        """Seconds that `dd` takes to write so many bytes to the disk."""
        target = self.command.scratch / "dd"
        start = time.monotonic()
        subprocess.run(["dd", "if=/dev/zero", f"of={target}", "bs=1M", "conv=fsync",
                        f"count={round(count / 2**20)}"], check=True, capture_output=True)
        seconds = time.monotonic() - start
        target.unlink()
        return seconds


def compare(subject, what, pairs, *arguments):
    """Prints what a run takes more than one that saves at its end alone."""
    found = []
    for pair in range(pairs):
        # Whatever slows the machine down for a while meets both kinds.
        order = [(), (NEVER,)] if pair % 2 == 0 else [(NEVER,), ()]
        found.append({change: subject.run(*arguments, *change) for change in order})
    for place, unit in enumerate(("s", "s of the processor")):
        saving, ending = ([pair[change][place] for pair in found] for change in ((), (NEVER,)))
        more = [100 * (one / other - 1) for one, other in zip(saving, ending)]
        print(f"  {what:42} {statistics.median(saving):7.2f} {unit}, "
              f"{statistics.median(ending):.2f} without: {statistics.median(more):+.1f} % "
              f"({min(more):+.1f} to {max(more):+.1f})", flush=True)


def speed(subject, count):
    """Prints how fast a large state is saved."""
    saves, disk = [], []
    for _ in range(count):
        fewer, more = (subject.run(trials.DIGITS, *WIDE, f"outer.steps={steps}")[0]
                       for steps in (FEWER, MORE))
        size = max((subject.folder / "checkpoints").glob("checkpoint-*.h5")).stat().st_size
        saves.append((more - fewer) / (MORE - FEWER))
        disk.append(subject.written(size))
    save, plain = statistics.median(saves), statistics.median(disk)
    print(f"  a state of {size / 1e6:.0f} MB: {save:.3f} s, {size / 1e6 / save:.0f} MB/s "
          f"({size / 1e6 / max(saves):.0f} to {size / 1e6 / min(saves):.0f}); "
          f"dd: {plain:.3f} s, {size / 1e6 / plain:.0f} MB/s; ratio {save / plain:.1f}")


def processor():
    """Its name, and how many there are."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else f"{os.cpu_count()} processors"


def study(command, options):
    subject, pairs = Subject(command), options.sample or 5
    print(f"{processor()}; medians of {pairs}; runs that save on the way, and at their end alone:")
    compare(subject, "the quickstart, saved every 10 steps", pairs, trials.DIGITS)
    compare(subject, "5000 small steps, saved every 30 s", pairs, *subject.small)
    compare(subject, "5000 small steps, saved every second", pairs, *subject.small, EACH_SECOND)
    speed(subject, pairs)
    return 0


if __name__ == "__main__":
    trials.main(study, __doc__)
