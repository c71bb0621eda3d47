#!/usr/bin/env python3
"""Runs where a place or a limit refuses, and asks what was lost.

    Tests/faults/places.py METARATE [--sample N] [--seed S]

A run of six steps on the embedded digits, from the start and resumed after kills; METARATE is the
command. The disk is full, folders and file systems are read-only, files and folders are removed or changed
for others or for symbolic links before the run and during it, standard streams are closed or full, the sizes
of files, descriptors and address space are limited. The process must end well, or with one line and the exit
code for input and output (of a limit of address space, of usage), and must write nothing into what is
another's. When what was refused is granted again, going on must come to the same `content_sha256`, history
and files. Full disks and read-only file systems take a root that may mount. `--sample` takes that many cases
of each kind at random, the same ones for the same seed. Prints a line for each kind of place with cases and
outcomes; exit code 1 where anything was lost.
"""
import contextlib
import dataclasses
import itertools
import os
import resource
import shutil
import signal
import subprocess
import typing

import calls
import trials

RUN = ["run", trials.DIGITS, *trials.SHORT_RUN]
STARTS = "run", "resume"
NOBODY = 65534
INPUT_OUTPUT, USAGE, NOT_LOADED = 4, 2, 127
KIB, MIB = 1 << 10, 1 << 20
PRECIOUS = "somebody's own\n"


class Skipped(Exception):
    """A case that cannot be made here."""


@dataclasses.dataclass
class Case:
    """A process that meets a fault."""
    row: str
    what: str
    # What begins or goes on with the run: one of STARTS.
    start: str
    # A generator, given the subject. It makes the fault and gives options of `Subject.process`; then it
    # grants again what was refused, and gives what it finds lost; where it is closed, it cleans up.
    fault: typing.Callable
    # Exit codes that the process may end with.
    codes: tuple = (0, INPUT_OUTPUT)
    is_quiet: bool = True
    # A file that somebody removes for good.
    gone: str = ""


class Subject:
    """A run that begins or goes on in a folder, of which a fault can be made."""

    def __init__(self, command):
        self.metarate, self.scratch = command, command.scratch
        # Somebody else's processes come here, too: rights refuse root nothing.
        self.scratch.chmod(0o755)
        self.library = trials.preloaded("after.c", self.scratch)
        self.place = "run"
        # Killed twice, so that there is a history in both of its files.
        for step, command in [(2, [*RUN, "--output", self.place]), (3, ["resume", self.place])]:
            killed = self.metarate(*command, **self.after(step, signal.SIGKILL))
            assert killed.returncode == -9, "the run was not killed"
        self.folder.rename(self.scratch / "killed")
        assert self.begin().returncode == 0, "the run without faults failed"
        self.expected = self.contents()

    @property
    def folder(self):
        return self.scratch / self.place

    def begin(self, *options):
        return self.metarate(*RUN, "--output", self.place, "--quiet", *options)

    def contents(self):
        return self.metarate.contents(self.place)

    def prepare(self, start, place):
        """Makes a place the folder that a command starts from: none, or that of a killed run."""
        self.place = place
        if self.folder.is_symlink():
            self.folder.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)
        if start == "resume":
            shutil.copytree(self.scratch / "killed", self.folder)

    def after(self, step, number):
        """The environment that has a process signalled when the checkpoint of a step has its name."""
        return {"LD_PRELOAD": self.library, "AFTER_NAME": f"/checkpoint-{step:08}.h5",
                "AFTER_SIGNAL": str(int(number))}

    def process(self, case, meanwhile=None, **options):
        """The ended process of a case. With `meanwhile` it stands still when its fourth step is saved, and
        goes on when that was called."""
        arguments = ["resume", self.place] if case.start == "resume" else [*RUN, "--output", self.place]
        quiet = ["--quiet"] if case.is_quiet else []
        stop = self.after(4, signal.SIGSTOP) if meanwhile else {}
        process = self.metarate.start(*arguments, *quiet, options=options, **stop)
        if meanwhile:
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            meanwhile()
            process.send_signal(signal.SIGCONT)
        return trials.ended(process)


def study(command, options):
    subject, tally = Subject(command), trials.Tally()
    kinds = [list(kind()) for kind in KINDS]
    chosen = [case for kind in kinds for case in trials.sampled(kind, options)]
    for case in chosen:
        subject.prepare(case.start, "run")
        steps = case.fault(subject, case)
        try:
            with contextlib.closing(steps):
                judge(subject, case, steps, tally)
        except Skipped as reason:
            tally.add(case.row, f"skipped: {reason}")
    print(f"{len(chosen)} of {sum(map(len, kinds))} cases of places and limits that refuse:")
    return tally.close("all went on to the same bits, the same history and the same files")


def judge(subject, case, steps, tally):
    """Notes what the process of a case lost, by its words and by how it goes on."""
    done = subject.process(case, **next(steps))
    lost = next(steps, None) or []
    later = subject.begin("--continue")
    if done.returncode == NOT_LOADED:
        tally.add(case.row, "not loaded by the system")
    else:
        tally.add(case.row, trials.ending(done))
        lost += unclear(case, done)
    if later.returncode != 0:
        lost.append(f"going on ended with {later.returncode}: {later.stderr.strip()[-300:]}")
    else:
        lost += differences(subject, case)
    for text in lost:
        tally.lose(f"{case.row}, {case.what}, {case.start}: {text}")


