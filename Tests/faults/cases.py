"""Tiny runs of every kind that can leave something in a state: what `resumes.py` stops and resumes.

A case is a name and settings, by the keys of `experiments/settings.md`; values are those of JSON,
which YAML includes. Each run has thirty outer steps of a few milliseconds.
"""
import json
import re

STEPS = 30


def kind(word, **settings):
    """A kind as a mapping."""
    return {"kind": word, **settings}


# Files that `resumes.py` makes: a checkpoint of a run that learned everything, its weights alone, a table, a
# text, images of ten classes.
START, WEIGHTS = "start/checkpoints/best.h5", "weights.npz"
TABLE, TEXT = "table.h5", "text.txt"
CLASSES = "classes.h5"
BASE = {
    "name": "resumes",
    "task": {"kind": "teacher", "inputs": 3, "query": 4, "teacherHidden": [3]},
    "model": {"kind": "mlp", "hidden": [3]},
    "inner.steps": 4, "inner.batch": 4,
    "outer.steps": STEPS, "outer.tasks": 2,
    "outer.validation": {"every": 4, "tasks": 2},
    "checkpoint.every": 1, "testRuns": 2,
}
# Whatever has numbers of its own: its decays, a clip's limit.
EVERYTHING = ["rates", "initialWeights", "optimizerScalars"]
OFFSETS = ["global", "layer", "tensor", "inputUnit", "outputUnit", "orbit", "parameter"]
DIGITS = {"task": "digits", "inner.batch": 8, "inner.steps": 3}
IMAGES = {**DIGITS, "inner.steps": 2}
QUADRATIC = {"model": None, "task": kind("noisyQuadratic", dimensions=4)}
TRACKING = {"model": None, "task": kind("tracking", inputs=4, relevant=2, interval=7),
            "outer.objective": "training", "rates.initial": kind("uniform", rate=0.02)}
ONLINE = {"rule": "additive", "metaRate": 0.001, "floor": 1e-6}


def begin(command, settings, folder, **environment):
    """Runs the base with other settings, in a new folder in scratch."""
    return command("run", base(command.scratch), *overrides({**BASE, **settings}), "--quiet",
                   "--output", folder, **environment)


def base(scratch):
    """A file of what a configuration must say, in scratch."""
    path = scratch / "base.yaml"
    path.write_text(json.dumps({key: BASE[key] for key in ("name", "task")}))
    return path


def overrides(settings):
    """Settings as arguments of the command."""
    return [f"{key}={json.dumps(value)}" for key, value in settings.items() if key != "name"]


def cases():
    """All of them: names and settings."""
    yield from _optimizers()
    yield from _estimators()
    yield from _lengths()
    yield from _rates()
    yield from _updates()
    yield from _overflows()
    yield from _tasks()
    yield from _keeping()


def _optimizers():
    """Slots within runs that go on, and of the outer loop over all that can be learned."""
    for word in ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw", "adabelief",
                 "nadam", "lion", "muon", "lamb"]:
        both = {"inner.optimizer": word, "rates.initial": kind("uniform", rate=0.01),
                "model": kind("mlp", hidden=[3, 3])}
        outer = kind(word, rate=0.01)
        yield f"carried {word}", {**both, "outer.cadence": "carried", "outer.optimizer": outer}
        yield f"learned by {word}", {
            **both, "outer.cadence": "restarted", "outer.optimizer": outer,
            "inner.clip": [kind("globalNorm", limit=1.0)], "outer.learn": EVERYTHING}


def _estimators():
    """Each in runs that begin anew and in runs that go on, in windows that end at odd steps."""
    few = {"rates.granularity": "tensor"}
    for word, estimator, settings in [
            ("reverse", "reverse", {}),
            ("truncated", kind("truncated", window=2), {}),
            ("forward", "forward", few),
            ("diagonalForward", kind("diagonalForward", decay=0.9), {}),
            ("forwardGradient", kind("forwardGradient", directions=2), {}),
            ("online", "online", {}),
            ("evolution", kind("evolution", pairs=2, window=2), {}),
            ("firstOrder", "firstOrder", {})]:
        estimating = {"hypergradient.estimator": estimator, "inner.optimizer": "momentum",
                      **settings}
        yield f"{word}, restarted", {**estimating, "outer.cadence": "restarted"}
        yield f"{word}, carried", {**estimating, "outer.cadence": kind("carried", windows=7)}
        # Then every inner step ends an outer one, and may be stopped at.
        if isinstance(estimator, dict) and "window" in estimator:
            estimating["hypergradient.estimator"] = {**estimator, "window": 1}
        yield f"{word}, one step at a time", {
            **estimating, "outer.cadence": "carried", "inner.steps": 1}
    for memory in ["storeAll", "everyStep", "segments", kind("binomial", snapshots=2)]:
        word = memory if isinstance(memory, str) else memory["kind"]
        yield f"memory {word}", {"hypergradient.memory": memory}
    for rule in ["additive", "multiplicative"]:
        adapting = {"inner.online": {**ONLINE, "rule": rule}, "outer.learn": ["adaptedRates"]}
        yield f"rates adapt, {rule}", {**adapting, "outer.cadence": "restarted"}
        yield f"rates adapt, {rule}, carried", {
            **adapting, "inner.steps": 1, "outer.cadence": kind("carried", windows=9)}
    yield "rates adapt, idbd, carried", {
        **TRACKING, "inner.online": {"rule": "idbd", "metaRate": 0.01, "floor": 0.0},
        "outer.learn": ["adaptedRates"], "outer.cadence": "carried", "inner.steps": 1}


