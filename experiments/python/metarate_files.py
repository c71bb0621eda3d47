"""Reads what Metarate writes: runs, checkpoints, trajectories, curves and ablations.

    from metarate_files import Run, Checkpoint, curves, ablation

    run = Run("results/digits-learned-rates/1f2e3d4c5b-s0")
    run.best.rates["000_dense/weight"]          # the best state by validation, [input, output]
    run.last.rates["000_dense/weight"]          # the state that the run would go on from
    run.trajectory.scalars["validation"]        # [row], NaN where nothing was measured
    Checkpoint("best.h5").verify()              # recomputes content_sha256, or raises DamagedFile

This file stands alone: it needs h5py, NumPy and Python 3.9, and may be copied anywhere. It shares no
code with Metarate; docs/format.md describes the files. Arrays are NumPy arrays; tensors are in
dictionaries by name, such as "000_dense/weight", in the order in which the model visits them. Losses and
objectives have the unit of the task's loss, nats for a cross-entropy; rates multiply gradients.

As a command it prints a summary of files or of folders of runs and verifies their hashes:

    python3 metarate_files.py FILE…

Exit status: 0; 1 where a file is damaged or none of Metarate's.
"""
from __future__ import annotations

import csv
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

import h5py
import numpy as np

# The newest version of each format that this file knows.
VERSIONS = {"metarate-checkpoint": 2, "metarate-trajectory": 2, "metarate-curves": 1}
INDEX_FORMAT, INDEX_VERSION = "metarate-checkpoint-index", 2


class MetarateError(Exception):
    """What was found, where, and what was expected there."""

    def __init__(self, where, found, expected):
        super().__init__(f"{where}: found {found}, expected {expected}")
        self.where, self.found, self.expected = str(where), found, expected


class UnknownFile(MetarateError):
    """A file or folder that is none of Metarate's, or of a newer format."""


class DamagedFile(MetarateError):
    """A file that is not what was saved."""


class MissingData(MetarateError):
    """An intact file that does not hold what was asked for."""


# MARK: Sealed files


