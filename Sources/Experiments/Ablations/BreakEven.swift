import MetaLearning
import Reports

/// After how many uses rates have paid for what choosing them cost more than choosing a reference:
/// each use saves the steps by which a run reaches the reference's last loss sooner.
package struct BreakEven: Sendable, Equatable {
  /// After how many steps the arm's mean loss is the reference's last one, or lower; nil where it never
  /// is.
  package let steps: Int?
  /// Uses until the arm has paid for itself; 0 where it cost no more, nil where it never does.
  package let uses: Int?

  /// - Parameters:
  ///   - arm: an arm's cells, by repetition.
  ///   - reference: the cells of the arm that it is held against.
  package init(_ arm: [AblationCell], against reference: [AblationCell]) {
    func curve(_ cells: [AblationCell]) -> [Double] {
      cells[0].curve.steps.indices.map { point in Summary(cells.map { $0.curve.mean[point] }).mean }
    }
    func cost(_ cells: [AblationCell]) -> Int {
      cells.reduce(0) { $0 + $1.budget.gradientEquivalents }
    }
    // What has diverged is no aim.
    guard let target = curve(reference).last, target.isFinite else {
      (steps, uses) = (nil, nil)
      return
    }
    let all = arm[0].curve.steps.last ?? 0
    steps = zip(arm[0].curve.steps, curve(arm)).first { $0.1 <= target }?.0
    // Costs are sums over repetitions, and a use is one run.
    let more = Double(cost(arm) - cost(reference)) / Double(arm.count)
    guard let steps, more > 0 else {
      uses = steps == nil ? nil : 0
      return
    }
    uses = steps < all ? Int((more / Double(all - steps)).rounded(.up)) : nil
  }
}
