"""Checkpoints and histories whose seal is right and whose contents no run could have saved: a name and a
function that writes the file, each."""
import json
import math
import shutil
import sys

import h5py
import numpy as np

import trials

sys.path.insert(0, str(trials.REPOSITORY / "experiments/python"))
import metarate_files  # noqa: E402

BEST, SECOND = "progress/best", "outer_optimizer/second_moment"


def cases(checkpoint):
    """All of them, by name: changes of an intact checkpoint."""
    return {name: sealed(checkpoint, change)
            for group in (steps(), numbers(), tensors(checkpoint), texts(), attributes())
            for name, change in group.items()}


def histories(trajectory):
    """The same of a history: whatever a dataset can be instead."""
    with h5py.File(trajectory) as file:
        places = datasets(file)
    values = {
        "no numbers": lambda old: np.zeros((0,) + old.shape[1:], old.dtype),
        "one row less": lambda old: old[:-1], "one row more": lambda old: np.concatenate([old, old[:1]]),
        "rows in reverse": lambda old: old[::-1], "an axis more": lambda old: old[..., None],
        "one axis": lambda old: old.ravel(), "least numbers": lambda old: np.full_like(old, least(old)),
        "greatest numbers": lambda old: np.full_like(old, -1 - least(old)),
        "integers": lambda old: np.ones_like(old, "i4"), "a scalar": lambda old: old.ravel()[0]}
    changes = {f"{word} in {place}": replaced(place, value)
               for word, value in values.items() for place in places}
    changes |= {f"no {place}": removed(place) for place in places}
    changes["fewer rows everywhere"] = lambda file: [
        replaced(place, values["one row less"])(file) for place in places if "levels" not in place]
    return {name: sealed(trajectory, lambda file, change=change: [nameless(file), change(file)])
            for name, change in changes.items()}


def nameless(file):
    """Takes the names from all axes: h5py stumbles over those of a dataset that is gone."""
    def forget(_, item):
        for name in ("DIMENSION_LIST", "REFERENCE_LIST"):
            if name in item.attrs:
                del item.attrs[name]
    file.visititems(forget)


def least(values):
    """The least number of a type; not a number, of reals."""
    return np.iinfo(values.dtype).min if values.dtype.kind == "i" else math.nan


def datasets(group):
    """The paths of datasets in a group that are more than the length of an axis."""
    places = []
    group.visititems(lambda name, item: places.append(name) if isinstance(item, h5py.Dataset)
                     and not metarate_files._is_length(item) else None)
    return places


def sealed(checkpoint, change):
    """The checkpoint changed by a function of the open file, and sealed again."""
    def make(path):
        shutil.copy(checkpoint, path)
        with h5py.File(path, "r+") as file:
            change(file)
            file.attrs["content_sha256"] = np.bytes_(metarate_files.content_sha256(file))
    return make


