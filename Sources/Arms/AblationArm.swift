import MetaLearning
import Reports
import Settings
import TensorPrograms

/// A way to choose rates, to be compared with others on test runs that none of them saw.
public protocol AblationArm: Kind {
  /// What the arm sets in its configuration; nothing by default.
  var implied: [Change] { get }
  /// Whether the configured initial rates are where the arm begins; false by default.
  var readsInitialRates: Bool { get }
  /// Whether anything is learned by an outer loop, so that its settings matter; false by default.
  var learns: Bool { get }
  /// Settings that the arm searches, so that they are checked before anything is computed; none by
  /// default.
  func searched(_ search: TuningConfiguration) -> [SearchedSetting]
  /// The arm with such settings in place of those that it searches, which mean the same; itself by
  /// default, as for an arm that nobody writes a search for.
  func searching(_ settings: [SearchedSetting]) -> Self
  /// What choosing will cost, where no search is widened and learning takes all its steps; nil
  /// where that is not known, as by default.
  func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> Budget?
  /// The choice for a task; nil where there is nothing to choose, such as a layer factor for a
  /// model of one tensor.
  func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>?
}

extension AblationArm {
  /// The file's own settings.
  public var implied: [Change] { [] }
  /// Initial rates are chosen.
  public var readsInitialRates: Bool { false }
  /// Nothing is learned.
  public var learns: Bool { false }
  /// Not known.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> Budget? { nil }
  /// Nothing is searched but rates.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] { [] }
  /// Nothing that is searched was written.
  public func searching(_ settings: [SearchedSetting]) -> Self { self }
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
  /// The problem that runs train in, for as many steps as learning; runs that are evaluated may
  /// take more.
  public var problem: InnerProblem<Task>
  /// The rates and, where they were learned too, initial weights and scalars; runs have those that
  /// all arms have in place of what is empty.
  public var learned: Learned
  /// What the problem was made with in place of what the arm's configuration says.
  public var changes: [Change]
  /// The state that an outer loop preferred, which `learned` is of; nil where none learned.
  public var best: OuterState.Best?

  /// A choice, and what it took.
  public init(
    name: String, choice: String, method: String, budget: Budget, problem: InnerProblem<Task>,
    learned: Learned, changes: [Change] = [], best: OuterState.Best? = nil
  ) {
    (self.changes, self.best) = (changes, best)
    self.name = name
    self.choice = choice
    self.method = method
    self.budget = budget
    self.problem = problem
    self.learned = learned
  }
}

extension Family<any AblationArm> {
  /// Ways to choose rates that ablations compare.
  public static var arms: Self { Family("an arm", reserved: ["name", "with"]) { $0 } }
}

extension Laboratory {
  /// Ways to choose rates that ablations compare.
  public var arms: Registry<any AblationArm> {
    get { self[.arms] }
    set { self[.arms] = newValue }
  }
}