class SealedFile:
    """An open HDF5 file of Metarate's; `with` or `close()` closes it.

    path: where it is.
    format: "metarate-checkpoint", "metarate-trajectory" or "metarate-curves".
    version: the format's version.
    file: the open h5py.File, for what this module does not name.
    """

    expected_format = None

    def __init__(self, path):
        self.path = Path(path)
        try:
            self.file = h5py.File(self.path, "r")
        except FileNotFoundError:
            raise MissingData(self.path, "no such file", "an HDF5 file") from None
        except OSError as error:
            raise DamagedFile(self.path, f"what HDF5 refuses ({error})", "an HDF5 file") from None
        try:
            self.format = _text(self.file.attrs.get("format"))
            version = self.file.attrs.get("format_version")
            wanted = [self.expected_format] if self.expected_format else list(VERSIONS)
            if self.format not in wanted:
                found = "no format" if self.format is None else f"the format {self.format}"
                raise UnknownFile(self.path, found, " or ".join(wanted))
            self.version = -1 if version is None else int(version)
            if not 1 <= self.version <= VERSIONS[self.format]:
                raise UnknownFile(
                    self.path, "no version" if version is None else f"version {version}",
                    f"at most {VERSIONS[self.format]}; a newer metarate_files.py may read it")
        except BaseException:
            self.file.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the file."""
        self.file.close()

    def __contains__(self, path):
        return path in self.file

    def array(self, path):
        """The dataset at a path as an array; a MissingData error where there is none."""
        item = self.file.get(path)
        if not isinstance(item, h5py.Dataset):
            raise MissingData(self.path, f"no dataset {path}", "one")
        return _elements(item, self.path)

    def text(self, path):
        """The UTF-8 text in the dataset of bytes at a path."""
        try:
            return self.array(path).tobytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise DamagedFile(f"{self.path}:{path}", str(error), "UTF-8") from None

    def json(self, path):
        """The JSON document in the dataset of bytes at a path."""
        try:
            return json.loads(self.text(path))
        except ValueError as error:
            raise DamagedFile(f"{self.path}:{path}", f"no JSON ({error})", "JSON") from None

    def tensors(self, group, names=None):
        """The arrays below a group by their paths in it; in the order of `names`, if that is given."""
        found = {}

        def visit(path, member):
            if isinstance(member, h5py.Dataset) and not _is_length(member):
                found[path] = member

        item = self.file.get(group)
        if isinstance(item, h5py.Group):
            item.visititems(visit)
        names = sorted(found, key=_model_order) if names is None else names
        for name in names:
            if name not in found:
                raise MissingData(f"{self.path}:{group}", f"no {name}", f"one of {sorted(found)}")
        return {name: _elements(found[name], self.path) for name in names}

    def verify(self):
        """Recomputes `content_sha256` from the contents, and returns it.

        Raises DamagedFile where it is not the stored one, or where HDF5 finds a checksum wrong."""
        stored = _text(self.file.attrs.get("content_sha256"))
        try:
            found = content_sha256(self.file, self.path)
        except (OSError, KeyError, RuntimeError) as error:
            # What h5py raises depends on where in the file the damage is.
            raise DamagedFile(self.path, f"what HDF5 refuses ({error})", "intact data") from None
        if stored != found:
            raise DamagedFile(
                self.path, f"contents of hash {found}", stored or "the attribute content_sha256")
        return found


def content_sha256(file, name=""):
    """The hash of what an open h5py.File says, as hexadecimal digits: docs/format.md has the grammar.

    `name` appears in errors."""
    groups, datasets = {}, {}

    def visit(group, path):
        groups[path] = group
        for member in group:
            below = ("" if path == "/" else path) + "/" + member
            if below == "/provenance":
                continue
            if not isinstance(group.get(member, getlink=True), h5py.HardLink):
                raise DamagedFile(f"{name}:{below}", "a soft or external link", "a hard one")
            item = group[member]
            if isinstance(item, h5py.Group):
                visit(item, below)
            elif isinstance(item, h5py.Dataset):
                # A dimension of a length alone is no dataset of the contents.
                if not _is_length(item):
                    datasets[below] = item
            else:
                raise DamagedFile(f"{name}:{below}", "a named type", "a group or a dataset")

    visit(file["/"], "/")
    digest = hashlib.sha256()

    def integer(value):
        digest.update(struct.pack("<q", value))

    def string(text):
        data = text.encode("utf-8")
        integer(len(data))
        digest.update(data)

    def attributes(item, without=()):
        found = {}
        for key, value in item.attrs.items():
            if key not in without and key not in _RESERVED:
                value = _attribute(value)
                if value is not None:
                    found[key] = value
        integer(len(found))
        for key in sorted(found, key=str.encode):
            string(key)
            kind, value = found[key]
            integer(kind)
            if kind == 0:
                string(value)
            elif kind == 1:
                integer(value)
            else:
                digest.update(struct.pack("<d", value))

    string("metarate-content-1")
    integer(len(groups))
    for path in sorted(groups, key=str.encode):
        string(path)
        attributes(groups[path], without=("content_sha256",) if path == "/" else ())
    integer(len(datasets))
    for path in sorted(datasets, key=str.encode):
        item = datasets[path]
        elements = _elements(item, name)
        kind = _TYPES.get((item.dtype.kind, item.dtype.itemsize))
        if kind is None:
            raise DamagedFile(f"{name}:{path}", f"elements of type {item.dtype}",
                              "uint8, int32, int64, float32 or float64")
        string(path)
        string(kind)
        integer(elements.ndim)
        for length in elements.shape:
            integer(length)
        integer(1 if item.maxshape and item.maxshape[0] is None else 0)
        dimensions = _dimensions(item)
        integer(len(dimensions))
        for dimension in dimensions:
            string(dimension)
        attributes(item)
        data = elements.astype(elements.dtype.newbyteorder("<"), copy=False).tobytes()
        integer(len(data))
        digest.update(data)
    return digest.hexdigest()


_TYPES = {("u", 1): "uint8", ("i", 4): "int32", ("i", 8): "int64", ("f", 4): "float32",
          ("f", 8): "float64"}
# Attributes of HDF5's dimension scales and of netCDF, which are no part of the contents.
_RESERVED = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "DIMENSION_LABELS",
             "_Netcdf4Dimid", "_Netcdf4Coordinates", "_nc3_strict", "_NCProperties"}
_LENGTH = "This is a netCDF dimension but not a netCDF variable."


def _elements(dataset, where):
    try:
        return np.asarray(dataset[()])
    except OSError as error:
        raise DamagedFile(f"{where}:{dataset.name}", f"what HDF5 refuses ({error})",
                          "intact data") from None


def _text(value):
    """An attribute's text; None for anything else."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else None


