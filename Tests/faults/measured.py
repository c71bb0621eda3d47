"""The command under test with its CPU time and peak memory, and what no file may make of it."""
import dataclasses
import os
import resource
import subprocess
import tempfile
import threading

MOST_BYTES = 1 << 30
MOST_SECONDS = 5.0
MOST_CHARACTERS = 2000
# A process that asks for more is refused, so that a runaway takes no other process with it.
ADDRESS_SPACE = 8 << 30
# Seconds after which a process hangs, on any machine.
PATIENCE = 120


@dataclasses.dataclass(frozen=True)
class Measured:
    """A process that ended."""
    returncode: int
    stdout: str
    stderr: str
    seconds: float
    bytes: int
    is_hung: bool


def run(command, *arguments, **environment):
    """`metarate ARGUMENTS` as `command` runs it, measured."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [command.metarate, *map(str, arguments)], cwd=command.scratch, stdout=out, stderr=err,
            stdin=subprocess.DEVNULL,
            env=dict(os.environ, METARATE_WORKERS="1", PATH="/nowhere",
                     SWIFT_BACKTRACE="enable=no", **environment))
        resource.prlimit(process.pid, resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
        hung = threading.Event()
        timer = threading.Timer(PATIENCE, lambda: (hung.set(), process.kill()))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return Measured(process.returncode, text(out), text(err), usage.ru_utime + usage.ru_stime,
                        usage.ru_maxrss << 10, hung.is_set())


def text(file):
    """What was written to a file, whatever bytes it has."""
    file.seek(0)
    return file.read().decode(errors="replace")


def fault(done, codes, is_timed=False, seconds=MOST_SECONDS):
    """What the process must not have done, in words; None where all is well.

    Any other ending than one of these exit codes, a refusal that is not one line without control
    characters, more than a GiB of memory and, where `is_timed`, more CPU time than so many seconds.
    """
    if done.is_hung:
        return f"hangs: killed after {PATIENCE} s"
    if done.returncode not in codes:
        ending = f"signal {-done.returncode}" if done.returncode < 0 else f"code {done.returncode}"
        return f"ended with {ending}: {done.stderr.strip()[:300]}"
    lines = done.stderr.splitlines()
    if done.returncode != 0 and not (lines and is_refusal(lines)):
        return f"said no one line of refusal: {done.stderr[-300:]!r}"
    if has_controls(done.stdout + done.stderr):
        return f"writes control characters: {(done.stderr or done.stdout)[:300]!r}"
    if done.bytes > MOST_BYTES:
        return f"took {done.bytes >> 20} MiB of memory"
    if is_timed and done.seconds > seconds:
        return f"took {done.seconds:.1f} s of CPU time"
    return None


def is_refusal(lines):
    """Whether lines end with one of refusal, behind notes; settings that differ are listed below it."""
    said = [place for place, line in enumerate(lines) if line.startswith("metarate: ")]
    return (len(said) == 1 and len(lines[said[0]]) <= MOST_CHARACTERS
            and all(line.startswith("  ") or " → " in line for line in lines[said[0] + 1:]))


def has_controls(said):
    """Whether a terminal would take some of it for a command."""
    return any(ord(character) < 32 and character not in "\n\t" or 127 <= ord(character) < 160
               for character in said)
