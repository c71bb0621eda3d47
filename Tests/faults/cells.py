#!/usr/bin/env python3
"""Makes system calls of an ablation and of a sweep fail, and asks what was lost.

    Tests/faults/cells.py METARATE [--sample N] [--seed S]

Two arms of two repetitions and two cells of a sweep, a few steps each, on the embedded digits, from the start
and after a kill; METARATE is the command. What can fail and what must not be lost are those of `calls.py`:
the same command again must come to the same tables, cells and runs. `--sample` takes that many faults instead
of 400, the same ones for the same seed. Prints a line for each kind of fault with trials and outcomes; exit
code 1 where anything was lost.
"""
import calls
import trials

ABLATION = trials.REPOSITORY / "experiments/ablation-digits.yaml"
LEARNING = ["inner.steps=4", "outer.steps=2", "outer.tasks=1", "outer.validation.tasks=1",
            "outer.validation.every=1"]
ABLATE = ["ablate", ABLATION, *LEARNING, "model.hidden=[4]", "ablation.arms=[tunedUniform, learned]",
          "ablation.repetitions=2", "ablation.seeds=2", "ablation.tuning.seeds=1",
          "ablation.tuning.rates=3", "--output", "faulty-ablation"]
SWEEP = ["sweep", trials.DIGITS, *LEARNING, "model.hidden=[[4]]", "testRuns=2", "checkpoint.every=1",
         "rates.time=constant", "rates.terms=base", "outer.optimizer.rate=[0.02, 0.1]",
         "--output", "faulty-sweep", "--quiet"]


def study(command, options):
    options.sample = options.sample or 400
    subjects = [calls.Subject(command, "ablation", ABLATE), calls.Subject(command, "sweep", SWEEP)]
    return calls.examine(subjects, options, "an ablation, of a sweep and of going on with them")


if __name__ == "__main__":
    trials.main(study, __doc__)
