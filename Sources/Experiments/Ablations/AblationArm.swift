import MetaLearning
import Settings
import TensorPrograms

/// A way to choose rates, to be compared with others on test runs that none of them saw.
public protocol AblationArm: Kind {
  /// The choice for a task; nil where there is nothing to choose, such as a layer factor for a model
  /// of one tensor.
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
  /// The problem that runs train in, as long as learning does; runs that are evaluated may take longer.
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

/// What arms choose with: the configuration, its task, and what several arms need and one tunes.
public final class ArmBench<Task: LearningTask> {
  /// What the arms differ from.
  public let configuration: RunConfiguration
  /// The task, with its data.
  public let task: Task
  /// Tells how far choosing is.
  public let progress: (String) -> Void
  /// Whether an arm has tuned rates on the tuning seeds.
  package internal(set) var hasTuned = false
  private var uniform: Tuning?

  init(_ configuration: RunConfiguration, _ task: Task, _ progress: @escaping (String) -> Void) {
    self.configuration = configuration
    self.task = task
    self.progress = progress
  }

  /// The search of a uniform rate, done once for all arms.
  public func tunedUniform() throws -> Tuning {
    if let uniform { return uniform }
    progress("tuning the uniform rate")
    let tuning = try Tuning.uniform(self)
    progress("tuned uniform rate \(Format.number(tuning.best.values[0]))")
    uniform = tuning
    return tuning
  }

  /// The problem with other rates than the configured ones.
  public func problem(_ rates: RateSpecification) throws -> InnerProblem<Task> {
    try configuration.problem(task, rates: rates)
  }

  /// The choice of a few unconstrained numbers of a granularity, which are rates themselves or, of layer
  /// factors, a rate and the logarithm of a factor.
  public func choice(
    _ name: String, _ choice: String, _ method: String, _ budget: Budget,
    _ granularity: Granularity, _ values: [Double]
  ) throws -> ArmChoice<Task> {
    let problem = try problem(
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
