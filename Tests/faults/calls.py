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
import errno
import pathlib
import shutil
import subprocess

import trials

HOWS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EINTR": errno.EINTR, "EMFILE": errno.EMFILE,
        "EACCES": errno.EACCES, "short": "short", "kill": "kill"}
FOLDER = "faulty-run"


class Subject:
    """A run of six steps whose system calls can be made to fail."""

    def __init__(self, command):
        self.metarate, self.scratch = command, command.scratch
        self.folder = self.scratch / FOLDER
        self.library = self.scratch / "inject.so"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", self.library,
                        pathlib.Path(__file__).parent / "inject.c", "-ldl"], check=True)

    def command(self, *arguments, **faults):
        if faults:
            faults.update(LD_PRELOAD=str(self.library), FAULT_ROOT=FOLDER)
        return self.metarate(*arguments, "--quiet", **faults)

    def begin(self, **faults):
        return self.command("run", trials.DIGITS, *trials.SHORT_RUN, "--output", FOLDER, **faults)

    def resume(self, **faults):
        return self.command("resume", FOLDER, **faults)

    def again(self):
        """What a user does after a failure: goes on, or begins where nothing was begun."""
        return self.command("run", trials.DIGITS, *trials.SHORT_RUN, "--continue", "--output", FOLDER)

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def restore(self):
        """The folder of a run that was killed in its fourth step."""
        self.clear()
        shutil.copytree(self.scratch / "killed", self.folder)

    def result(self):
        return self.metarate.result(FOLDER)

    def calls(self, start, prepare):
        """The names of the calls that a fault can meet."""
        prepare()
        log = self.scratch / "log"
        log.unlink(missing_ok=True)
        done = start(FAULT_LOG=str(log))
        assert done.returncode == 0, done.stderr
        return [line.split()[0] for line in log.read_text().splitlines()]


def study(command, options):
    subject = Subject(command)
    subject.begin()
    expected = subject.result()
    assert expected[0], "the run without faults has no last state"
    kill(subject)
    starts = {"run": (subject.begin, subject.clear), "resume": (subject.resume, subject.restore)}
    every = [
        (name, at, call, how, is_lasting)
        for name, (start, prepare) in starts.items()
        for at, call in enumerate(subject.calls(start, prepare), 1)
        for how in HOWS if how != "short" or call in ("read", "write")
        for is_lasting in ((False,) if how in ("kill", "short", "EINTR") else (False, True))]
    tally = trials.Tally()
    chosen = trials.sampled(every, options)
    for name, at, call, how, is_lasting in chosen:
        start, prepare = starts[name]
        prepare()
        done = start(FAULT_AT=str(at), FAULT_HOW=str(HOWS[how]),
                     **({"FAULT_FROM": "1"} if is_lasting else {}))
        row = how + (" from then on" if is_lasting else "")
        tally.add(row, trials.ending(done))
        judge(subject, f"{name}, call {at} ({call}), {row}", how, done, expected, tally)
    print(f"{len(chosen)} of {len(every)} faults in system calls of a run and of its resuming:")
    return tally.close("all went on to the same bits and the same history")


def judge(subject, what, how, done, expected, tally):
    """Notes what a faulty run lost, by its words and by how it goes on."""
    if done.returncode == 4 and len(done.stderr.strip().splitlines()) != 1:
        tally.lose(f"{what}: said {done.stderr!r}")
    if done.returncode not in (0, 4) and not (how == "kill" and done.returncode == -9):
        tally.lose(f"{what}: exit code {done.returncode}: {done.stderr.strip()[-300:]}")
    later = subject.again()
    if later.returncode != 0:
        tally.lose(f"{what}: going on ended with {later.returncode}: {later.stderr.strip()[-300:]}")
    elif subject.result() != expected:
        tally.lose(f"{what}: other bits or another history")


def kill(subject):
    """Keeps the folder of a run that was killed in its fourth step."""
    calls = subject.calls(subject.begin, subject.clear)
    subject.clear()
    subject.begin(FAULT_AT=str(2 * len(calls) // 3), FAULT_HOW="kill")
    shutil.copytree(subject.folder, subject.scratch / "killed")


if __name__ == "__main__":
    trials.main(study, __doc__)
