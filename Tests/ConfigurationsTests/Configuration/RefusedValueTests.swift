import Testing

/// Lines after `name: a` and `task: digits`, so that they count from 3, and what is said of them.
@Suite("Refusing values")
struct RefusedValueTests {
  static let wrongTypes = Refusal.table(
    """
    inner: { steps: many }
    → run.yaml:3:17: inner.steps: found "many", expected a whole number from 1

    inner: { steps: "5" }
    → run.yaml:3:17: inner.steps: found the text "5", expected a whole number from 1

    inner: { steps: 1.5 }
    → run.yaml:3:17: inner.steps: found 1.5, expected a whole number from 1

    inner: { steps: 1e2 }
    → run.yaml:3:17: inner.steps: found 1e2, expected a whole number from 1

    inner: { steps: true }
    → run.yaml:3:17: inner.steps: found true, expected a whole number from 1

    inner: { steps: }
    → run.yaml:3:17: inner.steps: found nothing, expected a whole number from 1

    inner: { steps: [5] }
    → run.yaml:3:17: inner.steps: found a list, expected a whole number from 1

    inner: { steps: { n: 5 } }
    → run.yaml:3:17: inner.steps: found a mapping, expected a whole number from 1

    inner: { steps: 0x10 }
    → run.yaml:3:17: inner.steps: found "0x10", expected a whole number from 1

    inner: { steps: 99999999999999999999 }
    → run.yaml:3:17: inner.steps: found 99999999999999999999, expected a whole number from 1 to 1000000000

    inner: [5]
    → run.yaml:3:8: inner: found a list, expected a mapping of optimizer, steps, batch, clip, transformations, schedule, online or scalars

    inner:
    → run.yaml:3:7: inner: found nothing, expected a mapping of optimizer, steps, batch, clip, transformations, schedule, online or scalars; remove the key for its defaults

    inner: 5
    → run.yaml:3:8: inner: found 5, expected a mapping of optimizer, steps, batch, clip, transformations, schedule, online or scalars

    model: { hidden: 64 }
    → run.yaml:3:18: model.hidden: found 64, expected a list of layer sizes; write [64]

    rates: { initial: { rate: .nan } }
    → run.yaml:3:27: rates.initial.rate: found .nan, expected a finite number

    rates: { initial: { rate: -.inf } }
    → run.yaml:3:27: rates.initial.rate: found -.inf, expected a finite number

    rates: { initial: { rate: 1e999 } }
    → run.yaml:3:27: rates.initial.rate: found 1e999, expected a finite number

    rates: { initial: { rate: fast } }
    → run.yaml:3:27: rates.initial.rate: found "fast", expected a finite number

    model: { activation: {} }
    → run.yaml:3:22: model.activation: found a mapping, expected an activation: relu, tanh, sigmoid, softplus, gelu, exactGelu, sin, silu, elu or leakyRelu

    precision: { kind: single }
    → run.yaml:3:12: precision: found a mapping, expected a precision: single or double

    outer: { learn: { kind: rates } }
    → run.yaml:3:17: outer.learn: found a mapping, expected a target: rates, initialWeights, optimizerScalars or adaptedRates

    rates: { initial: 0.3 }
    → run.yaml:3:19: rates.initial: found 0.3, expected an initial value: ‹initialRates›
    """)

