#!/usr/bin/env bash
# The module of Python reads what runs write as h5py and h5dump do, and recomputes the hash that files are
# sealed with, in files of this release and of earlier ones.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "python-files.sh: $*" >&2; exit 1; }
# Debian's python3-h5py belongs to Debian's Python.
python=/usr/bin/python3
"$python" -c 'import h5py, numpy' 2>/dev/null \
  || { echo "skipped: $python has no h5py, which python3-h5py brings"; exit 0; }
module=experiments/python/metarate_files.py
short=(inner.steps=5 outer.tasks=2 outer.validation.tasks=2 checkpoint.every=1)

# What a file can hold: rates that change over time, orbits, learned scalars and weights, an average.
"$METARATE" run experiments/digits.yaml "${short[@]}" outer.steps=4 outer.validation.every=2 testRuns=3 \
  model.hidden='[6]' rates.granularity=tensor \
  'rates.terms=[base, { granularity: orbit, time: { kind: knots, count: 3 }, decay: 0.1 }]' \
  'outer.learn=[rates, initialWeights, optimizerScalars]' outer.average.decay=0.5 outer.shrink=signal \
  --quiet --output "$folder/run"
# Runs that draw their own weights and go on; with so large an outer rate the start stays the best state.
"$METARATE" run experiments/digits.yaml "${short[@]}" outer.steps=2 outer.validation.every=1 testRuns=2 \
  model.hidden='[6]' rates.time=constant rates.terms=base outer.cadence=carried outer.clip=none \
  outer.optimizer.rate=20 --quiet \
  --output "$folder/carried"
"$METARATE" ablate experiments/ablation-digits.yaml "${short[@]}" outer.steps=2 model.hidden='[6]' \
  ablation.repetitions=2 ablation.seeds=3 'ablation.tuning={ seeds: 2, rates: 3, pairs: 3 }' \
  'ablation.arms=[tunedUniform, { kind: learned, name: "a, b" }]' --output "$folder/ablation" \
  >"$folder/report" 2>&1

"$python" - "$folder" Tests/golden-runs/0.1.0 <<'PYTHON'
import math, pathlib, shutil, subprocess, sys
import h5py
import numpy as np
sys.dont_write_bytecode = True
sys.path.insert(0, "experiments/python")
from metarate_files import (Ablation, Checkpoint, DamagedFile, MetarateError, MissingData, Run, Trajectory,
                            UnknownFile, ablation, curves, verify)

folder, golden = map(pathlib.Path, sys.argv[1:])


def same(found, group):
    """Whether tensors are exactly the datasets below a group of h5py's."""
    datasets = {}
    group.visititems(lambda name, item: datasets.update({name: item[()]})
                     if isinstance(item, h5py.Dataset) else None)
    assert set(found) == set(datasets), (sorted(found), sorted(datasets))
    for name, value in found.items():
        assert np.array_equal(value, datasets[name]), name


def refused(error, words, action):
    """The action raises that error, whose message has the words."""
    try:
        action()
    except error as found:
        assert words in str(found), f"{found} does not say {words}"
    else:
        raise AssertionError(f"not refused: {words}")


def dumped(path, dataset):
    """What h5dump prints of a dataset."""
    text = subprocess.run(["h5dump", "-d", dataset, "-y", "-w", "0", "-m", "%.17g", str(path)],
                          check=True, capture_output=True, text=True).stdout
    data = text.split("DATA {", 1)[1].split("}", 1)[0]
    return np.array([float(number) for number in data.replace(",", " ").split()])


# Checkpoints: the last state, the best one beside it, and the best one alone.
run = Run(folder / "run")
assert run.steps == [3, 4], run.steps
hashes = run.verify()
assert len(hashes) == 5, hashes
last, beside, best = run.last, run.checkpoint(4, last=False), run.best
assert (last.state, beside.state, best.state) == ("last", "best", "best")
file = h5py.File(last.path)
for group, names in (("rates", "rates"), ("rates_raw", "trainable_rates"), ("model", "weights"),
                     ("scalars", "scalars")):
    same(getattr(last, names), file[group])
    same(getattr(beside, names), file[f"progress/best/{group}"])
    same(getattr(best, names), h5py.File(best.path)[group])