def _attribute(value):
    """An attribute's kind and value as the hash takes them; None for what it does not count.

    Strings of varying length, which h5py writes and gives as str, are not counted."""
    if isinstance(value, bytes):
        try:
            return 0, value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if isinstance(value, (str, h5py.Empty)):
        return None
    value = np.asarray(value)
    if value.size != 1:
        return None
    if value.dtype.kind == "S":
        return _attribute(value.reshape(())[()])
    if value.dtype.kind in "iub":
        value = int(value.reshape(())[()])
        return (1, value) if -2**63 <= value < 2**63 else None
    return (2, float(value.reshape(())[()])) if value.dtype.kind == "f" else None


def _is_scale(dataset):
    return _text(dataset.attrs.get("CLASS")) == "DIMENSION_SCALE"


def _is_length(dataset):
    """Whether a dataset only names an axis and says how long it is."""
    return _is_scale(dataset) and (_text(dataset.attrs.get("NAME")) or "").startswith(_LENGTH)


def _dimensions(dataset):
    """Names of a dataset's axes; none where not all of them have one."""
    if _is_scale(dataset) and dataset.ndim == 1:
        return [dataset.name.rsplit("/", 1)[1]]
    if "DIMENSION_LIST" not in dataset.attrs:
        return []
    axes = [dataset.dims[axis] for axis in range(dataset.ndim)]
    return [axis[0].name.rsplit("/", 1)[1] for axis in axes] if all(map(len, axes)) else []


def _model_order(name):
    """The order of tensors where a file does not say it: by layer, weights before biases."""
    *layer, own = name.split("/")
    return layer, {"weight": 0, "scale": 0, "bias": 1, "offset": 1}.get(own, 2), own


# MARK: Checkpoints


