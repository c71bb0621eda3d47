/// Kinds of one thing, such as optimizers, with the keys that each reads: those that work, and
/// those that the design names and this version refuses by name.
///
/// Making a kind work means moving its row from `planned` to `supported`.
package struct KindTable: Sendable {
  /// What a kind is a kind of, with its article: `an optimizer`.
  package let noun: String
  /// Kinds that work, in the order in which messages list them.
  package let supported: [(name: String, keys: [String])]
  /// Kinds that are known and do not work yet.
  package let planned: [(name: String, keys: [String])]
  /// Kinds that cannot work, and why.
  package let refused: [String: String]

  private init(
    _ noun: String, supported: KeyValuePairs<String, [String]>,
    planned: KeyValuePairs<String, [String]> = [:], refused: [String: String] = [:]
  ) {
    self.noun = noun
    self.supported = supported.map { ($0.key, $0.value) }
    self.planned = planned.map { ($0.key, $0.value) }
    self.refused = refused
  }

  private init(
    _ noun: String, words: [String], planned: [String] = [], refused: [String: String] = [:]
  ) {
    self.noun = noun
    supported = words.map { ($0, []) }
    self.planned = planned.map { ($0, []) }
    self.refused = refused
  }

  /// The same table with one more kind that works.
  private func adding(_ kind: String, keys: [String]) -> KindTable {
    KindTable(
      self, supported: supported + [(kind, keys)], refused: refused.filter { $0.key != kind })
  }

  private init(
    _ table: KindTable, supported: [(name: String, keys: [String])], refused: [String: String]
  ) {
    noun = table.noun
    planned = table.planned
    self.supported = supported
    self.refused = refused
  }

  /// Names of the kinds that work.
  package var names: [String] { supported.map(\.name) }
  /// The noun without its article.
  package var bareNoun: String { noun.drop { $0 != " " }.dropFirst().description }
  /// Keys that a kind reads.
  package func keys(of kind: String) -> [String] {
    (supported + planned).first { $0.name == kind }?.keys ?? []
  }
}

extension KindTable {
  static let tasks = KindTable(
    "a task",
    supported: [
      "digits": ["validation", "test"],
      "noisyQuadratic": ["dimensions", "lowest", "highest", "noise", "expectation"],
      "tracking": ["inputs", "relevant", "interval"],
      "sinusoid": ["support", "query"],
      "teacher": ["inputs", "outputs", "noise", "query", "teacherHidden", "teacher"],
      "hdf5": ["file", "validation", "test", "loss"],
    ],
    planned: ["idx": ["images", "labels"], "omniglot": []])

  static let teachers = KindTable("a teacher", supported: ["fresh": [], "fixed": ["seed"]])

  static let models = KindTable(
    "a model",
    supported: [
      "mlp": ["hidden", "activation", "normalization"],
      "convolutional": ["filters", "activation"],
      "linearRegression": [],
      "logisticRegression": [],
    ],
    planned: ["quadratic": []])

  static let optimizers = KindTable(
    "an optimizer",
    supported: [
      "sgd": [],
      "momentum": ["momentum"],
      "nesterov": ["momentum"],
      "rmsprop": ["decay", "epsilon", "epsilonRoot"],
      "adam": ["beta1", "beta2", "epsilon", "epsilonRoot"],
      "adamw": ["beta1", "beta2", "epsilon", "epsilonRoot", "weightDecay"],
      "lamb": ["beta1", "beta2", "epsilon", "epsilonRoot", "weightDecay"],
    ])

  static let schedules = KindTable(
    "a schedule",
    supported: [
      "constant": [], "step": ["every", "factor"], "exponential": ["decay"], "cosine": ["final"],
      "warmup": ["steps"], "sequence": ["parts"],
    ])

  static let clips = KindTable(
    "a clip",
    supported: [
      "globalNorm": ["limit"], "value": ["limit"], "tensorNorm": ["limit"], "normalize": [],
    ])

  static let transformations = KindTable(
    "a gradient transformation",
    supported: [
      "globalNorm": ["limit"], "value": ["limit"], "tensorNorm": ["limit"], "normalize": [],
      "weightDecay": ["rate"],
    ])

  static let granularities = KindTable(
    "a granularity",
    supported: [
      "global": [], "layerFactor": ["index"], "layer": [], "tensor": [], "row": [],
      "parameter": [],
    ])

  static let times = KindTable(
    "a time", supported: ["constant": [], "window": ["steps"], "step": []])

  static let parameterizations = KindTable(
    "a parameterization",
    supported: ["direct": [], "log": [], "softplus": [], "sigmoid": ["maximum"]])

