import Foundation
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// What arms choose with: a problem, how it is learned and searched, and what one arm computes and
/// others need too.
public final class ArmBench<Task: LearningTask> {
  /// What the arm is about: the task with its data, how it is trained, and the rates that are
  /// learned.
  public let problem: InnerProblem<Task>
  /// How rates are learned and validated.
  public let outer: OuterSpecification
  /// What the hypergradients of learned arms may keep.
  public let memory: MemorySpecification
  /// The search that tuned arms get.
  public let search: TuningConfiguration
  /// What every random number follows from.
  public let seed: UInt64
  /// Tells how far choosing is.
  public let progress: (String) -> Void
  private let shared: SharedChoices
  /// What tells the bench's training, and its learning, apart from other benches'.
  private let keys: (training: String, learning: String)
  private let changed: ([Change]) throws -> ArmBench<Task>

  /// A bench for an arm.
  ///
  /// - Parameters:
  ///   - shared: what the arms of a repetition have computed.
  ///   - keys: what decides training with given rates, and learning.
  ///   - changed: the bench of the same configuration with changes.
  package init(
    _ problem: InnerProblem<Task>, outer: OuterSpecification, memory: MemorySpecification,
    search: TuningConfiguration, seed: UInt64, shared: SharedChoices,
    keys: (training: String, learning: String), progress: @escaping (String) -> Void,
    changed: @escaping ([Change]) throws -> ArmBench<Task>
  ) {
    self.problem = problem
    self.outer = outer
    self.memory = memory
    self.search = search
    self.seed = seed
    self.shared = shared
    self.keys = keys
    self.progress = progress
    self.changed = changed
  }

  /// Inner steps of the runs that rates are chosen and reported by.
  public var evaluationSteps: Int { outer.validation.steps ?? problem.specification.steps }

  /// The bench of the arm's configuration with other values in some places.
  ///
  /// - Throws: `ConfigurationError` for values that cannot be.
  public func with(_ changes: [Change]) throws -> ArmBench<Task> { try changed(changes) }

  /// The search of a uniform rate, done once for all arms that train in the same way.
  public func tunedUniform() -> Tuning {
    noteTuning()
    return shared.value(uniformKey) {
      progress("tuning the uniform rate")
      let tuning = Tuning.uniform(self)
      progress("tuned uniform rate \(Format.number(tuning.best.values[0]))")
      return tuning
    }
  }

  /// The search of a layer factor whose exponent counts tensors or layers, done once for all arms
  /// that train in the same way. Candidates are bases and factors.
  public func tunedLayerFactor(_ index: LayerIndex) -> Tuning {
    noteTuning()
    return shared.value(layerFactorKey(index)) {
      progress("tuning layer factors by \(index.rawValue)")
      let tuning = Tuning.pairs(self, .layerFactor(index: index)) { [$0, log($1)] }
      progress("tuned layer factor \(LayerFactorText.text(tuning.best.values, index))")
      return tuning
    }
  }

  private var uniformKey: String { "uniform \(keys.training)" }
  private var learnedKey: String { "learned \(keys.learning)" }
  private func layerFactorKey(_ index: LayerIndex) -> String {
    "layer factor by \(index.rawValue) \(keys.training)"
  }

  /// Remembers that rates were chosen on the tuning seeds.
  func noteTuning() { shared.hasTuned = true }

  /// What an outer loop prefers by validation, from the initial rates of the bench's problem;
  /// learned once for all arms that learn the same.
  ///
  /// - Throws: `RateError` for initial rates that the parameterization cannot give.
  func learned() throws -> LearnedRates {
    try shared.value(learnedKey) { try LearnedRates(self) }
  }

  /// The choice of a few unconstrained numbers of a granularity, which are rates themselves or, of
  /// layer factors, a rate and the logarithm of a factor.
  public func choice(
    named name: String, _ choice: String, by method: String, at budget: Budget,
    _ granularity: Granularity, _ values: [Double]
  ) -> ArmChoice<Task> {
    let problem = problem.with(
      RateSpecification(granularity: granularity, parameterization: .direct))
    return ArmChoice(
      name: name, choice: choice, method: method, budget: budget, problem: problem,
      learned: Learned(rates: problem.rates.filled(values)))
  }
}

// What choosing will cost, before anything is computed.
extension ArmBench {
  /// What a search costs that scores so many candidates and is not widened.
  public func costOfTuning(_ candidates: Int) -> Budget {
    Budget(gradients: candidates * search.seeds * evaluationSteps)
  }

  /// What learning costs that takes all its steps, the measurement of initial rates left out.
  public func costOfLearning() -> Budget {
    Budget(ofLearning: outer, steps: problem.specification.steps, rates: problem.rates.count)
  }

  /// What the search of a uniform rate costs all arms that train in the same way.
  func expectedUniform() -> Budget { shared.expecting(uniformKey, costOfTuning(search.rates)) }

  /// What the search of a layer factor costs all arms that train in the same way.
  func expectedLayerFactor(_ index: LayerIndex) -> Budget {
    shared.expecting(layerFactorKey(index), costOfTuning(search.pairs))
  }

  /// What learning costs all arms that learn the same from the same start.
  func expectedLearning(from start: LearningStart) -> Budget {
    // What is tuned need not be measured.
    let measuring = start == .asWritten ? problem.costOfInitialRates : Budget()
    return shared.expecting(
      "\(learnedKey) from \(start.rawValue)", measuring + costOfLearning())
  }
}