class Checkpoint(SealedFile):
    """A checkpoint-….h5, best.h5 or finished checkpoint of any release, seen as one of its states.

    The state is the best by validation; with `last=True` it is the one that the run would go on from.
    Where no state of a file is known to be the best, it is the last one, as in Metarate itself. `state`
    says which one it is.
    """

    expected_format = "metarate-checkpoint"

    def __init__(self, path, last=False):
        super().__init__(path)
        holds_best_alone = self._is_best_alone
        if last and holds_best_alone:
            self.close()
            raise MissingData(self.path, "the best state alone",
                              "the last one: open a checkpoint-….h5 with last=True")
        #: "best" or "last": which state the properties are of.
        self.state = ("best" if holds_best_alone or not last and self._best_step is not None
                      else "last")

    def __repr__(self):
        return f"<Checkpoint {self.path}: {self.state} state, outer step {self.step}>"

    @property
    def _is_best_alone(self):
        return _text(self.file.attrs.get("state")) == "best"

    @property
    def _best_step(self):
        path = "progress/best/outer_step"
        return int(self.array(path)) if path in self else None

    @property
    def _is_beside(self):
        """Whether the state is the best one beside the last one that the file is of."""
        return self.state == "best" and not self._is_best_alone

    @property
    def outer_step(self):
        """The outer steps of the file, as its name has them: those of the last state, or of best.h5."""
        return int(self.array("progress/outer_step"))

    @property
    def step(self):
        """The outer steps behind the state."""
        return self._best_step if self._is_beside else self.outer_step

    @property
    def objective(self):
        """The state's mean validation objective; None where it is not known."""
        if "progress/best/objective" not in self:
            return None
        if self.state == "last" and not self._last_is_best:
            return None
        return float(self.array("progress/best/objective"))

    @property
    def _last_is_best(self):
        """Whether both states are the same numbers. Steps alone do not tell: an average over outer
        steps can be the best at the step at which the last state is another."""
        def same(group):
            best = self.tensors(f"progress/best/{group}")
            return all(np.array_equal(value, self.array(f"{group}/{name}"))
                       for name, value in best.items())
        return self._best_step == self.outer_step and all(
            map(same, ("rates_raw", "scalars_raw", "model")))

    @property
    def names(self):
        """The tensors in the order in which the model visits them. Release 0.1.0 did not record it:
        there by layer, weights before biases."""
        if "config/parameter_order" in self:
            return self.text("config/parameter_order").split("\n")[:-1]
        return list(self.tensors("rates"))

    @property
    def configuration(self):
        """The configuration of the run, every setting written out."""
        return self.json("config/json")

    @property
    def provenance(self):
        """When and with what the process that saved the file ran."""
        return self.json("provenance/json")

    @property
    def seed(self):
        """What all random numbers of the run follow from."""
        return int(self.array("random/seed")) % 2**64

    @property
    def rates(self):
        """Effective rates by tensor, of the tensor's shape, behind an axis of windows or steps where
        rates change over time. Of the best state of release 0.1.0, computed here from trainable
        numbers, to the last bits."""
        if not self._is_beside:
            return self.tensors("rates", self.names)
        if "progress/best/rates" in self:
            return self.tensors("progress/best/rates", self.names)
        return self._effective("progress/best/rates_raw")

    @property
    def initial_rates(self):
        """Effective rates that learning started from, shaped as `rates`. Release 0.1.0 recorded only
        those that were measured or given; uniform ones are taken from the configuration."""
        if "rates_initial" in self:
            return self.tensors("rates_initial", self.names)
        initial = self.configuration["rates"]["initial"]
        if initial.get("kind") != "uniform":
            raise MissingData(self.path, "no /rates_initial beside initial rates of the kind "
                              f"{initial.get('kind')}", "them, or uniform ones")
        return {name: np.full_like(rates, initial["rate"])
                for name, rates in self.tensors("rates", self.names).items()}

    @property
    def trainable_rates(self):
        """The trainable numbers behind the rates, by the names that /rates_raw has for them."""
        return self.tensors(("progress/best/" if self._is_beside else "") + "rates_raw")

    @property
    def weights_of(self):
        """Whose weights the file has under /model, in its own words: "initial" for those that all runs
        start from, "trained in validation run 0", or "of training run 0, which goes on"."""
        return _text(self.file["model"].attrs.get("weights")) if "model" in self else None

    @property
    def weights(self):
        """Weights by tensor: the initial ones that all runs start from where `weights_of` says so, and
        otherwise those of an example, a run that was trained with the state's rates. Dense layers
        have [input, output], convolutions [row, column, input, output]."""
        if self._is_beside and self.weights_of == "initial":
            return self.tensors("progress/best/model", self.names)
        self._require_model()
        return self.tensors("model", self.names)

    def _require_model(self):
        """Refuses the last state's example where the best state's is asked for."""
        if self._is_beside and not (self.weights_of == "trained in validation run 0"
                                    and self._last_is_best):
            raise MissingData(self.path, "an example of the last state alone", "one of the best state: "
                              "open best.h5, or this file with last=True")

    @property
    def model_state(self):
        """What the model of `weights` keeps beside them, such as running statistics, by tensor."""
        if self.weights_of != "initial":
            self._require_model()
        return self.tensors("model_state")

    @property
    def scalars(self):
        """The inner step's numbers that are learned, such as a momentum, by name; none if none are."""
        if not self._is_beside or "progress/best/scalars" in self:
            group = "progress/best/scalars" if self._is_beside else "scalars"
            return {name: float(value) for name, value in self.tensors(group).items()}
        # Release 0.1.0: the last state shows which number is a logit and which a logarithm.
        found = {}
        for name, value in self.tensors("progress/best/scalars_raw").items():
            shown, raw = self.array(f"scalars/{name}"), self.array(f"scalars_raw/{name}")
            is_logit = np.isclose(_sigmoid(raw), shown, rtol=1e-4)
            found[name] = float(_sigmoid(value) if is_logit else np.exp(value))
        return found

    @property
    def orbits(self):
        """By tensor and of its shape, the orbit of each parameter, counted from 0 in each tensor; none
        where no term of the rates is of orbits."""
        return self.tensors("rates_orbits", self.names) if "rates_orbits" in self else {}

    def _effective(self, group):
        """Effective rates from trainable numbers without offsets, as release 0.1.0 had them."""
        settings = self.configuration["rates"]
        kind, granularity = settings["parameterization"], settings["granularity"]
        maximum = kind.get("maximum", 1.0) if isinstance(kind, dict) else 1.0
        kind = kind["kind"] if isinstance(kind, dict) else kind
        index = granularity.get("index", "layer") if isinstance(granularity, dict) else "layer"
        granularity = granularity["kind"] if isinstance(granularity, dict) else granularity
        forms = {"direct": lambda x: x, "log": np.exp, "softplus": lambda x: np.logaddexp(0, x),
                 "sigmoid": lambda x: maximum * _sigmoid(x)}
        if kind not in forms:
            raise MissingData(self.path, f"rates of the parameterization {kind}",
                              " or ".join(forms))
        raw = self.tensors(group)
        shapes = {name: rates.shape for name, rates in self.tensors("rates", self.names).items()}
        layers = list(dict.fromkeys(name.split("/")[0] for name in shapes))
        rates = {}
        for position, (name, shape) in enumerate(shapes.items()):
            layer = name.split("/")[0]
            if granularity == "layerFactor":
                exponent = position if index == "tensor" else layers.index(layer)
                numbers = forms[kind](raw["base"]) * np.exp(exponent * raw["factor"])
            else:
                numbers = raw[{"global": "all", "layer": layer}.get(granularity, name)]
                numbers = forms[kind](numbers)
            if settings.get("time", "constant") != "constant":
                # Axes of the parameter that the numbers lack lie behind that of time.
                missing = len(shape) - numbers.ndim
                numbers = numbers.reshape(numbers.shape[:1] + (1,) * missing + numbers.shape[1:])
            try:
                rates[name] = np.array(np.broadcast_to(numbers, shape))
            except ValueError:
                raise MissingData(
                    f"{self.path}:/{group}", f"numbers of shape {numbers.shape} for {name} of "
                    f"shape {shape} under the granularity {granularity}", "one of release 0.1.0"
                ) from None
        return rates


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


