"""Runs Metarate and its peers in turn on equal inputs, checks that they agree, and prints a table.

    python compare.py --metarate PATH --inputs FOLDER [--rounds 5] [--peers jax,torch]
                      [--workloads sinusoid-1,long-horizon:segments] [--raw LINES.jsonl]

Exit status: 0; 1 if loss or hypergradient norm disagree, if a side fails, or if a row had no peer;
2 usage. A peer that is not installed, or has no such variant, is reported and left out.
"""
import argparse
import json
import mmap
import os
import platform
import resource
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from statistics import median

from workloads import GROUPS

NOT_OFFERED = 3  # As in common.py, which is not imported: it needs h5py, and memory of its own.
ROWS = ["sinusoid-1", "sinusoid-5", "conv4-1", "conv4-5", "long-horizon", "long-horizon:everyStep",
        "long-horizon:segments", "long-horizon:plain", "wide", "wide:everyStep", "wide:plain",
        "wide-2048", "transformer-addition", "transformer-addition:plain", "transformer-text",
        "transformer-text:plain", "online", "online:plain", "run-sinusoid", "run-digits"]
REQUIRED = ("loss", "hypergradient_norm")
# Compared where both sides print them; README.md says what they catch. The change of the rates in
# `online` is a sum of additions below their last place: single precision keeps three digits of it.
OPTIONAL = {"initial_norm": 1, "rates_norm": 1, "rate_change_norm": 10}