  @Test("a value of another type", arguments: wrongTypes)
  func refusesWrongTypes(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  static let impossibleValues = Refusal.table(
    """
    inner: { steps: 0 }
    → run.yaml:3:17: inner.steps: found 0, expected a whole number from 1

    inner: { batch: 0 }
    → run.yaml:3:17: inner.batch: found 0, expected a whole number from 1

    inner: { optimizer: { kind: momentum, momentum: 1 } }
    → run.yaml:3:49: inner.optimizer.momentum: found 1, expected a number from 0, below 1

    inner: { optimizer: { kind: adam, beta2: -0.1 } }
    → run.yaml:3:42: inner.optimizer.beta2: found -0.1, expected a number from 0, below 1

    outer: { optimizer: { kind: adam, epsilon: 0 } }
    → run.yaml:3:44: outer.optimizer.epsilon: found 0 beside epsilonRoot 0, expected one of them above 0; a gradient of 0 would be divided by 0

    outer: { optimizer: { kind: adam, rate: 0 } }
    → run.yaml:3:41: outer.optimizer.rate: found 0, expected a number above 0

    outer: { steps: 0 }
    → run.yaml:3:17: outer.steps: found 0, expected a whole number from 1

    outer: { learn: [] }
    → run.yaml:3:17: outer.learn: found an empty list, expected rates, initialWeights, optimizerScalars or adaptedRates; write [rates]

    outer: { learn: [rates, rates] }
    → run.yaml:3:25: outer.learn: found rates twice, expected it once; remove one

    outer: { learn: [rate] }
    → run.yaml:3:18: outer.learn: found "rate", expected a target: rates, initialWeights, optimizerScalars or adaptedRates; did you mean "rates"?

    inner: { clip: { kind: globalNorm, limit: 0 } }
    → run.yaml:3:43: inner.clip.limit: found 0, expected a number above 0

    inner: { clip: globalNorm }
    → run.yaml:3:16: inner.clip.limit: found nothing, expected a number above 0; add it

    inner: { clip: [{ limit: 1 }] }
    → run.yaml:3:17: inner.clip[0]: found a mapping without kind, expected a clip: ‹clips›; add "kind: globalNorm"

    inner: { online: { metaRate: -1 } }
    → run.yaml:3:30: inner.online.metaRate: found -1, expected a number from 0

    inner: { online: multiplicative }
    → run.yaml:3:18: inner.online: found "multiplicative", expected a mapping of rule, metaRate or floor

    inner: { schedule: { kind: cosine, final: 2 } }
    → run.yaml:3:43: inner.schedule.final: found 2, expected a number from 0 to 1

    model: { kind: mlp, hidden: [64, 0] }
    → run.yaml:3:34: model.hidden[1]: found 0, expected a whole number from 1

    rates: { time: window }
    → run.yaml:3:16: rates.time.steps: found nothing, expected a whole number from 1; add it

    rates: { time: { kind: window, steps: 0 } }
    → run.yaml:3:39: rates.time.steps: found 0, expected a whole number from 1

    rates: { initial: { rate: 0 } }
    → run.yaml:3:27: rates.initial.rate: found 0, expected a number above 0, under parameterization log

    rates: { parameterization: softplus, initial: { rate: -1 } }
    → run.yaml:3:55: rates.initial.rate: found -1, expected a number above 0, under parameterization softplus

    rates: { parameterization: { kind: sigmoid, maximum: 0.3 }, initial: { rate: 0.3 } }
    → run.yaml:3:78: rates.initial.rate: found 0.3, expected a number above 0, below 0.3, under parameterization sigmoid

    rates: { parameterization: { kind: sigmoid, maximum: 0.05 } }
    → run.yaml:3:8: rates.initial.rate: found 0.1 (the default), expected a number above 0, below 0.05, under parameterization sigmoid; set rates.initial.rate

    rates: { parameterization: sigmoid, initial: { kind: layerFactor, factor: 4 } }
    → run.yaml:3:75: rates.initial.factor: found 4, so that layer 2 starts at 1.6, expected a number above 0, below 1.0, under parameterization sigmoid

    rates: { initial: { kind: layerFactor } }
    → run.yaml:3:19: rates.initial.factor: found nothing, expected a number above 0; add it

    seed: -1
    → run.yaml:3:7: seed: found -1, expected a whole number from 0 to 18446744073709551615

    checkpoint: { every: 0 }
    → run.yaml:3:22: checkpoint.every: found 0, expected a whole number from 1

    checkpoint: { every: { seconds: 0 } }
    → run.yaml:3:33: checkpoint.every.seconds: found 0, expected a number above 0

    checkpoint: { every: { minutes: 1 } }
    → run.yaml:3:24: checkpoint.every.minutes: found an unknown key, expected seconds

    rates: { initial: { kind: checkpoint, file: a.h5, state: newest } }
    → run.yaml:3:58: rates.initial.state: found "newest", expected a state: best or last

    ablation: { tuning: { lowest: 5 } }
    → run.yaml:3:31: ablation.tuning.lowest: found 5, expected below highest, 3.0

    ablation: { tuning: { lowest: 5, highest: 5 } }
    → run.yaml:3:43: ablation.tuning.highest: found 5, expected above lowest, 5.0

    ablation: { seeds: 0 }
    → run.yaml:3:20: ablation.seeds: found 0, expected a whole number from 2

    ablation: { repetitions: 0 }
    → run.yaml:3:26: ablation.repetitions: found 0, expected a whole number from 1

    ablation: { arms: learned }
    → run.yaml:3:19: ablation.arms: found one, expected two or more to compare
    """)

  @Test("a value that cannot be", arguments: impossibleValues)
  func refusesImpossibleValues(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }
}