# MARK: Histories


class Trajectory(SealedFile):
    """A trajectory.h5: the history of a run. A row is an outer step that was recorded.

    outer_step: [row], int64: outer steps done, from 0, which is the state before learning.
    scalars: by name, [row]: objective (mean training objective of the step, before its update),
        validation (mean objective of validation runs, after it), hypergradient_norm, seconds since the
        run began, and diagnostics. NaN where nothing was measured.
    """

    expected_format = "metarate-trajectory"

    def __init__(self, path):
        super().__init__(path)
        # Version 1 called outer steps meta-steps.
        self._step = "meta_step" if "scalars/meta_step" in self else "outer_step"
        self.outer_step = self.array(f"scalars/{self._step}")
        self.scalars = self.tensors("scalars")
        del self.scalars[self._step]

    @property
    def names(self):
        """The tensors, by layer, weights before biases; a checkpoint says how the model orders them."""
        found = {name.rsplit("/", 1)[0] for name in self.tensors("rate_statistics")
                 if name.endswith("/quantiles")}
        return sorted(found, key=_model_order)

    @property
    def levels(self):
        """The levels of the quantiles of rates, [level]."""
        return self.array("rate_statistics/levels")

    @property
    def statistics(self):
        """By tensor: "quantiles" of its effective rates [row, level], and the fractions of them
        that are below 0 ("fraction_negative") and at a bound ("fraction_at_bound"), [row]."""
        return {name: {what: self.array(f"rate_statistics/{name}/{what}")
                       for what in ("quantiles", "fraction_negative", "fraction_at_bound")}
                for name in self.names}

    @property
    def snapshot_steps(self):
        """The outer steps whose rates are kept, [snapshot]: 0, 1, 2, 5, 10, 20, 50, …"""
        return self.array(f"snapshots/{self._step}")

    @property
    def snapshots(self):
        """By tensor, effective rates at `snapshot_steps`: [snapshot, …], the rest as in checkpoints."""
        return {name: self.array(f"snapshots/{name}/rate") for name in self.names
                if f"snapshots/{name}/rate" in self}

    @property
    def inner_step(self):
        """The inner steps before which the adjoint was measured, [moment]; none if it was not."""
        path = "diagnostics/inner_step"
        return self.array(path) if path in self else np.zeros(0, np.int64)

    @property
    def adjoint_norms(self):
        """The adjoint's norm in validation run 0, [row, moment]; NaN where it was not measured."""
        path = "diagnostics/adjoint_norms"
        return self.array(path) if path in self else np.zeros((len(self.outer_step), 0))

    @property
    def signal(self):
        """The mean factor that updates of each trainable tensor of rates were shrunk by, [row, tensor];
        None where nothing shrinks them."""
        return self.array("signal/factor") if "signal/factor" in self else None


