"""Shared by the peers: inputs, timing, memory, command line. One process measures one workload."""
import argparse
import json
import sys
import time
from types import SimpleNamespace

import h5py
import numpy as np

from workloads import GROUPS

NOT_OFFERED = 3  # Exit status: the peer has no such workload or variant, or is not installed.
TENSORS = ("weight", "bias", "scale", "offset")  # The order in which the models take them.


class NotOffered(Exception):
    pass


def offered(variant, *variants):
    """Refuses what would otherwise be measured under a wrong name. The first one is the default."""
    variant = variant or variants[0]
    if variant not in variants:
        raise NotOffered(f"variant {variant!r}; offered: {', '.join(variants)}")
    return variant


def read(path, group):
    """initial, rates: lists of arrays, layer by layer; paths: theirs; data: path -> array."""
    with h5py.File(path, "r") as file:
        def paths(layer):  # Some layers have parts, such as the queries of attention.
            return [t for t in TENSORS if t in layer] + [
                f"{part}/{t}" for part in sorted(layer) if part not in TENSORS
                for t in paths(layer[part])]
        names = [f"{name}/{t}" for name, layer in sorted(file[group]["initial"].items())
                 for t in paths(layer)]
        data = {}
        file[group].visititems(lambda name, x: data.update({name: x[()]})
                               if isinstance(x, h5py.Dataset)
                               and not name.startswith(("initial/", "rates/")) else None)
        return SimpleNamespace(paths=names, data=data, **{
            part: [file[group][part][name][()] for name in names] for part in ("initial", "rates")})


def median_seconds(run, least=5, seconds=4.0, most=2000):
    """Median time of `run`, which waits for its result, after a first call: (median, first)."""
    def call():
        start = time.perf_counter()
        run()
        return time.perf_counter() - start
    first, times, begun = call(), [], time.perf_counter()
    while len(times) < least or (time.perf_counter() - begun < seconds and len(times) < most):
        times.append(call())
    return float(np.median(times)), first


def norm(arrays):
    """Euclidean norm over all tensors, summed in double so that it adds no error of its own."""
    return float(np.sqrt(sum(np.sum(np.square(np.asarray(a, np.float64))) for a in arrays)))


def outcome(loss, initial=None, rates=None):
    """What both sides must agree on. `initial` and `rates` are the gradients; none if plain.
    The two parts also alone, since one can drown in the other: in `wide`, that of the rates adds
    only 1.5e-4 to the norm of both."""
    if rates is None:
        return dict(loss=float(loss), hypergradient_norm=None)
    return dict(loss=float(loss), hypergradient_norm=norm([*initial, *rates]),
                initial_norm=norm(initial), rates_norm=norm(rates))


def online_outcome(loss, first, last=None):
    """The same for `online`, from the rates before and after training. Their norm hardly sees that
    they moved (by 1e-4 of it), so the norm of the change is given too."""
    if last is None:
        return outcome(loss)
    change = [np.asarray(b, np.float64) - np.asarray(a) for a, b in zip(first, last)]
    return dict(loss=float(loss), hypergradient_norm=norm(last), rate_change_norm=norm(change))


def peak_mb():
    """Peak resident memory. Not ru_maxrss: that keeps the peak of the process that started us."""
    with open("/proc/self/status") as status:
        return next(round(int(line.split()[1]) / 1024, 1) for line in status if "VmHWM" in line)


def main(peer, workloads, trivial):
    """workloads: name -> function(inputs, variant) -> (run, check) or (run, check, units). `run` is what
    is timed, of so many units where it says so; `check` gives the keys to agree on, and is called after
    peak memory was read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workload")
    parser.add_argument("variant", nargs="?", default="")
    parser.add_argument("--inputs", required=True)
    arguments = parser.parse_args()
    try:
        if arguments.workload not in workloads:
            raise NotOffered(f"workload {arguments.workload!r}; offered: {', '.join(workloads)}")
        trivial()
        idle = peak_mb()
        workload = workloads[arguments.workload]
        inputs = read(arguments.inputs, GROUPS[arguments.workload])
        run, check, *units = workload(inputs, arguments.variant)
    except (NotOffered, ImportError) as error:
        print(f"{peer}: {error}", file=sys.stderr)
        sys.exit(NOT_OFFERED)
    median, first = median_seconds(run)
    peak = peak_mb()
    print(json.dumps(dict(
        peer=peer, workload=arguments.workload, variant=arguments.variant,
        seconds=median / (units[0] if units else 1),
        first_seconds=round(first, 3), peak_mb=peak, idle_mb=idle, **check())))