  static let initialRates = KindTable(
    "an initial value",
    supported: [
      "uniform": ["rate"], "layerFactor": ["base", "factor"],
      "gradientMagnitude": ["median", "batches"], "checkpoint": ["file", "state"],
    ])

  static let cadences = KindTable(
    "a cadence", supported: ["restarted": [], "carried": ["windows"]])

  static let horizons = KindTable(
    "a horizon",
    supported: ["fixed": [], "growing": ["from", "every"], "random": ["lowest"]])

  static let estimators = KindTable(
    "an estimator",
    supported: [
      "reverse": [], "truncated": ["window"], "forward": [], "diagonalForward": ["decay"],
      "online": [], "evolution": ["pairs", "deviation", "window"], "firstOrder": [],
    ],
    refused: [
      "finiteDifferences":
        "they are for checks; write `metarate hypergradient CONFIG --against finiteDifferences`",
      "implicit":
        "by implicit differentiation the rates' hypergradient at a fixed point is identically "
        + "zero, as the fixed point does not depend on them; `metarate hypergradient CONFIG "
        + "--estimator implicit` shows it for coupled weight decay",
    ])

  /// Estimators that can be compared: those of runs, and one for weight decay.
  static let comparedEstimators = estimators.adding(
    "implicit", keys: ["iterations", "tolerance", "terms"])

  static let memories = KindTable(
    "a memory policy",
    supported: ["storeAll": [], "everyStep": [], "segments": [], "binomial": ["snapshots"]])

  static let objectives = KindTable(
    "an objective",
    supported: ["final": [], "mean": [], "weighted": ["weights"], "training": []])

  static let learnTargets = KindTable(
    "a target", words: ["rates", "initialWeights", "optimizerScalars", "adaptedRates"])

  static let onlineRules = KindTable("a rule", words: ["additive", "multiplicative", "idbd"])
  static let initialWeights = KindTable(
    "initial weights", supported: ["fresh": [], "fixed": [], "checkpoint": ["file", "state"]])
  static let initialScalars = KindTable(
    "initial scalars", supported: ["specified": [], "checkpoint": ["file", "state"]])
  static let learnedStates = KindTable("a state", words: ["best", "last"])
  static let activations = KindTable(
    "an activation", words: ["relu", "tanh", "sigmoid", "softplus", "gelu", "sin"])
  static let normalizations = KindTable("a normalization", words: ["none", "layer"])
  static let losses = KindTable("a loss", words: ["meanSquaredError", "crossEntropy"])
  static let layerIndices = KindTable("an index", words: ["tensor", "layer"])
  static let precisions = KindTable("a precision", words: ["single", "double"])
}

/// The keys of a section: those that are read, and those of features to come.
struct SectionKeys: Sendable {
  let supported: [String]
  var planned: [String] = []

  static let root = SectionKeys(
    supported: [
      "name", "task", "model", "inner", "rates", "hypergradient", "outer", "checkpoint", "seed",
      "precision", "ablation",
    ])
  static let inner = SectionKeys(supported: [
    "optimizer", "steps", "batch", "clip", "transformations", "schedule", "online", "scalars",
  ])
  static let online = SectionKeys(supported: ["rule", "metaRate", "floor"])
  static let rates = SectionKeys(supported: ["granularity", "time", "parameterization", "initial"])
  static let hypergradient = SectionKeys(
    supported: ["estimator", "memory"])
  static let outer = SectionKeys(
    supported: [
      "optimizer", "schedule", "steps", "learn", "tasks", "initialWeights", "objective", "clip",
      "cadence", "horizon", "freeze", "patience", "validation",
    ])
  static let validation = SectionKeys(supported: ["every", "tasks", "steps"])
  static let checkpoint = SectionKeys(supported: ["every"], planned: ["keep"])
  static let interval = SectionKeys(supported: ["seconds"])
  static let ablation = SectionKeys(
    supported: ["seeds", "tuning"], planned: ["learning", "arms", "margin"])
  static let tuning = SectionKeys(
    supported: ["seeds", "rates", "lowest", "highest", "pairs", "lowestFactor", "highestFactor"])

  /// Sections that a key may have been meant for, by their paths.
  static let byPath: KeyValuePairs<String, SectionKeys> = [
    "": root, "inner": inner, "inner.online": online, "rates": rates,
    "hypergradient": hypergradient, "outer": outer,
    "outer.validation": validation, "checkpoint": checkpoint, "ablation": ablation,
    "ablation.tuning": tuning,
  ]
}