class Run:
    """The folder of a run.

    path: the folder.
    """

    def __init__(self, path):
        self.path = Path(path)
        if not (self.path / "checkpoints").is_dir() and not (self.path / "trajectory.h5").exists():
            raise UnknownFile(self.path, "no folder with checkpoints or trajectory.h5",
                              "the folder of a run")

    def __repr__(self):
        return f"<Run {self.path}>"

    @property
    def steps(self):
        """The outer steps of which there is a checkpoint, ascending."""
        found = (re.fullmatch(r"checkpoint-(\d{8,})\.h5", file.name)
                 for file in self.path.glob("checkpoints/checkpoint-*.h5"))
        return sorted(int(match[1]) for match in found if match)

    def checkpoint(self, step, last=True):
        """The checkpoint of an outer step: its last state, or the best one by then."""
        return Checkpoint(self.path / "checkpoints" / f"checkpoint-{step:08}.h5", last=last)

    @property
    def last(self):
        """The last state of the newest checkpoint."""
        if not self.steps:
            raise MissingData(self.path / "checkpoints", "no checkpoint-….h5", "at least one")
        return self.checkpoint(self.steps[-1])

    @property
    def best(self):
        """The best state by validation: best.h5 or, in runs without one, of the newest checkpoint;
        the last state where no state is known to be the best."""
        path = self.path / "checkpoints" / "best.h5"
        if path.exists() or not self.steps:
            return Checkpoint(path)
        return self.checkpoint(self.steps[-1], last=False)

    @property
    def configuration(self):
        """The configuration, every setting written out, as the newest checkpoint has it."""
        with (self.last if self.steps else self.best) as checkpoint:
            return checkpoint.configuration

    @property
    def trajectory(self):
        """The history. While a run is under way, or after a kill, its newest rows are in
        history.journal alone; `metrics` has their scalars."""
        return Trajectory(self.path / "trajectory.h5")

    @property
    def metrics(self):
        """metrics.csv: by column, [row]; NaN where nothing was measured. `outer_step` is int64."""
        columns = _table(self.path / "metrics.csv")
        return {name: np.array(values, np.int64) if name == "outer_step" else _numbers(values)
                for name, values in columns.items()}

    @property
    def summary(self):
        """summary.json: what a finished run came to; None for one that is not finished."""
        path = self.path / "summary.json"
        return _json(path) if path.exists() else None

    @property
    def curves(self):
        """Losses of test runs step by step, as `curves` has them."""
        return curves(self.path)

    def verify(self):
        """Verifies every HDF5 file, and checkpoints against index.json; returns content hashes by
        file. Raises DamagedFile at the first that is not what was saved."""
        found = {}
        for file in sorted(self.path.glob("checkpoints/*.h5")) + [
                self.path / "trajectory.h5", self.path / "curves.h5"]:
            if file.exists():
                found[file.relative_to(self.path).as_posix()] = verify(file)
        path = self.path / "checkpoints" / "index.json"
        for entry in index(path) if path.exists() else []:
            file = path.parent / entry["name"]
            if not file.exists():
                raise DamagedFile(path, f"an entry of {file.name}, which is not there", "the file")
            data = file.read_bytes()
            for what, value in (("bytes", len(data)),
                                ("sha256", hashlib.sha256(data).hexdigest()),
                                ("content_sha256", found[f"checkpoints/{file.name}"])):
                if entry[what] != value:
                    raise DamagedFile(file, f"{what} {value}", f"{entry[what]} as in index.json")
        return found


