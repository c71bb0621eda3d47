import Settings

/// By what the outer loop learns.
public enum Learning: Sendable, Equatable {
  /// By hypergradients with respect to the given targets, at least one.
  case hypergradients([LearnTarget])
  /// Rates as the inner steps adapted them on their way: no hypergradient, and nothing beside it.
  case adaptation

  /// Whether a target is learned by hypergradients.
  public func contains(_ target: LearnTarget) -> Bool { targets.contains(target) }

  /// Whether rates change, one way or the other.
  public var changesRates: Bool { self == .adaptation || contains(.rates) }

  /// What is learned by hypergradients.
  public var targets: [LearnTarget] {
    if case .hypergradients(let targets) = self { targets } else { [] }
  }
}

extension Form<Learning> {
  /// A list of targets, or `adaptedRates` alone.
  static var learning: Form {
    let words = LearnTarget.allCases.map(\.rawValue) + [adaptation]
    let list = Form<[String]>.list(
      of: .choice("a target", words.map { Alternative($0, $0, "") }), isUnique: true)
    return .refining(
      list,
      { words, node, path throws(ConfigurationError) in
        guard words.contains(adaptation) else {
          return .hypergradients(words.compactMap(LearnTarget.init))
        }
        guard words.count == 1 else {
          throw ConfigurationError(
            at: node.source, path: path,
            message: "found adaptedRates beside other targets, expected it alone: rates that adapt "
              + "inside a run need no hypergradient")
        }
        return .adaptation
      }, from: { $0 == .adaptation ? [adaptation] : $0.targets.map(\.rawValue) })
  }

  private static var adaptation: String { "adaptedRates" }
}

/// Where a run's initial weights come from.
public enum InitialWeights: Sendable, Equatable {
  /// Drawn anew for each run.
  case fresh
  /// Drawn once, the same for all runs.
  case fixed
  /// Weights from elsewhere, such as a state of a checkpoint, named by `source`; the same for all
  /// runs. The inner problem has them.
  case given(source: String, state: LearnedState = .best)
  /// Weights from somebody else's file; the same for all runs. The inner problem has them.
  case arrays(WeightsFile)

  /// The file that they come from; nil where they come from none.
  public var source: String? {
    switch self {
    case .fresh, .fixed: nil
    case .given(let source, _): source
    case .arrays(let source): source.file
    }
  }
}

/// How often learning is checked on runs that it does not see.
public struct ValidationSpecification: Sendable, Equatable {
  /// Outer steps between checks; 0 for none.
  public var every: Int
  /// How many runs a check evaluates.
  public var tasks: Int
  /// Inner steps of those runs, and of test runs; nil for as many as are learned from.
  public var steps: Int?
  /// Whether checks test if parameters that fresh weights exchange differ in more than noise, which
  /// takes a hypergradient of their runs.
  public var testsExchange: Bool

  /// Eight runs every ten steps, unless said otherwise.
  public init(
    every: Int = 10, tasks: Int = 8, steps: Int? = nil, testsExchange: Bool = false
  ) {
    self.testsExchange = testsExchange
    self.every = every
    self.tasks = tasks
    self.steps = steps
  }
}

/// How the outer loop learns. What it learns for is the inner problem's objective.
public struct OuterSpecification: Sendable {
  /// The update; any inner optimizer serves.
  public var optimizer: any Optimizer
  /// Its rate.
  public var rate: Double
  /// What multiplies the rate.
  public var schedule: any Schedule
  /// Outer steps.
  public var steps: Int
  /// What is learned, and how.
  public var learning: Learning
  /// How hypergradients are computed.
  public var estimator: any HypergradientEstimator
  /// Inner runs per outer step.
  public var tasks: Int
  /// Where their initial weights come from.
  public var initialWeights: InitialWeights
  /// What happens to hypergradients before the update.
  public var clip: (any GradientTransformation)?
  /// What shrinks updates of rates by how much of them is noise; nil for nothing.
  public var shrinkage: SignalShrinkage?
  /// An average of what is learned over outer steps, which competes at checks; nil for none.
  public var average: OuterAverage?
  /// Whether runs go on from one outer step to the next.
  public var cadence: Cadence
  /// Inner steps of an outer step.
  public var horizon: Horizon
  /// First outer steps in which rates stay what they are while the rest is learned.
  public var frozenSteps: Int
  /// Checks without a new best after which learning ends; nil for never.
  public var patience: Int?
  /// What a step does about runs that come to numbers that are not finite.
  public var nonFinite: NonFinitePolicy
  /// Checks on runs that learning does not see.
  public var validation: ValidationSpecification

  /// 200 steps of Adam at rate 0.02 on the rates, eight fresh runs each, unless said otherwise.
  ///
  /// The optimizer is used `forOuterLoop`; set the property for other guards.
  public init(
    optimizer: any Optimizer = Adam(), rate: Double = 0.02,
    schedule: any Schedule = ConstantSchedule(), steps: Int = 200,
    learning: Learning = .hypergradients([.rates]),
    estimator: any HypergradientEstimator = ReverseEstimator(), tasks: Int = 8,
    initialWeights: InitialWeights = .fresh, clip: (any GradientTransformation)? = nil,
    shrinkage: SignalShrinkage? = nil, average: OuterAverage? = nil,
    cadence: Cadence = .restarted, horizon: Horizon = .fixed, frozenSteps: Int = 0,
    patience: Int? = nil, nonFinite: NonFinitePolicy = .stop,
    validation: ValidationSpecification = ValidationSpecification()
  ) {
    self.optimizer = optimizer.forOuterLoop
    self.rate = rate
    self.schedule = schedule
    self.steps = steps
    self.learning = learning
    self.estimator = estimator
    self.tasks = tasks
    self.initialWeights = initialWeights
    self.clip = clip
    self.shrinkage = shrinkage
    self.average = average
    self.cadence = cadence
    self.horizon = horizon
    self.frozenSteps = frozenSteps
    self.patience = patience
    self.nonFinite = nonFinite
    self.validation = validation
  }

  /// The schedule where it releases terms of rates one after another.
  var coarseToFine: CoarseToFineSchedule? { schedule as? CoarseToFineSchedule }

  /// Whether all runs start from the same weights.
  public var sharesInitialWeights: Bool {
    initialWeights != .fresh || learning.contains(.initialWeights)
  }
}

extension OuterSpecification {
  /// Names of what the outer loop remembers besides what is learned: the optimizer's, then those of
  /// signal and average.
  package var slotNames: [String] {
    optimizer.slotNames + (shrinkage == nil ? [] : SignalShrinkage.slotNames)
      + (average == nil ? [] : [OuterAverage.slotName])
  }

  /// Those of them that never hold a negative number.
  package var nonnegativeSlots: [String] {
    optimizer.nonnegativeSlots + (shrinkage == nil ? [] : [SignalShrinkage.varianceName])
  }
}
