import Arms
import MetaLearning

/// What one arm chose in one repetition, and how that fared on test runs.
package struct AblationCell: Codable, Sendable, Equatable {
  package private(set) var name: String
  /// What was chosen, in words.
  package let choice: String
  /// How it was chosen, in words.
  package let method: String
  package let gradients: Int
  package let products: Int
  /// Whether its runs start from weights that it learned.
  package let hasOwnWeights: Bool
  /// Whether it was chosen by runs on the tuning seeds.
  package let hasTuned: Bool
  /// What choosing took, what other arms had computed of it included.
  package let seconds: Double
  /// By horizon.
  package let tests: [AblationTest]

  init<Task: LearningTask>(
    _ choice: ArmChoice<Task>, hasTuned: Bool, seconds: Double, tests: [AblationTest]
  ) {
    name = choice.name
    self.choice = choice.choice
    method = choice.method
    (gradients, products) = (choice.budget.gradients, choice.budget.products)
    hasOwnWeights = !choice.learned.initialWeights.isEmpty
    self.hasTuned = hasTuned
    self.seconds = seconds
    self.tests = tests
  }

  /// The same cell by another name.
  func named(_ name: String) -> AblationCell {
    var copy = self
    copy.name = name
    return copy
  }

  package var budget: Budget { Budget(gradients: gradients, products: products) }
}