def unclear(case, done):
    """What is wrong with how a process ended."""
    if done.returncode not in case.codes:
        return [f"exit code {done.returncode}: {done.stderr.strip()[:300]}"]
    if done.returncode in (INPUT_OUTPUT, USAGE) and case.is_quiet and len(done.stderr.splitlines()) != 1:
        return [f"said {done.stderr!r}"]
    return []


def differences(subject, case):
    """What the run came to otherwise than one without faults; files that were moved aside may be there."""
    found = {name: text for name, text in subject.contents().items() if ".damaged" not in name}
    lines = trials.differences(subject.expected, found, leaving_out=calls.PICTURES)
    return [line for line in lines if not case.gone or not line.startswith(case.gone)]


# Disks.

def full_disks():
    sizes = [64, 128, 192, 256, 384, 512, 600, 768, 1024, 1280, 1536, 2048, 4096]
    for kib, start in itertools.product(sizes, STARTS):
        def fault(subject, case, kib=kib):
            with disk(subject, case, f"{kib}k") as remount:
                yield {}
                remount("size=64m")
                yield
        yield Case("full disk", f"{kib} KiB", start, fault)


def read_only_disks():
    for start in STARTS:
        def fault(subject, case):
            with disk(subject, case, "64m") as remount:
                remount("ro")
                yield {}
                remount("rw")
                yield
        yield Case("read-only disk", "remounted", start, fault, (INPUT_OUTPUT,))