def _lengths():
    """Horizons, and rates that change over inner steps."""
    yield "fixed horizon", {"outer.horizon": "fixed"}
    yield "growing horizon", {"outer.horizon": kind("growing", **{"from": 1, "every": 7}),
                              "inner.steps": 8}
    yield "random horizon", {"outer.horizon": kind("random", lowest=1), "inner.steps": 8,
                             "outer.validation.steps": 4}
    for time in ["constant", kind("window", steps=3), "step", kind("knots", count=3)]:
        word = time if isinstance(time, str) else time["kind"]
        yield f"time {word}", {"rates.time": time, "outer.horizon": kind("random", lowest=2)}


def _rates():
    """Granularities, parameterizations, starts, and offsets of every kind."""
    for granularity in ["global", kind("layerFactor", index="layer"), "layer", "tensor",
                        "inputUnit", "outputUnit", kind("orbit", assume="own"),
                        kind("orbit", assume="fresh"), "parameter"]:
        word = granularity if isinstance(granularity, str) else " ".join(granularity.values())
        yield f"granularity {word}", {"rates.granularity": granularity}
    for word in ["direct", "log", "softplus", kind("sigmoid", maximum=0.5)]:
        yield f"parameterization {word}", {"rates.parameterization": word,
                                           "rates.initial": kind("uniform", rate=0.05)}
    for start in [kind("uniform", rate=0.05), kind("layerFactor", base=0.05, factor=0.9),
                  kind("gradientMagnitude", median=0.05, batches=2),
                  kind("curvature", scale=0.1, batches=2), kind("checkpoint", file=START)]:
        yield f"rates from {start['kind']}", {"rates.initial": start}
    for shared, widths in [("parameter", "keep"), ("outputUnit", "keep"), ("tensor", "muP"),
                           ("layer", "keep")]:
        # The optimizer is one whose scaling with widths is known.
        yield f"rates by {shared}", {
            "rates.initial": kind("checkpoint", file=START, by=shared, widths=widths),
            "rates.granularity": "parameter", "inner.optimizer": "momentum"}
    for offset in OFFSETS:
        yield f"offsets of {offset}", {
            "rates.granularity": "layerFactor",
            "rates.terms": ["base", {
                "granularity": offset, "speed": 0.5, "decay": 0.1, "time": kind("knots", count=2),
                "clip": kind("value", limit=1.0)}]}
    for time in ["constant", kind("window", steps=3), "step", kind("knots", count=3)]:
        word = time if isinstance(time, str) else time["kind"]
        yield f"offsets over time {word}", {
            "rates.granularity": "tensor",
            "rates.terms": ["base", {"granularity": "parameter", "time": time, "decay": 0.1,
                                     "clip": "normalize"}]}
    for clip in [kind("globalNorm", limit=0.1), kind("tensorNorm", limit=0.1)]:
        yield f"offsets clipped by {clip['kind']}", {
            "rates.granularity": "tensor", "rates.terms": ["base", {"clip": clip}]}