def busy_seconds():
    """CPU time of the whole machine so far, time stolen by its host included."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    usage = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in usage)


def fetch_memory(megabytes):
    """Has the system give so much memory, and gives it back: the next process finds it at hand.

    The host of a virtual machine takes free memory away within seconds, and gives it again at some two
    seconds a gigabyte: a first result waits for it, which is no property of a program on either side.
    Taking it away, the host disturbs what runs meanwhile: not for the other times."""
    if megabytes:
        with mmap.mmap(-1, megabytes << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
            memory.madvise(mmap.MADV_HUGEPAGE)
            for page in range(0, len(memory), mmap.PAGESIZE):
                memory[page] = 1


def measure(command, timeout):
    """One fresh process -> (its JSON line or None, why not, whether it is only not offered).
    `others` is added: the mean number of cores that other processes kept busy meanwhile."""
    wall, foreign = time.monotonic(), busy_seconds() - own_seconds()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None, f"no result after {timeout:.0f} s", False
    except OSError as error:
        return None, str(error), False
    others = (busy_seconds() - own_seconds() - foreign) / (time.monotonic() - wall)
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["no message"]
        return None, f"exit {done.returncode}: {words[-1]}", done.returncode == NOT_OFFERED
    try:
        line = json.loads(done.stdout.strip().splitlines()[-1])
        line["others"] = max(others, 0.0)
        for key in ("seconds", "first_seconds", "peak_mb", "idle_mb", *REQUIRED):
            line[key]
    except (ValueError, IndexError, TypeError) as error:
        return None, f"no JSON line: {error}", False
    except KeyError as error:
        return None, f"JSON line without {error}", False
    return line, None, False


def disagreements(ours, theirs, tolerance):
    """What the two lines do not agree on. A value that is not finite agrees with nothing."""
    out = []
    for key in (*REQUIRED, *OPTIONAL):
        a, b = ours.get(key), theirs.get(key)
        if b is None or (a is None and key in OPTIONAL):
            continue  # A peer without it: higher and TorchOpt give a loss only.
        limit = tolerance * OPTIONAL.get(key, 1)
        # Written so that a comparison with NaN is a disagreement.
        if a is None or not abs(a - b) <= limit * max(abs(a), abs(b)) < float("inf"):
            out.append(f"{key}: metarate {a}, peer {b}")
    return out



def milliseconds(seconds):
    return f"{seconds * 1e3:.3g}" if seconds < 1 else f"{seconds * 1e3:.0f}"


def row_cells(row, peer, ours, theirs, fastest):
    """One line of the table, from the rounds in which both sides gave a result."""
    both = sorted(ours.keys() & theirs.keys())
    a, b = [ours[r] for r in both], [theirs[r] for r in both]

    def of(lines, key):
        return median(line[key] for line in lines)

    def memory(lines):
        return median(line["peak_mb"] - line["idle_mb"] for line in lines)

    def spread(numbers, digits):
        return f"{min(numbers):.{digits}f}–{max(numbers):.{digits}f}"
    ratios = [x["seconds"] / y["seconds"] for x, y in zip(a, b)]
    ratio = f"{of(a, 'seconds') / of(b, 'seconds'):.3f}"
    workload, _, variant = row.partition(":")
    return [workload, variant or "–", peer, milliseconds(of(a, "seconds")),
            milliseconds(of(b, "seconds")), f"**{ratio}**" if fastest else ratio,
            spread(ratios, 3), f"{of(a, 'first_seconds'):.2f}",
            f"{of(b, 'first_seconds'):.2f}", f"{memory(a):.1f}", f"{memory(b):.1f}",
            f"{max(line['others'] for line in a + b):.2f}",
            spread([line.get("barrier_ns") or 0 for line in a], 0)]


HEAD = ["workload", "variant", "peer", "Metarate ms", "peer ms", "ratio", "min–max",
        "Metarate first s", "peer first s", "Metarate MB", "peer MB", "others",
        "barrier ns"]


def machine_line(metarate):
    """Processor, cores and versions, on one line."""
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if "model name" in line),
                     platform.machine())
    versions = [f"Python {platform.python_version()}"]
    for package in ("jax", "jaxlib", "torch", "higher", "torchopt", "numpy"):
        try:
            versions.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            pass
    try:
        asked = subprocess.run([metarate, "--version"], capture_output=True, text=True, timeout=20)
        own = asked.stdout.strip() if asked.returncode == 0 else ""
    except (OSError, subprocess.TimeoutExpired):
        own = ""
    kernel = platform.release().partition("-")[0]
    return (f"{model}, {len(os.sched_getaffinity(0))} cores, Linux {kernel}; "
            f"{own or 'Metarate (version unknown)'}; {', '.join(versions)}.")


def chosen_rows(names, parser):
    """`wide` means all its variants, `wide:plain` that one, `wide:` the default."""
    out = []
    for name in names:
        found = [r for r in ROWS if r == name.rstrip(":") or
                 (":" not in name and r.startswith(name + ":"))]
        if not found:
            parser.error(f"unknown workload {name!r}; known: {', '.join(ROWS)}")
        out += [row for row in found if row not in out]
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--metarate", required=True, help="the release build of the command")
    parser.add_argument("--inputs", help="the folder that inputs.py wrote")
    parser.add_argument("--table", metavar="RAW",
                        help="measure nothing: print the table of a file that --raw wrote")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default="jax,torch",
                        help="a peer's own variant after a colon: jax:vmap, torch:higher, …")
    parser.add_argument("--workloads", default=",".join(ROWS))
    parser.add_argument("--tolerance", type=float, default=1e-3, help="relative")
    parser.add_argument("--memory", type=int, default=0, metavar="MB",
                        help="fetched from a virtual machine's host before each process: for first "
                             "results that do not wait for it")
    parser.add_argument("--timeout", type=float, default=600, help="seconds a process may take")
    parser.add_argument("--raw", help="append every JSON line to this file")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    if not arguments.table and not arguments.inputs:
        parser.error("--inputs or --table is needed")
    rows = chosen_rows(arguments.workloads.split(","), parser)
    results, notes, failures = {}, [], []

    def say(message, failed=False):
        collected = failures if failed else notes
        if message not in collected:
            collected.append(message)
            print(message, file=sys.stderr, flush=True)

    if arguments.table:
        for text in Path(arguments.table).read_text().splitlines():
            line = json.loads(text)
            results.setdefault((line["side"], line["row"]), {})[line["round"]] = line
        rows = [row for row in rows if ("metarate", row) in results]
    else:
        run_rounds(arguments, parser, rows, results, say)
    peers = list(dict.fromkeys(side for side, _ in results if side != "metarate"))
    report(arguments, rows, peers, results, say)
    for message in notes:
        print(f"\nNote: {message}")
    for message in failures:
        print(f"\n**Failed:** {message}")
    sys.exit(1 if failures else 0)


def run_rounds(arguments, parser, rows, results, say):
    """Runs both sides in turn; results[side, row][round] are the lines that they printed."""
    inputs = {row: Path(arguments.inputs) / f"{GROUPS[row.partition(':')[0]]}.h5" for row in rows}
    for file in inputs.values():
        if not file.is_file():
            parser.error(f"no such file: {file}; python inputs.py {arguments.inputs} makes it")
    peers, here = arguments.peers.split(","), Path(__file__).parent
    for peer in peers:
        if not (here / f"{peer.partition(':')[0]}_peer.py").is_file():
            parser.error(f"unknown peer {peer!r}")

    absent = set()

    def command(side, row):
        workload, _, variant = row.partition(":")
        if side == "metarate":
            chosen = ["--variant", variant] if variant else []
            return [arguments.metarate, "bench", workload, *chosen, "--json",
                    "--inputs", str(inputs[row])]
        peer, _, own = side.partition(":")
        return [sys.executable, "-B", str(here / f"{peer}_peer.py"), workload,
                *([variant or own] if variant or own else []), "--inputs", str(inputs[row])]

    for turn in range(arguments.rounds):
        for row in rows:
            # Every other round backwards, so that a drift of the machine favors neither side.
            for side in ["metarate", *peers][::-1 if turn % 2 else 1]:
                # A peer's own variant stands beside the default only: `plain` has no `vmap`.
                if (side, row) in absent or (":" in side and ":" in row):
                    continue
                fetch_memory(arguments.memory)
                line, why, not_offered = measure(command(side, row), arguments.timeout)
                if line is None:
                    is_peer_without = not_offered and side != "metarate"
                    say(f"{row}: {side}: {why}", failed=not is_peer_without)
                    absent.add((side, row))
                    continue
                results.setdefault((side, row), {})[turn + 1] = line
                print(f"round {turn + 1}, {row}, {side}: {milliseconds(line['seconds'])} ms",
                      file=sys.stderr, flush=True)
                if arguments.raw:
                    with open(arguments.raw, "a") as raw:
                        raw.write(json.dumps(dict(line, side=side, row=row, round=turn + 1)) + "\n")


def report(arguments, rows, peers, results, say):
    """Prints the table; says where sides disagree or one has no result."""
    table = []
    for row in rows:
        ours = results.get(("metarate", row), {})
        found = {p: results[p, row] for p in peers
                 if ours.keys() & results.get((p, row), {}).keys()}
        if not found:
            say(f"{row}: nothing to compare", failed=True)
            continue
        speed = {p: median(line["seconds"] for line in lines.values())
                 for p, lines in found.items()}
        for peer, lines in found.items():
            for turn in sorted(ours.keys() & lines.keys()):
                for what in disagreements(ours[turn], lines[turn], arguments.tolerance):
                    say(f"{row}: {peer} disagrees: {what}", failed=True)
            for key in OPTIONAL:
                if any(key in x for x in lines.values()) and any(key not in x
                                                                 for x in ours.values()):
                    say(f"{row}: {key} is not checked: Metarate does not print it")
            fastest = speed[peer] == min(speed.values())
            table.append(row_cells(row, peer, ours, lines, fastest))

    rounds = max((turn for lines in results.values() for turn in lines), default=0)
    print(f"Medians of {rounds} interleaved rounds; ratio is Metarate's time over the "
          "peer's (bold: the fastest peer), with the least and greatest of the rounds; MB is "
          "peak − idle; others is the most cores that other processes kept busy in any of the "
          "row's runs: well above 0, the row is not to be trusted; barrier ns is what handing work "
          "from one of Metarate's workers to another took, least and greatest: several hundred "
          "where cores are far apart, as a virtual machine's may be from one run to the next.\n")
    for cells in [HEAD, ["---"] * 3 + ["---:"] * 10, *table]:
        print("| " + " | ".join(cells) + " |")
    print(f"\n{machine_line(arguments.metarate)}")


if __name__ == "__main__":
    main()
