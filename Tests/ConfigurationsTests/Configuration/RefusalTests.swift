import Testing

/// Lines after `name: a` and `task: digits`, so that they count from 3, and what is said of them.
@Suite("Refusing keys and words")
struct RefusalTests {
  static let unknownKeys = Refusal.table(
    """
    inner: { stpes: 5 }
    → run.yaml:3:10: inner.stpes: found an unknown key, expected optimizer, steps, batch, clip, transformations, schedule, online or scalars; did you mean "steps"?

    inner:
      steps: 5
      optimiser: sgd
    → run.yaml:5:3: inner.optimiser: found an unknown key, expected optimizer, steps, batch, clip, transformations, schedule, online or scalars; did you mean "optimizer"?

    steps: 5
    → run.yaml:3:1: steps: found an unknown key, expected name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation; did you mean inner.steps, outer.steps or outer.validation.steps?

    zebra: 5
    → run.yaml:3:1: zebra: found an unknown key, expected name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation

    inner: { optimizer: { kind: sgd, momentum: 0.9 } }
    → run.yaml:3:34: inner.optimizer.momentum: found a key that optimizer sgd does not have, expected kind; momentum belongs to optimizer momentum, nesterov or muon

    inner: { optimizer: { momentum: 0.9 } }
    → run.yaml:3:23: inner.optimizer.momentum: found a key that optimizer sgd does not have, expected kind; momentum belongs to optimizer momentum, nesterov or muon

    outer: { optimizer: { kind: adam, rte: 1 } }
    → run.yaml:3:35: outer.optimizer.rte: found a key that optimizer adam does not have, expected kind, beta1, beta2, epsilon, epsilonRoot or rate; did you mean "rate"?

    3: 5
    → run.yaml:3:1: 3: found an unknown key, expected name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation

    "a\\nb\\e[1m": 5
    → run.yaml:3:1: a b [1m: found an unknown key, expected name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation

    [a]: 5
    → run.yaml:3:1: found a list or mapping as a key, expected a word

    <<: { seed: 3 }
    → run.yaml:3:1: <<: found an unknown key, expected name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation
    """)