def replaced(place, value):
    """Puts other values, perhaps of another shape or type, where a dataset is."""
    def change(file):
        kept = {name: value for name, value in file[place].attrs.items()
                if name not in ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST")}
        new = value(file[place][()]) if callable(value) else value
        del file[place]
        file[place] = new
        for name, text in kept.items():
            file[place].attrs[name] = text
    return change


def every(group, value):
    """The same of every dataset of a group."""
    def change(file):
        for place in datasets(file[group]):
            replaced(f"{group}/{place}", value)(file)
    return change


def filled(number):
    return lambda values: np.full_like(values, number)


def attribute(name, value, place="/"):
    def change(file):
        if value is None:
            del file[place].attrs[name]
        else:
            file[place].attrs[name] = value
    return change


def removed(place):
    return lambda file: file.__delitem__(place)


def steps():
    """Steps that contradict one another."""
    return {
        "an attribute of another step": attribute("outer_step", 7),
        "an attribute of a step of 2^62": attribute("outer_step", 2 ** 62),
        "an attribute of a negative step": attribute("outer_step", -1),
        "an attribute of a real step": attribute("outer_step", 2.0),
        "no attribute of a step": attribute("outer_step", None),
        "another step of progress": replaced("progress/outer_step", 2),
        "a step of 2^62": replaced("progress/outer_step", 2 ** 62),
        "a step of -1": replaced("progress/outer_step", -1),
        "a step of -2^63": replaced("progress/outer_step", -2 ** 63),
        "a best step to come": replaced(f"{BEST}/outer_step", 10 ** 9),
        "a best step of -1": replaced(f"{BEST}/outer_step", -1),
        "another seed": replaced("random/seed", 12345),
        "a seed of two": replaced("random/seed", np.array([0, 0])),
        "released terms": lambda file: [file.__setitem__("progress/released_terms", 10 ** 9),
                                        file.__setitem__("progress/released_after", 1)],
        "a negative release": lambda file: [file.__setitem__("progress/released_terms", -1),
                                            file.__setitem__("progress/released_after", -1)],
    }


def numbers():
    """Numbers that no run computes."""
    bad = {"NaN": math.nan, "infinite": math.inf, "1e30": 1e30, "-1e30": -1e30}
    return {
        **{f"rates before exp of {word}": every("rates_raw", filled(value))
           for word, value in bad.items()},
        **{f"rates of {word}": every("rates", filled(value)) for word, value in bad.items()},
        **{f"initial rates of {word}": every("rates_initial", filled(value))
           for word, value in bad.items()},
        **{f"weights of {word}": every("model", filled(value)) for word, value in bad.items()},
        **{f"scalars of {word}": every("scalars_raw", filled(value)) for word, value in bad.items()},
        **{f"best rates of {word}": every(f"{BEST}/rates_raw", filled(value))
           for word, value in bad.items()},
        **{f"a best objective of {word}": replaced(f"{BEST}/objective", value)
           for word, value in bad.items()},
        **{f"second moments of {word}": every(SECOND, filled(value)) for word, value in bad.items()},
        "negative second moments": every(SECOND, filled(-1)),
        "negative orbits": every("rates_orbits", filled(-1)),
        "orbits of 2^31 - 1": every("rates_orbits", filled(2 ** 31 - 1)),
        "all rates zero": every("rates", filled(0)),
    }


def tensors(checkpoint):
    """Tensors that are not there, or of other shapes and types."""
    with h5py.File(checkpoint) as file:
        groups = [name for name in file if name != "provenance"]
    places = ["rates_raw/000_dense/weight", "rates/000_dense/weight", "model/001_dense/bias",
              f"{BEST}/rates_raw/000_dense/bias", "scalars/momentum", "scalars_raw/momentum",
              "rates_raw/offset_1/000_dense/weight", "rates_initial/001_dense/bias",
              f"{SECOND}/rates/000_dense/weight", "rates_orbits/000_dense/weight",
              f"{BEST}/scalars/momentum", "random/seed", "progress/outer_step", f"{BEST}/objective"]
    shapes = {"no numbers": lambda old: np.zeros((0,), old.dtype),
              "one number more": lambda old: np.zeros(old.size + 1, old.dtype),
              "a million numbers": lambda old: np.zeros(1 << 20, old.dtype),
              "two axes more": lambda old: old.reshape((1, 1) + old.shape)}
    types = {"double precision": "f8", "integers": "i8", "bytes": "u1"}
    return {
        **{f"no {name}": removed(name) for name in groups + places},
        **{f"{word} in {place}": replaced(place, shape)
           for word, shape in shapes.items() for place in places},
        **{f"{word} in {place}": replaced(place, lambda old, kind=kind: np.asarray(old).astype(kind))
           for word, kind in types.items() for place in places[:4]},
        "a group in place of a tensor": lambda file: [
            file.__delitem__("rates/000_dense/weight"), file.create_group("rates/000_dense/weight")],
        "a tensor in place of a group": lambda file: [
            file.__delitem__("rates"), file.__setitem__("rates", np.zeros(3, "f4"))],
        "an unknown tensor": lambda file: file.__setitem__("rates/999_dense/weight", np.zeros(3, "f4")),
        "an unknown offset": lambda file: file.__setitem__(
            "rates_raw/offset_9/000_dense/weight", np.zeros(0, "f4")),
        "an unknown scalar": lambda file: file.__setitem__("scalars/none", np.zeros(0, "f4")),
    }


def texts():
    """Configurations, orders and facts that are none."""
    def text(place, value):
        return replaced(place, np.frombuffer(value, "u1"))

    def configuration(**settings):
        def change(file):
            facts = json.loads(bytes(file["config/json"][()]))
            for path, value in settings.items():
                group = facts
                *above, last = path.split("__")
                for key in above:
                    group = group[key]
                group[last] = value
            replaced("config/json", np.frombuffer(json.dumps(facts).encode(), "u1"))(file)
        return change

    bad = {"nothing": b"", "a bracket": b"{", "null": b"null", "a list": b"[]", "no UTF-8": b"\xff\xfe",
           "zeros": bytes(99), "10 000 brackets": b"[" * 10_000, "a million brackets": b"[" * 1_000_000,
           "2 MiB of words": b"a: b\n" * 400_000, "aliases": b"a: &a [1]\nb: [*a, *a]\n",
           "escape characters": b"{\"\x1b[2J\": \"\x1b\"}"}
    orders = {"one tensor": b"000_dense/weight\n", "the same twice": b"000_dense/weight\n" * 2,
              "no tensor": b"\n\n", "unknown tensors": b"x/y\n", "a million tensors": b"a/b\n" * 1_000_000,
              "paths": b"../../config/json\n/etc/passwd\n", "escape characters": b"\x1b[2J\n"}
    return {
        **{f"a configuration of {word}": text("config/json", value) for word, value in bad.items()},
        **{f"provenance of {word}": text("provenance/json", value) for word, value in bad.items()},
        **{f"an order of {word}": text("config/parameter_order", value)
           for word, value in (bad | orders).items()},
        "a configuration of another seed": configuration(seed=99),
        "a configuration of 2^62 steps": configuration(outer__steps=2 ** 62),
        "a configuration of 10^9 inner steps": configuration(inner__steps=10 ** 9),
        "a configuration of another model": configuration(model__hidden=[5, 6, 7]),
        "a configuration of huge layers": configuration(model__hidden=[10 ** 6, 10 ** 6]),
        "a configuration of another task": configuration(task={"kind": "sinusoid"}),
    }


def attributes():
    """Attributes that say something else than the file is."""
    return {
        "version 0": attribute("format_version", 0), "version 3": attribute("format_version", 3),
        "version 1": attribute("format_version", 1), "version -1": attribute("format_version", -1),
        "version 2.0": attribute("format_version", 2.0), "no version": attribute("format_version", None),
        "the format of a trajectory": attribute("format", np.bytes_("metarate-trajectory")),
        "the format of curves": attribute("format", np.bytes_("metarate-curves")),
        "no format": attribute("format", None),
        "the best state alone": attribute("state", np.bytes_("best")),
        "an unknown state": attribute("state", np.bytes_("other")),
        "no state": attribute("state", None),
        "a score of NaN": attribute("score", math.nan),
        "a score of -inf": attribute("score", -math.inf),
        "a score that is a text": attribute("score", np.bytes_("1")),
        "weights of nobody": attribute("weights", np.bytes_("of nobody"), "model"),
        "no attribute of weights": attribute("weights", None, "model"),
        "a layout of escape characters": attribute("layout", np.bytes_("\x1b[2J"), "model"),
        "a long name of escape characters": attribute("long_name", np.bytes_("\x1b[2J\n"), "model"),
    }