same(best.initial_rates, file["rates_initial"])
same(best.orbits, file["rates_orbits"])
for state in (last, beside, best):
    assert list(state.rates) == state.names == [
        f"{layer}_dense/{name}" for layer in ("000", "001") for name in ("weight", "bias")]
assert best.step == beside.step and best.objective == beside.objective == file["progress/best/objective"][()]
assert best.weights_of == "initial" and best.rates["000_dense/weight"].shape == (5, 64, 6)
assert best.configuration["outer"]["learn"] == ["rates", "initialWeights", "optimizerScalars"]
assert set(best.scalars) == {"momentum"} and last.step == last.outer_step == 4
for name in ("/rates/001_dense/bias", "/model/001_dense/weight", "/rates_orbits/000_dense/weight"):
    assert np.array_equal(dumped(best.path, name), best.array(name).astype(float).ravel()), name
refused(MissingData, "found the best state alone", lambda: Checkpoint(best.path, last=True))

# Weights of an example are those of one state.
carried = Run(folder / "carried")
assert carried.best.step == 0 and carried.best.weights_of == "trained in validation run 0"
assert carried.last.weights_of == "of training run 0, which goes on" and carried.last.objective is None
same(carried.last.weights, carried.last.file["model"])
refused(MissingData, "an example of the last state alone", lambda: carried.checkpoint(2, last=False).weights)

# Histories: metrics.csv and trajectory.h5 say the same.
history, metrics = run.trajectory, run.metrics
assert list(history.outer_step) == list(metrics["outer_step"]) == [0, 1, 2, 3, 4]
for name, values in history.scalars.items():
    assert np.array_equal(values, metrics[name], equal_nan=True), name
assert min(np.nanmin(metrics[name]) for name in ("validation", "validation_of_average")) == best.objective
assert list(history.snapshot_steps) == [0, 1, 2]
for name, rates in history.snapshots.items():
    assert np.array_equal(rates, history.file[f"snapshots/{name}/rate"]) and len(rates) == 3
    assert np.array_equal(rates[0], best.initial_rates[name])
    median = np.median(rates[1].astype(float))
    assert math.isclose(history.statistics[name]["quantiles"][1, 2], median, rel_tol=1e-12)
assert history.signal.shape == (5, 8) and history.adjoint_norms.shape == (5, len(history.inner_step))

# Curves and ablations.
assert set(run.curves) == {"start", "learned"} and run.curves["learned"]["evaluation_loss"].shape == (3, 6)
assert np.allclose(run.curves["learned"]["evaluation_loss"][:, -1], run.summary["learned"]["losses"])
done = ablation(folder / "ablation")
assert len(done.cells) == 4 and {cell["arm"] for cell in done.cells} == {"tunedUniform", "learned"}
assert list(done.runs["arm"]) == 6 * ["tuned uniform"] + 6 * ["a, b"], done.runs["arm"]
# A cell does not depend on the name that an ablation gives its arm.
names = {"tunedUniform": "tuned uniform", "learned": "a, b"}
for cell in done.cells:
    name = names[cell["arm"]]
    rows = (done.runs["arm"] == name) & (done.runs["repetition"] == cell["repetition"])
    assert list(done.runs["test_loss"][rows]) == cell["cell"]["tests"][0]["losses"]
    mean = done.curves[name, 5]["mean"][cell["repetition"] - 1]
    assert math.isclose(mean[-1], done.runs["test_loss"][rows].mean(), rel_tol=1e-6)
assert verify(folder / "ablation" / "curves.h5") and len(curves(folder / "ablation")) == 2
print(f"{len(hashes) + 1} files of this release read and verified")

# Whatever is changed is found: a value, an attribute, a name of an axis, a byte of the file.
changes = {
    "value": lambda f: f["rates/001_dense/bias"].__setitem__((0, 0), 1.5),
    "attribute": lambda f: f["rates_raw"].attrs.__setitem__("time", np.bytes_("step")),
    "group": lambda f: f.create_group("more"),
    "dataset": lambda f: f.__delitem__("random/seed"),
}
copy = folder / "changed.h5"
for what, change in changes.items():
    shutil.copy(best.path, copy)
    with h5py.File(copy, "r+") as opened:
        change(opened)
    refused(DamagedFile, "contents of hash", lambda: verify(copy))
