import MetaLearning
import Reports
import Settings
import TensorPrograms

/// A way to choose rates, to be compared with others on test runs that none of them saw.
public protocol AblationArm: Kind {
  /// The choice for a task; nil where there is nothing to choose, such as a layer factor for a
  /// model of one tensor.
  func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>?
}

/// What an arm chose, and what that took.
public struct ArmChoice<Task: LearningTask> {
  /// What tables call the arm: `tuned uniform`.
  public var name: String
  /// What was chosen, in words.
  public var choice: String
  /// How it was chosen, in words for the protocol.
  public var method: String
  /// What choosing cost.
  public var budget: Budget
  /// The problem that runs train in, as long as learning does; runs that are evaluated may take
  /// longer.
  public var problem: InnerProblem<Task>
  /// The rates and, where they were learned too, initial weights and scalars; runs have those that
  /// all arms have in place of what is empty.
  public var learned: Learned

  /// A choice, and what it took.
  public init(
    name: String, choice: String, method: String, budget: Budget, problem: InnerProblem<Task>,
    learned: Learned
  ) {
    self.name = name
    self.choice = choice
    self.method = method
    self.budget = budget
    self.problem = problem
    self.learned = learned
  }
}

/// What arms choose with: a problem, how it is learned and searched, and what several arms need and
/// one tunes.
public final class ArmBench<Task: LearningTask> {
  /// What the arms differ from: the task with its data, how it is trained, and the rates that are
  /// learned. Where those start is an arm's choice, and their own start has not been derived.
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
  /// Whether an arm has tuned rates on the tuning seeds.
  package internal(set) var hasTuned = false
  private var uniform: Tuning?

  /// A bench for the arms of one comparison.
  public init(
    _ problem: InnerProblem<Task>, outer: OuterSpecification, memory: MemorySpecification,
    search: TuningConfiguration, seed: UInt64, progress: @escaping (String) -> Void
  ) {
    self.problem = problem
    self.outer = outer
    self.memory = memory
    self.search = search
    self.seed = seed
    self.progress = progress
  }

  /// Inner steps of the runs that rates are chosen and reported by.
  public var evaluationSteps: Int { outer.validation.steps ?? problem.specification.steps }

  /// The search of a uniform rate, done once for all arms.
  public func tunedUniform() -> Tuning {
    if let uniform { return uniform }
    progress("tuning the uniform rate")
    let tuning = Tuning.uniform(self)
    progress("tuned uniform rate \(Format.number(tuning.best.values[0]))")
    uniform = tuning
    return tuning
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

extension Family<any AblationArm> {
  /// Ways to choose rates that ablations compare.
  public static var arms: Self { Family("an arm") { $0 } }
}

extension Laboratory {
  /// Ways to choose rates that ablations compare.
  public var arms: Registry<any AblationArm> {
    get { self[.arms] }
    set { self[.arms] = newValue }
  }
}
