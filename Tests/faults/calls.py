#!/usr/bin/env python3
"""Makes each system call of a run fail, one run for each, and asks what was lost.

    Tests/faults/calls.py METARATE [--sample N] [--seed S]

A run of six steps, and its resuming after a kill, on the embedded digits; METARATE is the command. For each
call that concerns the run's folder and each fault (no space, input or output error, interrupted, too many
files, no permission, half of what was asked for, once and from then on; the process killed there): the
process must not trap, an error must be exit code 4 in one line, or passed over where nothing depends on it,
and resuming without faults must come to the same `content_sha256`, history and files. `--sample` takes that
many faults at random, the same ones for the same seed. Prints a line for each kind of fault with trials and
outcomes; exit code 1 where anything was lost.
"""
import errno
import shutil

import trials

HOWS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EINTR": errno.EINTR, "EMFILE": errno.EMFILE,
        "EACCES": errno.EACCES, "short": "short", "kill": "kill"}
TRANSFERS = ("read", "write", "pread", "pwrite")
# What a fault may cost: no work ends in an error because of a picture.
PICTURES = "figures"


class Subject:
    """A command whose system calls can be made to fail, and how it goes on."""

    def __init__(self, command, name, begin, resume=None, again=None):
        """Arguments of what begins, of what resumes after a kill and of what a user does after a failure;
        for some commands all are the same."""
        self.metarate, self.name, self.folder = command, name, command.scratch / f"faulty-{name}"
        self.begin, self.resume, self.again = begin, resume or begin, again or begin
        self.killed = command.scratch / f"killed-{name}"
        self.starts = {name: (self.begin, self.clear), f"resumed {name}": (self.resume, self.restore)}
        self.library = trials.preloaded("inject.c", command.scratch)

    def __call__(self, arguments, **faults):
        if faults:
            faults.update(LD_PRELOAD=self.library, FAULT_ROOT=self.folder.name)
        return self.metarate(*arguments, **faults)

    def contents(self):
        return self.metarate.contents(self.folder.name)

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def restore(self):
        """The folder as a kill left it."""
        self.clear()
        shutil.copytree(self.killed, self.folder)

    def calls(self, arguments, prepare):
        """The names of the calls that a fault can meet."""
        prepare()
        log = self.metarate.scratch / "log"
        log.unlink(missing_ok=True)
        done = self(arguments, FAULT_LOG=str(log))
        assert done.returncode == 0, done.stderr
        return [line.split()[0] for line in log.read_text().splitlines()]

    def kill(self):
        """Keeps the folder of a process that was killed after two thirds of its calls."""
        calls = self.calls(self.begin, self.clear)
        self.clear()
        self(self.begin, FAULT_AT=str(2 * len(calls) // 3), FAULT_HOW="kill")
        shutil.copytree(self.folder, self.killed)

    def faults(self):
        """Every fault: of which start, at which call, which call that is, what it meets, from then on."""
        return [
            (start, at, call, how, is_lasting)
            for start, (arguments, prepare) in self.starts.items()
            for at, call in enumerate(self.calls(arguments, prepare), 1)
            for how in HOWS if how != "short" or call in TRANSFERS
            for is_lasting in ((False,) if how in ("kill", "short", "EINTR") else (False, True))]

    def fail(self, start, at, how, is_lasting):
        """The process whose call of that number fails."""
        arguments, prepare = self.starts[start]
        prepare()
        return self(arguments, FAULT_AT=str(at), FAULT_HOW=str(HOWS[how]),
                    **({"FAULT_FROM": "1"} if is_lasting else {}))


def study(command, options):
    run = ["run", trials.DIGITS, *trials.SHORT_RUN, "--output", "faulty-run", "--quiet"]
    subject = Subject(command, "run", run, ["resume", "faulty-run", "--quiet"], [*run, "--continue"])
    return examine([subject], options, "a run and of its resuming")


def examine(subjects, options, title):
    """Lets calls fail and judges what follows; the exit code."""
    expected, every = {}, []
    for subject in subjects:
        subject(subject.begin)
        expected[subject] = subject.contents()
        assert expected[subject], "the command without faults left nothing"
        subject.kill()
        every += [(subject, *fault) for fault in subject.faults()]
    tally = trials.Tally()
    chosen = trials.sampled(every, options)
    for subject, start, at, call, how, is_lasting in chosen:
        done = subject.fail(start, at, how, is_lasting)
        row = how + (" from then on" if is_lasting else "")
        tally.add(row, trials.ending(done))
        judge(subject, f"{start}, call {at} ({call}), {row}", how, done, expected[subject], tally)
    print(f"{len(chosen)} of {len(every)} faults in system calls of {title}:")
    return tally.close("all went on to the same bits and the same history")


def judge(subject, what, how, done, expected, tally):
    """Notes what a faulty process lost, by its words and by how it goes on."""
    said = [line for line in done.stderr.splitlines()
            if "--quiet" in subject.begin or line.startswith("metarate: ")]
    if done.returncode == 4 and len(said) != 1:
        tally.lose(f"{what}: said {done.stderr!r}")
    if done.returncode not in (0, 4) and not (how == "kill" and done.returncode == -9):
        tally.lose(f"{what}: exit code {done.returncode}: {done.stderr.strip()[-300:]}")
    later = subject(subject.again)
    if later.returncode != 0:
        tally.lose(f"{what}: going on ended with {later.returncode}: {later.stderr.strip()[-300:]}")
        return
    for text in trials.differences(expected, subject.contents(), leaving_out=PICTURES):
        tally.lose(f"{what}: {text}")


if __name__ == "__main__":
    trials.main(study, __doc__)