@contextlib.contextmanager
def disk(subject, case, size):
    """A file system of a size with the run's folder in it; gives what changes its options."""
    point = subject.scratch / "disk"
    point.mkdir(exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={size}", "none", point)
    try:
        try:
            subject.prepare(case.start, "disk/run")
        except shutil.Error:
            raise Skipped("no room for a run") from None
        yield lambda options: mount("-o", f"remount,{options}", point)
    finally:
        subprocess.run(["umount", point], check=True)


def mount(*arguments):
    try:
        subprocess.run(["mount", *arguments], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise Skipped("no tmpfs") from None


# Rights.

def rights():
    yield Case("rights", "above the folder", "run", refusing([".."], 0o555), (INPUT_OUTPUT,))
    for name, mode in [(".", 0o555), (".", 0o000), (".", 0o666), ("checkpoints", 0o555),
                       ("checkpoints", 0o000), ("checkpoints/checkpoint-00000003.h5", 0o000),
                       ("checkpoints/index.json", 0o000), ("history.journal", 0o000),
                       ("trajectory.h5", 0o000),
                       ("configuration.yaml", 0o000), ("provenance.json", 0o000), (".lock", 0o444)]:
        yield Case("rights", f"{name} {mode:03o}", "resume", refusing([name], mode), (INPUT_OUTPUT,))
    for name in ["metrics.csv", "checkpoints/best.h5"]:
        # Files are replaced, so that rights to write them do not matter.
        yield Case("rights", f"{name} 000", "resume", refusing([name], 0o000))


def refusing(names, mode):
    """Takes rights to paths of the folder away from its owner, who is not root."""
    def fault(subject, case):
        owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        (subject.scratch / "somebody").mkdir(exist_ok=True)
        subject.prepare(case.start, "somebody/run")
        if owner and not can_begin(subject, owner):
            raise Skipped("nobody else may execute the command")
        paths = [subject.folder.parent, subject.folder, *subject.folder.rglob("*")]
        paths = [path for path in paths if path.exists()]
        for path in paths if owner else []:
            os.chown(path, NOBODY, NOBODY)
        taken = [subject.folder.parent if name == ".." else subject.folder / name for name in names]
        modes = {path: path.stat().st_mode for path in taken}
        try:
            for path in taken:
                path.chmod(mode)
            yield owner
        finally:
            for path in taken:
                path.chmod(modes[path])
        yield
    return fault


def can_begin(subject, owner):
    try:
        return subprocess.run([subject.metarate.metarate, "--version"], cwd=subject.scratch,
                              capture_output=True, **owner).returncode == 0
    except OSError:
        return False


# What changes while the run is under way.

def removals():
    names = [".", "checkpoints", "checkpoints/checkpoint-00000004.h5", "checkpoints/index.json",
             "checkpoints/best.h5", "checkpoints/.lock", "history.journal", "trajectory.h5", "metrics.csv",
             "provenance.json", ".lock"]
    for name, start in itertools.product(names, STARTS):
        def fault(subject, case, name=name):
            yield {"meanwhile": lambda: remove(subject.folder / name)}
        yield Case("removed during the run", name, start, fault, gone=name)


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def exchanges():
    """The folder is renamed and another takes its place: nothing may be written into that one."""
    for name, start, other in itertools.product([".", "checkpoints"], STARTS, ["empty", "another run"]):
        def fault(subject, case, name=name, other=other):
            path, moved = subject.folder / name, subject.scratch / "moved"
            before = {}

            def exchange():
                path.rename(moved)
                if other == "empty":
                    path.mkdir()
                else:
                    shutil.copytree(subject.scratch / "killed" / name, path)
                before.update(bytes_below(path))
            yield {"meanwhile": exchange}
            after = bytes_below(path)
            shutil.rmtree(path)
            moved.rename(path)
            yield [f"{file} is written into the other folder" for file in sorted(after)
                   if after[file] != before.get(file)] + [
                       f"{file} is gone from the other folder" for file in before if file not in after]
        yield Case("exchanged during the run", f"{name} for {other}", start, fault)


def bytes_below(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


# Symbolic links.

def links():
    for start in STARTS:
        yield Case("symbolic links", "the folder", start, linked_folder, (0,))
    yield Case("symbolic links", "the folder, to nowhere", "run", dangling_folder, (INPUT_OUTPUT,))
    names = ["checkpoints", "checkpoints/checkpoint-00000003.h5", "checkpoints/index.json",
             "checkpoints/best.h5", "trajectory.h5", "metrics.csv", "configuration.yaml", "provenance.json",
             ".lock", "history.journal", "summary.json", "curves.csv"]
    for name in names:
        yield Case("symbolic links", name, "resume", linked(name, before=True))
    for name, start in itertools.product(names, STARTS):
        yield Case("symbolic links during the run", name, start, linked(name, before=False))


def linked_folder(subject, case):
    target = subject.scratch / "target"
    if subject.folder.exists():
        subject.folder.rename(target)
    else:
        target.mkdir()
    subject.folder.symlink_to(target)
    try:
        yield {}
        yield
    finally:
        subject.folder.unlink()
        shutil.rmtree(target)


def dangling_folder(subject, case):
    subject.folder.symlink_to(subject.scratch / "nowhere")
    yield {}
    found = (subject.scratch / "nowhere").exists()
    subject.folder.unlink()
    yield ["the target of a link to nowhere is made"] if found else []


def linked(name, before):
    """A path of the folder becomes a link to somebody's file or, where the run has one, to that; the
    target must stay as it is, apart from a folder's files."""
    def fault(subject, case):
        path, target = subject.folder / name, subject.scratch / "target"

        def link():
            if path.exists():
                path.rename(target)
            else:
                target.write_text(PRECIOUS)
            path.symlink_to(target)
            if target.is_file():
                original.append(target.read_bytes())
        original = []
        try:
            if before:
                link()
            yield {} if before else {"meanwhile": link}
            lost = [] if not original or target.read_bytes() == original[0] else [
                "what the link names is written over"]
            # What was put there first is granted again where it is the run's own.
            if path.is_symlink():
                path.unlink()
                if target.is_dir() or original[0] != PRECIOUS.encode():
                    target.rename(path)
            yield lost
        finally:
            remove(target)
    return fault


# Standard streams.

def streams():
    """Standard input, output and errors, each open, full or closed."""
    for states, start in itertools.product(itertools.product(["open", "full", "closed"], repeat=3), STARTS):
        def fault(subject, case, states=states):
            with contextlib.ExitStack() as stack:
                full = stack.enter_context(open("/dev/full", "r+b", buffering=0))
                closed = [number for number, state in enumerate(states) if state == "closed"]
                given = {name: full for name, state in zip(["stdin", "stdout", "stderr"], states)
                         if state == "full"}
                yield {**given, "preexec_fn": lambda: [os.close(number) for number in closed]}
                yield
        # Words that nobody can get are no error where there is no place for them at all.
        is_lost = states[1] != "open" or states[2] == "full"
        yield Case("standard streams", ", ".join(states), start, fault,
                   (INPUT_OUTPUT if is_lost else 0,), is_quiet=False)


# Limits.

def file_sizes():
    sizes = [0, 1, 4, 8, 16, 24, 26, 28, 32, 64, 128, 256, 512, 1024]
    for kib, start in itertools.product(sizes, STARTS):
        yield Case("limit of file sizes", f"{kib} KiB", start, limited(resource.RLIMIT_FSIZE, kib * KIB))


def descriptors():
    for count, start in itertools.product(range(3, 41), STARTS):
        yield Case("limit of descriptors", str(count), start, limited(resource.RLIMIT_NOFILE, count))


def address_spaces():
    for mib, start in itertools.product([*range(64, 512, 32), *range(512, 1025, 64)], STARTS):
        yield Case("limit of address space", f"{mib} MiB", start,
                   limited(resource.RLIMIT_AS, mib * MIB), (0, INPUT_OUTPUT, USAGE))


def limited(kind, value):
    def fault(subject, case):
        yield {"preexec_fn": lambda: resource.setrlimit(kind, (value, value))}
    return fault


KINDS = [full_disks, read_only_disks, rights, removals, exchanges, links, streams, file_sizes, descriptors,
         address_spaces]


if __name__ == "__main__":
    trials.main(study, __doc__)
