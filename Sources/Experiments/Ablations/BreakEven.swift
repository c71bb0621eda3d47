import MetaLearning
import Reports

/// After how many uses rates have paid for what choosing them cost more than choosing a reference:
/// each use saves the steps by which a run reaches the reference's last loss sooner.
package struct BreakEven: Sendable, Equatable {
  /// After how many steps the arm's mean loss is the reference's last one, or lower; nil where it
  /// never is.
  package let steps: Int?
  /// Uses until the arm has paid for itself; 0 where it cost no more, nil where it never does.
  package let uses: Int?

  /// An arm against a reference, after test runs of the same length.
  package init(_ arm: TestedArm, against reference: TestedArm) {
    func cost(_ arm: TestedArm) -> Int {
      arm.cells.reduce(0) { $0 + $1.budget.gradientEquivalents }
    }
    // What has diverged is no target.
    guard let target = reference.curve(\.mean).last, target.isFinite else {
      (steps, uses) = (nil, nil)
      return
    }
    let all = arm.curveSteps.last ?? 0
    steps = zip(arm.curveSteps, arm.curve(\.mean)).first { $0.1 <= target }?.0
    // Costs are sums over repetitions, and a use is one run.
    let more = Double(cost(arm) - cost(reference)) / Double(arm.cells.count)
    guard let steps, more > 0 else {
      uses = steps == nil ? nil : 0
      return
    }
    uses = steps < all ? Int((more / Double(all - steps)).rounded(.up)) : nil
  }
}