def _updates():
    """What an outer update remembers beside the optimizer's slots."""
    terms = {"rates.granularity": "tensor",
             "rates.terms": ["base", {"granularity": "outputUnit"}, {"granularity": "parameter"}]}
    for noise in ["average", "step"]:
        yield f"shrunk by the noise of {noise}", {
            "outer.shrink": kind("signal", decay=0.8, noise=noise), "outer.tasks": 3}
    yield "averaged", {"outer.average.decay": 0.8, "outer.learn": EVERYTHING,
                       "inner.optimizer": "momentum"}
    for schedule in ["constant", kind("step", every=7), kind("exponential", decay=0.9), "cosine",
                     kind("warmup", steps=5),
                     kind("sequence", parts=[kind("warmup", **{"for": 5}), "cosine"])]:
        word = schedule if isinstance(schedule, str) else schedule["kind"]
        yield f"schedules {word}", {"outer.schedule": schedule, "inner.schedule": schedule}
    released = {**terms, "outer.schedule": kind("coarseToFine", patience=2, multiplier="cosine"),
                "outer.optimizer.rate": 0.3, "outer.validation.every": 3}
    yield "terms released", released
    yield "terms released, all at once", {
        **released, "outer.shrink": "signal", "outer.average.decay": 0.8, "outer.tasks": 3,
        "outer.optimizer.rate": 1.0,
        "outer.validation": {"every": 2, "tasks": 2, "exchange": True},
        "rates.granularity": "orbit", "rates.time": kind("knots", count=3),
        "rates.terms": ["base", {"granularity": "parameter", "decay": 0.1}]}
    yield "frozen rates", {"outer.freeze": 11, "outer.learn": EVERYTHING,
                           "inner.optimizer": "momentum"}
    for weights in ["fresh", "fixed", kind("checkpoint", file=START), kind("file", file=WEIGHTS)]:
        word = weights if isinstance(weights, str) else weights["kind"]
        yield f"weights {word}", {"outer.initialWeights": weights}
        yield f"weights {word}, learned", {"outer.initialWeights": weights,
                                           "outer.learn": ["initialWeights"]}
    for scalars in ["specified", kind("checkpoint", file=START)]:
        word = scalars if isinstance(scalars, str) else scalars["kind"]
        yield f"scalars {word}", {"inner.scalars": scalars, "inner.optimizer": "momentum",
                                  "outer.learn": ["optimizerScalars"]}
    for objective in ["final", "mean", kind("weighted", weights=[0, 1, 0, 2]), "training"]:
        word = objective if isinstance(objective, str) else objective["kind"]
        yield f"objective {word}", {"outer.objective": objective}
    for clip in [kind("globalNorm", limit=0.01), kind("value", limit=0.01),
                 kind("tensorNorm", limit=0.01), "normalize"]:
        word = clip if isinstance(clip, str) else clip["kind"]
        yield f"clipped by {word}", {"outer.clip": clip, "inner.clip": [clip]}
        yield f"transformed by {word}, learned", {
            "inner.transformations": [clip, kind("weightDecay", rate=0.01)],
            "outer.learn": EVERYTHING}


def _overflows():
    """Runs that come to numbers that are not finite, and are left out."""
    yield "nothing left out", {"outer.nonFinite": "stop"}
    yield "runs left out", {
        "outer.nonFinite": kind("skip", limit=0.75), "outer.tasks": 4,
        "model": kind("residualMLP", width=3, units=3, blocks=1),
        "rates.granularity": "global", "rates.initial": kind("uniform", rate=0.2),
        "outer.clip": kind("value", limit=0.1), "outer.optimizer.rate": 0.01}