def index(path):
    """The entries of an index.json, oldest first: name, outer_step, bytes, sha256, content_sha256 and,
    where the state is the best one by then, score."""
    document = _json(path)
    if document.get("format") != INDEX_FORMAT:
        raise UnknownFile(path, f"the format {document.get('format')}", INDEX_FORMAT)
    if not 1 <= document.get("format_version", 0) <= INDEX_VERSION:
        raise UnknownFile(path, f"version {document.get('format_version')}",
                          f"at most {INDEX_VERSION}")
    entries = [dict(entry) for entry in document["checkpoints"]]
    for entry in entries:
        # Version 1 called outer steps meta-steps.
        if "meta_step" in entry:
            entry["outer_step"] = entry.pop("meta_step")
    return entries


# MARK: Curves and ablations


def curves(path):
    """The curves of a curves.h5, or of the one in a folder.

    Of a run or a training, by name: "evaluated_step" [evaluation], "evaluation_loss" [run, evaluation]
    and "training_loss" [run, step], that of a step's batch before the step. Of an ablation, by
    (arm, horizon): "evaluated_step" and, over the runs of each repetition, "mean", "quantile_10" and
    "quantile_90" [repetition, evaluation]. A loss that diverged is infinite or NaN.
    """
    path = Path(path)
    path = path / "curves.h5" if path.is_dir() else path
    with _Curves(path) as file:
        found = {}
        groups = file.file.get("curves", {})
        for key in sorted(groups, key=lambda key: (not key.isdigit(), key.zfill(9))):
            attributes = groups[key].attrs
            name = ((_text(attributes["name"]), int(attributes["horizon"]))
                    if "horizon" in attributes else key)
            found[name] = file.tensors(f"curves/{key}")
        return found


class _Curves(SealedFile):
    expected_format = "metarate-curves"


class Ablation:
    """What an ablation came to.

    path: its folder.
    cells: the documents in cells/, one for each arm and repetition that is done, in the order of their
        names, each with "file", "repetition" (from 1) and "arm" (its kind) beside what the file has.
        The cell's "tests" are by horizon; a loss of None is that of a run that diverged. Its "name"
        is the arm's own, not one that the configuration gives it.
    runs: runs.csv by column, [row], a row for each test run: arm, repetition, horizon (in newer
        files), seed, run, test_loss, test_accuracy. Empty until the ablation has a table.
    """

    def __init__(self, path):
        self.path = Path(path)
        files = sorted(self.path.glob("cells/*.json"))
        if not files and not (self.path / "runs.csv").exists():
            raise UnknownFile(self.path, "neither cells nor runs.csv", "the folder of an ablation")
        self.cells = []
        for file in files:
            match = re.fullmatch(r"repetition-(\d+)-(.+)-[0-9a-f]+\.json", file.name)
            if not match:
                raise UnknownFile(file, "a file of that name", "repetition-….json")
            self.cells.append(
                {"file": file.name, "repetition": int(match[1]), "arm": match[2], **_json(file)})
        path = self.path / "runs.csv"
        texts = _table(path) if path.exists() else {}
        whole = ("repetition", "horizon", "run")
        self.runs = {
            name: np.array(values, object) if name == "arm"
            else np.array(values, np.uint64) if name == "seed"
            else np.array(values, np.int64) if name in whole else _numbers(values)
            for name, values in texts.items()}

    def __repr__(self):
        return f"<Ablation {self.path}: {len(self.cells)} cells>"

    @property
    def curves(self):
        """Losses of test runs by (arm, horizon), as `curves` has them."""
        return curves(self.path)