  @Test("a key that is not read", arguments: unknownKeys)
  func refusesUnknownKeys(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  static let duplicateKeys = Refusal.table(
    """
    inner:
      steps: 5
      batch: 3
      steps: 6
    → run.yaml:6:3: inner.steps: found the key twice, expected it once; remove this one or the one at run.yaml:4:3

    name: b
    → run.yaml:3:1: name: found the key twice, expected it once; remove this one or the one at run.yaml:1:1

    inner: { "steps": 1, batch: 2, "steps": 1, steps: 7 }
    → run.yaml:3:32: inner.steps: found the key twice, expected it once; remove this one or the one at run.yaml:3:10
    """)

  @Test("a key that stands twice", arguments: duplicateKeys)
  func refusesDuplicateKeys(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  static let unknownWords = Refusal.table(
    """
    inner: { optimizer: adm }
    → run.yaml:3:21: inner.optimizer: found "adm", expected an optimizer: ‹optimizers›; did you mean "adam"?

    inner: { optimizer: { kind: Adam } }
    → run.yaml:3:29: inner.optimizer.kind: found "Adam", expected an optimizer: ‹optimizers›; did you mean "adam"?

    model: { activation: swish }
    → run.yaml:3:22: model.activation: found "swish", expected an activation: relu, tanh, sigmoid, softplus, gelu, exactGelu, sin, silu, elu or leakyRelu

    inner: { online: { rule: hypergradient } }
    → run.yaml:3:26: inner.online.rule: found "hypergradient", expected a rule: additive, multiplicative or idbd

    rates: { granularity: weight }
    → run.yaml:3:23: rates.granularity: found "weight", expected a granularity: global, layerFactor, layer, tensor, inputUnit, outputUnit, orbit or parameter
    """)

  @Test("a word that is not known", arguments: unknownWords)
  func refusesUnknownWords(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  static let featuresToCome = Refusal.table(
    """
    model: quadratic
    → run.yaml:3:8: model: found "quadratic", expected a model: ‹models›; not supported in this version
    """)

  @Test("a combination that cannot be", arguments: combinations)
  func combination(_ refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  static let combinations = Refusal.table(
    """
    hypergradient: { estimator: implicit }
    → run.yaml:3:29: hypergradient.estimator: found "implicit", expected an estimator: ‹estimators›; by implicit differentiation the rates' hypergradient at a fixed point is identically zero, as the fixed point does not depend on them; `metarate hypergradient CONFIG --estimator implicit` shows it for coupled weight decay

    outer: { learn: [adaptedRates] }
    → run.yaml:3:17: outer.learn: found adaptedRates without rates that adapt, expected inner.online, such as inner.online={rule: additive, metaRate: 0.001, floor: 1e-6}

    outer: { cadence: carried, learn: [initialWeights] }
    → run.yaml:3:19: outer.cadence: found runs that go on beside initial weights that are shared, expected outer.initialWeights fresh; or choose the cadence restarted

    inner: { steps: 2 }
    outer: { objective: { kind: weighted, weights: [1, 1] }, validation: { steps: 3 } }
    → run.yaml:4:21: outer.objective: found one weight for each of 2 steps beside outer.validation.steps 3, expected as many steps in validation as there are weights; or outer.objective final, mean or training

    inner: { optimizer: sgd }
    outer: { learn: [optimizerScalars] }
    → run.yaml:4:17: outer.learn: found optimizerScalars of an inner step that has none, expected an optimizer with momentum or decays, a clip limit, weight decay, or other targets

    outer: { patience: 3, validation: { every: 0 } }
    → run.yaml:3:20: outer.patience: found patience without checks that it could count, expected outer.validation.every from 1; or no patience

    outer: { steps: 5, freeze: 5 }
    → run.yaml:3:28: outer.freeze: found rates that are frozen for all 5 outer steps, expected fewer than that

    ablation: { seeds: 1 }
    → run.yaml:3:20: ablation.seeds: found 1, expected a whole number from 2

    hypergradient: { estimator: { kind: evolution, window: 7 } }
    → run.yaml:3:29: hypergradient.estimator: found a window of 7 steps, expected one that divides the 100 inner steps

    outer: { horizon: { kind: growing, from: 101 } }
    → run.yaml:3:42: outer.horizon.from: found 101, expected a whole number from 1 to 100

    hypergradient: { memory: binomial }
    → run.yaml:3:26: hypergradient.memory.snapshots: found nothing, expected a whole number from 1; add it

    hypergradient: { memory: { kind: binomial, snapshots: 0 } }
    → run.yaml:3:55: hypergradient.memory.snapshots: found 0, expected a whole number from 1

    hypergradient: { memory: { kind: segments, snapshots: 3 } }
    → run.yaml:3:44: hypergradient.memory.snapshots: found a key that memory policy segments does not have, expected kind; snapshots belongs to memory policy binomial

    hypergradient: { memory: 2 }
    → run.yaml:3:26: hypergradient.memory: found 2, expected a memory policy: storeAll, everyStep, segments or binomial, or a limit such as 2 GiB; add a unit: TiB, TB, GiB, GB, MiB, MB, KiB, kB or B

    hypergradient: { memory: 2 gb }
    → run.yaml:3:26: hypergradient.memory: found "2 gb", expected a memory policy: storeAll, everyStep, segments or binomial, or a limit such as 2 GiB; a limit is a number above 0 and a unit: TiB, TB, GiB, GB, MiB, MB, KiB, kB or B

    hypergradient: { snapshots: 3 }
    → run.yaml:3:18: hypergradient.snapshots: found an unknown key, expected estimator or memory

    outer: { objective: weighted }
    → run.yaml:3:21: outer.objective.weights: found nothing, expected a list of 100 numbers, one per inner step; add it

    outer: { objective: { kind: weighted, weights: [1, 2] } }
    → run.yaml:3:48: outer.objective.weights: found 2 weights, expected 100, one per inner step and not all 0

    inner: { online: { rule: idbd } }
    → run.yaml:3:18: inner.online: found the rule idbd beside the task digits, expected additive or multiplicative: idbd is for a linear model that sees one example a step, as in the task tracking

    inner: { clip: normalize, transformations: [normalize] }
    → run.yaml:3:44: inner.transformations: found transformations beside clip, expected one of them; write all in transformations, in their order

    inner: { schedule: { kind: sequence, parts: [constant, constant] } }
    → run.yaml:3:46: inner.schedule.parts[0].for: found nothing, expected how many steps the part lasts; add it

    inner: { schedule: { kind: sequence, parts: [{ kind: cosine, for: 3 }] } }
    → run.yaml:3:67: inner.schedule.parts[0].for: found a length for the last part, expected none: it takes all steps that are left; remove it
    """)

  @Test("a feature of the design that this version lacks", arguments: featuresToCome)
  func refusesFeaturesToCome(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  static let brokenYAML = Refusal.table(
    """
    inner: { steps: 5
    → run.yaml:4:1: found broken YAML: did not find expected ',' or '}' (while parsing a flow mapping from 3:8); check brackets, quotes, colons and indentation

    inner:
    \tsteps: 5
    → run.yaml:4:1: found broken YAML: found character that cannot start any token (while scanning for the next token from 4:1); check brackets, quotes, colons and indentation

    inner: *nothing
    → run.yaml:3:8: found broken YAML: found undefined alias; check brackets, quotes, colons and indentation

    ---
    name: b
    → run.yaml:3:1: found a second document, expected one; remove the line "---"
    """)

  @Test("what is no YAML", arguments: brokenYAML)
  func refusesBrokenYAML(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }
}