shutil.copy(best.path, copy)
with h5py.File(copy, "r+") as opened:
    opened["provenance"].attrs["note"] = np.bytes_("not counted")
assert verify(copy) == best.verify()
shutil.copy(run.trajectory.path, copy)
with h5py.File(copy, "r+") as opened:
    opened["scalars/objective"].dims[0].detach_scale(opened["scalars/outer_step"])
refused(DamagedFile, "contents of hash", lambda: verify(copy))
with h5py.File(best.path) as opened:
    offset = opened["rates/001_dense/bias"].id.get_chunk_info(0).byte_offset
data = bytearray(best.path.read_bytes())
data[offset] ^= 1
copy.write_bytes(data)
refused(DamagedFile, "what HDF5 refuses", lambda: verify(copy))
refused(UnknownFile, "expected metarate-trajectory", lambda: Trajectory(best.path))
refused(UnknownFile, "the folder of a run", lambda: Run(folder / "ablation" / "cells"))
copy.write_text("no HDF5")
refused(DamagedFile, "expected an HDF5 file", lambda: verify(copy))
print("changes are found")

# The hash is Metarate's: what is changed and sealed here, the command accepts.
shutil.copy(best.path, folder / "sealed.h5")
with h5py.File(folder / "sealed.h5", "r+") as opened:
    opened["rates/001_dense/bias"][0, 0] = 0.5
    opened["rates"].attrs["count"], opened["rates"].attrs["é"] = 7, np.float64(-0.0)
try:
    verify(folder / "sealed.h5")
except DamagedFile as error:
    digest = error.found.split()[-1]
with h5py.File(folder / "sealed.h5", "r+") as opened:
    opened.attrs["content_sha256"] = np.bytes_(digest)
assert verify(folder / "sealed.h5") == digest

# Release 0.1.0: no best.h5, no order of tensors, of the best state trainable numbers alone.
for path in sorted(golden.iterdir()):
    old = Run(path / "run")
    assert len(old.verify()) >= 3
    with h5py.File(path / "finished.h5") as finished:
        ended = Checkpoint(path / "finished.h5")
        assert ended.version == 1 and ended.step == ended.outer_step == finished.attrs["meta_step"]
        assert ended.objective == finished.attrs["score"]
        # There the last state is the best one, and the file has its effective numbers.
        for name, rates in ended.rates.items():
            assert np.allclose(rates, finished[f"rates/{name}"], rtol=1e-6, atol=0), name
        for name, value in ended.scalars.items():
            assert math.isclose(value, finished[f"scalars/{name}"][()], rel_tol=1e-6), name
    assert old.best.state == "best" and old.best.step < old.last.step == 5 == old.trajectory.outer_step[-1]
    assert np.array_equal(old.trajectory.scalars["objective"][1:], old.metrics["objective"])
    assert all(np.isfinite(rates).all() for rates in old.best.initial_rates.values())
print("runs of 0.1.0 read and verified")
PYTHON

"$METARATE" run experiments/digits.yaml model.hidden='[6]' inner.steps=5 --dry-run \
  "rates={ time: step, initial: { kind: checkpoint, file: $folder/sealed.h5 } }" >"$folder/report" \
  || fail "the command refuses a file that was sealed in Python"

# The command: a summary, and exit code 1 where anything is damaged.
"$python" -B "$module" "$folder/run" "$folder/ablation/curves.h5" Tests/golden-runs >"$folder/report" \
  || fail "the module finds damage where there is none"
grep -q "best.h5: metarate-checkpoint, version 2, content_sha256 [0-9a-f]* holds" "$folder/report" \
  || fail "the summary does not say that the hash holds: $(head -3 "$folder/report")"
code=0
"$python" -B "$module" "$folder/changed.h5" >"$folder/report" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q "expected an HDF5 file" "$folder/report" \
  || fail "a damaged file: exit code $code: $(cat "$folder/report")"
echo "the hash is Metarate's, and the module's summary finds damage"