def ablation(path):
    """The ablation in a folder."""
    return Ablation(path)


# MARK: Text files


def _json(path):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingData(path, "no such file", "one of JSON") from None
    except ValueError as error:
        raise DamagedFile(path, f"no JSON ({error})", "JSON") from None


def _table(path):
    """Columns of a file of comma-separated values, as texts."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except FileNotFoundError:
        raise MissingData(path, "no such file", "a table") from None
    for line, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise DamagedFile(f"{path}:{line}", f"{len(row)} columns", str(len(header)))
    return {name: [row[column] for row in rows] for column, name in enumerate(header)}


def _numbers(values):
    return np.array([float(value) if value else np.nan for value in values])


# MARK: The command


def open_file(path):
    """A sealed file as what it is: a Checkpoint, a Trajectory, or a SealedFile of curves."""
    with SealedFile(path) as file:
        kind = file.format
    return {"metarate-checkpoint": Checkpoint, "metarate-trajectory": Trajectory,
            "metarate-curves": _Curves}[kind](path)


def verify(path):
    """The content hash of a sealed file, recomputed; DamagedFile where it is not the stored one."""
    with SealedFile(path) as file:
        return file.verify()


def _summary(path):
    """Lines that say what a file holds; raises where it is not what was saved."""
    with open_file(path) as file:
        digest = file.verify()
        yield f"{path}: {file.format}, version {file.version}, content_sha256 {digest} holds"
        if isinstance(file, Checkpoint):
            objective = file.objective
            yield (f"  {file.state} state, outer step {file.step}, validation objective "
                   + ("not known" if objective is None else f"{objective:.6g}"))
            for name, rates in file.rates.items():
                low, middle, high = np.quantile(rates.astype(np.float64), [0.05, 0.5, 0.95])
                yield (f"  {name:24} rates {str(list(rates.shape)):18}"
                       f" 5 %: {low:<10.4g} 50 %: {middle:<10.4g} 95 %: {high:.4g}")
            for name, value in file.scalars.items():
                yield f"  {name:24} {value:.6g}"
        elif isinstance(file, Trajectory):
            steps = file.outer_step
            yield f"  {len(steps)} rows" + (f", outer steps {steps[0]} to {steps[-1]}"
                                            if len(steps) else "")
            for name in ("objective", "validation"):
                known = file.scalars[name][np.isfinite(file.scalars[name])]
                if len(known):
                    yield f"  {name:24} first {known[0]:.6g}, last {known[-1]:.6g}"
        else:
            for name, curve in curves(path).items():
                loss = curve.get("mean", curve.get("evaluation_loss"))
                name = name if isinstance(name, str) else f"{name[0]}, {name[1]} steps"
                yield f"  {name}: mean loss {loss[:, 0].mean():.6g} to {loss[:, -1].mean():.6g}"


def main(arguments):
    if not arguments or any(argument in ("-h", "--help") for argument in arguments):
        print(__doc__.strip())
        return 0 if arguments else 2
    status = 0
    for path in map(Path, arguments):
        files = [path]
        try:
            if path.is_dir():
                files = sorted(path.rglob("*.h5"))
                if not files:
                    raise UnknownFile(path, "no HDF5 file", "some")
                if (path / "checkpoints").is_dir():
                    Run(path).verify()
            for file in files:
                for line in _summary(file):
                    print(line)
        except MetarateError as error:
            print(f"metarate_files.py: {error}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
