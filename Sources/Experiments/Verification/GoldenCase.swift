import Checkpoints
import HDF5Files
import MetaLearning
import TensorPrograms

/// A hypergradient that was computed elsewhere in double precision, to be computed again here.
///
/// Format: one HDF5 file with `spec` (JSON bytes), `initial/…`, `rates_raw/…`,
/// `hyperparameters/…`, `train/{inputs,targets,masks}`, `outer/{inputs,targets}` and `expected/…`.
package struct GoldenCase: Sendable {
  /// Agreement of a tensor: max|a − b| ≤ `relative`·max|b| + `absolute`.
  package static let relative = 1e-9
  package static let absolute = 1e-13

  package let name: String
  private let tree: HDF5Tree

  package init(name: String, bytes: [UInt8]) throws(GoldenCaseError) {
    self.name = name
    do {
      tree = try HDF5Image.decode(bytes)
    } catch {
      throw .malformed("\(error)")
    }
  }

  /// How far one group of results is from the expected one.
  package struct Comparison: Sendable {
    package let group: String
    /// max|a − b| / (max|b| + `absolute`/`relative`), the largest over the group's tensors.
    package let relativeError: Double
    package let agrees: Bool
  }

  /// Computes the case and compares every group that it has.
  package func compare() throws(GoldenCaseError) -> [Comparison] {
    do {
      return try compareGroups()
    } catch let error as GoldenCaseError {
      throw error
    } catch {
      throw .malformed("\(error)")
    }
  }

  private func compareGroups() throws -> [Comparison] {
    let specification = try GoldenSpecification(
      json: try tree.elements(of: UInt8.self, at: "/spec"))
    let data = GoldenData(specification: specification, tree: tree)
    let initial = try data.initial()
    let task = GoldenTask(
      specification: specification, initial: specification.model.naming(NamedTensors(initial)))
    let problem = InnerProblem(
      task: task, template: task.initial, specification: specification.inner,
      rates: specification.rates)
    // Groups of nothing are refused before their rates are missed.
    let starts = try problem.rates.startsOfGroups()
    let unconstrained = try named("/rates_raw", problem.rates.names.map(\.description))
    guard unconstrained.map(\.type) == problem.rates.types else {
      throw GoldenCaseError.malformed(
        "rates_raw has types \(unconstrained.map(\.type)), not \(problem.rates.types)")
    }
    // Cases have the optimizer's numbers; limits of clips stand in the specification.
    let scalarNames = specification.inner.optimizer.scalars.map(\.name)
    let point = Hyperparameters(
      rates: unconstrained, initialWeights: initial.map(\.tensor),
      scalars: try named("/hyperparameters", scalarNames)
        + problem.scalars.dropFirst(scalarNames.count))
    let batch = try data.batch()
    let found = ReverseHypergradient(
      problem, like: batch, treatment: specification.treatment, keepsState: true)(
        batch, at: point)

    guard let final = found.state else { throw GoldenCaseError.malformed("no state was kept") }

    let names = initial.map(\.name)
    var comparisons = [
      try compare("loss", ["outer_loss"], [Tensor(found.objective)])
    ]
    if specification.tasks != nil {
      comparisons.append(try compare("tasks", ["task_losses"], [Tensor(found.objectives)]))
    }
    let kept = task.initial.stateNames.map(\.description)
    comparisons.append(
      try compare(
        "final", (names + kept).map { "final/\($0)" },
        (final.weights + final.model).map { specification.tasks == nil ? $0[0] : $0 }))
    comparisons.append(
      try compare(
        "d initial", names.map { "hypergradient/initial/\($0)" }, found.gradient.initialWeights))
    comparisons.append(
      try compare(
        "d rates", problem.rates.names.map { "hypergradient/rates_raw/\($0)" }, found.gradient.rates
      ))
    if !starts.isEmpty {
      // The rates that groups start from by the specification, against those that the case has.
      comparisons.append(
        try compare(
          "starts", starts.map { "/rates_raw/\(problem.rates.names[$0.index])" },
          starts.map(\.start)))
    }
    if !scalarNames.isEmpty {
      comparisons.append(
        try compare(
          "d scalars", scalarNames.map { "hypergradient/hyperparameters/\($0)" },
          Array(found.gradient.scalars.prefix(scalarNames.count))))
    }
    return comparisons
  }

  private func named(_ group: String, _ names: [String]) throws -> [Tensor] {
    try names.map { try tree.dataset(at: "\(group)/\($0)").tensor(at: "\(group)/\($0)") }
  }

  private func compare(
    _ group: String, _ paths: [String], _ found: [Tensor]
  ) throws -> Comparison {
    var worst = 0.0
    var agrees = true
    for (path, tensor) in zip(paths, found) {
      let place = path.hasPrefix("/") ? path : "/expected/\(path)"
      let expected = try tree.dataset(at: place).tensor(at: path)
      guard expected.shape == tensor.shape else {
        throw GoldenCaseError.malformed(
          "expected/\(path) has shape \(expected.shape), the result \(tensor.shape)")
      }
      // Nothing can be held against what is no number.
      guard let bad = expected.doubles.first(where: { !$0.isFinite }) else {
        let (gap, scale) = distance(tensor.doubles, expected.doubles)
        if gap > GoldenCase.relative * scale + GoldenCase.absolute { agrees = false }
        // The agreement's own measure: at most `relative` exactly where the tensor agrees.
        worst = max(worst, gap / (scale + GoldenCase.absolute / GoldenCase.relative))
        continue
      }
      throw GoldenCaseError.malformed("expected/\(path) has the value \(bad), expected finite ones")
    }
    return Comparison(group: group, relativeError: worst, agrees: agrees)
  }
}

/// The largest distance between numbers, infinite where one is not finite, and the size of the second.
private func distance(_ found: [Double], _ expected: [Double]) -> (gap: Double, scale: Double) {
  (
    zip(found, expected).map { ($0 - $1).isFinite ? abs($0 - $1) : .infinity }.max() ?? 0,
    expected.map(abs).max() ?? 0
  )
}

extension Tensor {
  fileprivate init(_ value: Double) { self.init([value], shape: .scalar) }
}