def _tasks():
    """Random streams of tasks, and what models keep beside their weights."""
    yield "digits", {**DIGITS, "model": kind("logisticRegression")}
    for seed in [kind("fresh"), kind("fixed", seed=3)]:
        yield f"teacher {seed['kind']}", {"task": {**BASE["task"], "teacher": seed}}
    yield "noisy quadratic", {**QUADRATIC, "precision": "double"}
    yield "expected quadratic", {
        **QUADRATIC, "task": kind("noisyQuadratic", dimensions=4, expectation=True)}
    yield "sinusoid", {"task": kind("sinusoid", support=4, query=4), "precision": "single"}
    yield "tracking, carried", {**TRACKING, "outer.cadence": kind("carried", windows=9)}
    yield "modular addition", {"task": kind("modularAddition", modulus=5)}
    yield "table", {"task": kind("table", file=TABLE, loss="meanSquaredError"),
                    "model": kind("linearRegression")}
    yield "residual model", {"model": kind("residualMLP", width=3, units=3, blocks=1),
                             "rates.initial": kind("uniform", rate=0.01)}
    yield "layer normalization", {"model": kind("mlp", hidden=[3], normalization="layer")}
    yield "no normalization", {"model": kind("mlp", hidden=[3], normalization="none")}
    for cadence in ["restarted", "carried"]:
        yield f"convolutions, {cadence}", {
            **IMAGES, "model": kind("convolutional", filters=[2]), "outer.cadence": cadence}
        yield f"running statistics and dropout, {cadence}", {
            **IMAGES, "outer.cadence": cadence,
            "model": kind("layers", layers=[
                kind("convolution", filters=2, size=3), kind("batchNorm", running=0.1),
                kind("activation", function="relu"), kind("maxPool", size=4), kind("flatten"),
                kind("dense", units=4), kind("layerNorm"), kind("rmsNorm"),
                kind("dropout", rate=0.2)])}
    yield "layers of images", {
        **IMAGES, "model": kind("layers", layers=[
            kind("convolution", filters=2, padding="same"), kind("groupNorm", groups=2),
            kind("convolution", filters=2, size=2, padding="none"),
            kind("residual", layers=[kind("convolution", filters=2, groups=2)]),
            kind("averagePool", size=2),
            kind("repeat", times=2, layers=[kind("dense", units=2)]),
            kind("mean")])}
    yield "layers of sequences", {
        "task": kind("modularAddition", modulus=5), "model": kind("layers", layers=[
            kind("embedding", features=4), kind("positions"), kind("gru", units=4),
            kind("attention", heads=2, causal=True), kind("lstm", units=3), kind("last")])}
    yield "pixels as a sequence", {
        **IMAGES, "model": kind("layers", layers=[
            kind("averagePool", size=4), kind("sequence"), kind("gru", units=2)])}
    yield "residual network", {**IMAGES, "model": kind("resnet", filters=[2, 3])}
    for positions in ["learned", "rotary", "none"]:
        answer = "mean" if positions == "rotary" else "last"
        yield f"transformer, {positions} positions", {
            "task": kind("modularAddition", modulus=5),
            "model": kind("transformer", width=4, blocks=1, heads=2, feedForward=4,
                          positions=positions, dropout=0.1, answer=answer)}
    for unit in ["character", "byte"]:
        yield f"the next {unit}", {
            "task": kind("sequence", file=TEXT, unit=unit, positions=4, windows=3),
            "model": kind("gru", hidden=[3], embedding=3), "evaluation.batch": 2}
    for held_out in ["groups", "classes"]:
        yield f"few shots, {held_out} held out", {
            "task": kind("fewShot", file=CLASSES, ways=2, queries=2, heldOut=held_out, rotations=True,
                         groups="groups", validation=0.3, test=0.3),
            "outer.learn": ["rates", "initialWeights"]}
    yield "groups of rates", {"rates.groups": [
        {"match": "000_*", "train": False}, {"match": "*/bias", "granularity": "global",
                                             "learn": False, "rate": 0.01}]}
    yield "running statistics, learned", {
        **IMAGES, "outer.learn": EVERYTHING, "inner.optimizer": "adam",
        "rates.initial": kind("uniform", rate=0.01),
        "model": kind("layers", layers=[
            kind("flatten"), kind("dense", units=4), kind("batchNorm", running=0.1)])}


def _keeping():
    """What is validated and kept at odd steps, and learning that ends early."""
    yield "odd distances", {"history.every": 3, "outer.validation.every": 7}
    yield "no validation", {"outer.validation.every": 0}
    yield "an event file", {"history": {"every": 2, "tensorboard": True}}
    yield "stopped early", {"outer.patience": 5, "outer.validation.every": 3,
                            "outer.optimizer.rate": 1.0}
    yield "stopped early, averaged", {"outer.patience": 5, "outer.validation.every": 3,
                                      "outer.optimizer.rate": 1.0, "outer.average.decay": 0.5}


# MARK: Kinds

# Words that stand elsewhere too, or that say nothing of what is kept: which function, which
# state, how a file is read.
_ELSEWHERE = re.compile(r"(parts|multiplier|activation|function|index|state|loss|layout|scale|missing"
                        r"|classWeights)$")
# Layers within layers are the same layers; granularities of groups those of terms.
_WITHIN = re.compile(r"layers\((repeat|residual)\)\.(layers|shortcut)|groups\[\]")
# "a list, each a clip: globalNorm, value, tensorNorm or normalize, or none"
_CHOICE = re.compile(r"[a-z ]+: (\w+(?:, \w+)* or \w+)")
# "outer.shrink(signal)", a row of its own for each kind
_KIND = re.compile(r"(.+)\((\w+)\)")
# The page lists what all choices of a family are, whatever refuses them here.
_IMPOSSIBLE = {("rates.terms[].granularity", "layerFactor")}


def words(key, value):
    """The kinds that a value names, each with the key that it stands at."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, list):
        for entry in value:
            plain = isinstance(entry, dict) and "kind" not in entry
            yield from words(f"{key}[]" if plain else key, entry)
    elif isinstance(value, dict):
        word = value.get("kind")
        if word is not None:
            yield key, word
        inside = key if word is None else f"{key}({word})"
        for name, setting in value.items():
            yield from words(f"{inside}.{name}", setting)


def reference_words(page):
    """The kinds that the page of settings lists, each with its key, but those of ablations."""
    found = set()
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        key = cells[0].strip("`")
        choice, kind = len(cells) > 2 and _CHOICE.search(cells[2]), _KIND.fullmatch(key)
        if choice:
            found.update((key, word) for word in re.split(r" or |, ", choice[1]))
        if kind:
            found.add((kind[1], kind[2]))
    return sorted((key, word) for key, word in found if not key.startswith("ablation")
                  and not _ELSEWHERE.search(key) and not _WITHIN.search(key) and (key, word) not in _IMPOSSIBLE)
