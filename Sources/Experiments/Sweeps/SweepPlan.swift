import Checkpoints
import Configurations
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// How a sweep goes through the values of its axes.
package enum SweepSearch: String, Sendable, CaseIterable {
  /// Every combination of values.
  case grid
  /// Independent draws, uniform over each axis.
  case random
  /// Draws that fill the space of the axes evenly: `SearchGrid.quasiRandomPoints`.
  case quasiRandom
}

/// What a sweep asks for, apart from the configuration's file.
package struct SweepRequest: Sendable {
  /// Axes, and single values as overrides give them.
  package var arguments: [String]
  package var search: SweepSearch
  /// Combinations that a random search draws; nil for a grid.
  package var samples: Int?
  /// Seeds of each combination.
  package var seeds: Int

  package init(
    arguments: [String], search: SweepSearch = .grid, samples: Int? = nil, seeds: Int = 1
  ) {
    self.arguments = arguments
    self.search = search
    self.samples = samples
    self.seeds = seeds
  }
}

/// Everything that a sweep will compute, read and checked before any of it is computed.
package struct SweepPlan: Sendable {
  /// One run.
  package struct Cell: Sendable {
    /// The index of its combination of values.
    package let combination: Int
    /// Which of the combination's seeds it has, counted from 0.
    package let repetition: Int
    package let configuration: RunConfiguration
    /// The name of its folder.
    package let name: String
  }

  /// The settings with several values.
  package let axes: [SweepAxis]
  package let search: SweepSearch
  package let samples: Int?
  package let seeds: Int
  /// Values by combination and axis, [combinations][axes].
  package let combinations: [[String]]
  /// All runs, combination by combination.
  package let cells: [Cell]
  /// What is to be said of the plan.
  package let notes: [String]

  /// More runs than any sweep computes.
  package static let mostCells = 10_000
  /// What tells repetitions apart, and no axis may set.
  private static let seedKeys = ["seed", "task.splitSeed"]

  /// Reads the configuration of every cell: that of `run` with the axes' arguments replaced by one
  /// of their values, in the order in which arguments were given.
  ///
  /// - Parameters:
  ///   - path: the configuration's file.
  ///   - laboratory: the kinds that it may name.
  /// - Throws: `ConfigurationError`, which names the argument that cannot be used.
  package init(
    path: String, _ request: SweepRequest, in laboratory: Laboratory
  ) throws(ConfigurationError) {
    let parts = try SweepArguments(request.arguments)
    let axes = parts.axes
    (self.axes, search, samples, seeds) = (axes, request.search, request.samples, request.seeds)
    func configuration(_ values: [String]) throws(ConfigurationError) -> RunConfiguration {
      do {
        return try ResolvedConfiguration.load(
          path: path, overrides: parts.overrides(with: values), in: laboratory,
          paths: .absolute
        ).configuration
      } catch {
        // Of several values only those together may be at fault.
        guard axes.count > 1 || axes.count == 1 && !error.isAt(axes, values) else { throw error }
        throw ConfigurationError(
          error.kind, at: error.location, path: error.path,
          message: "\(error.message); in the cell with \(SweepPlan.text(axes, values))")
      }
    }
    try SweepPlan.check(request, axes)
    var drawn: [[String]]
    if request.search == .grid {
      drawn = axes.reduce([[]]) { combinations, axis in
        combinations.flatMap { values in axis.values.map { values + [$0] } }
      }
    } else {
      // The seed may be set by an argument, so that it is known of a configuration alone.
      let first = try configuration(axes.map { $0.value(at: 0.5) })
      drawn = SweepPlan.draw(request, axes, seed: first.seed)
    }
    var known: [String: [String]] = [:]
    var combinations: [[String]] = []
    var configurations: [RunConfiguration] = []
    for values in drawn {
      let configuration = try configuration(values)
      let text = configuration.canonicalJSON
      if let other = known[text] {
        guard request.search == .grid else { continue }
        throw axes[0].wrong(
          "found two cells of the same settings, expected different ones: "
            + "\(SweepPlan.text(axes, other)) and \(SweepPlan.text(axes, values))")
      }
      known[text] = values
      combinations.append(values)
      configurations.append(configuration)
    }
    notes =
      combinations.count == drawn.count
      ? []
      : [
        "\(drawn.count - combinations.count) of \(drawn.count) samples repeat others and are left "
          + "out"
      ]
    self.combinations = combinations
    let width = "\(combinations.count)".count
    let seeds = request.seeds
    cells = configurations.enumerated().flatMap { index, configuration in
      (0..<seeds).map { repetition in
        let repeated = configuration.repeated(repetition)
        let number = "\(index + 1)"
        return Cell(
          combination: index, repetition: repetition, configuration: repeated,
          name: String(repeating: "0", count: width - number.count) + number
            + "-s\(repeated.seed)")
      }
    }
  }

  private static func check(
    _ request: SweepRequest, _ axes: [SweepAxis]
  ) throws(ConfigurationError) {
    guard !axes.isEmpty || request.search == .grid && request.seeds > 1 else {
      throw ConfigurationError(
        at: .commandLine("sweep"), path: "",
        message: "nothing is swept: write values of a setting, such as "
          + "'outer.optimizer.rate=[0.02, 0.06]', or --seeds 5")
    }
    for axis in axes where seedKeys.contains(axis.key) {
      throw axis.wrong(
        "found an axis of seeds, expected --seeds: runs that differ in seeds alone are repeated")
    }
    if request.search == .grid, let range = axes.first(where: { $0.range != nil }) {
      throw range.wrong(
        "found a range without a count in a grid, expected values; write for example "
          + "\(range.description.dropLast()), 5), or --search quasiRandom --samples 20")
    }
    var count = request.samples ?? 1
    if request.search == .grid {
      count = axes.reduce(1) { min($0 * $1.values.count, mostCells + 1) }
    }
    guard count <= mostCells / request.seeds else {
      throw ConfigurationError(
        at: .commandLine("sweep"), path: "",
        message: "found more than \(mostCells) cells, expected at most so many; take fewer values, "
          + "or --search quasiRandom --samples 100")
    }
  }

  /// Combinations by chance. The first of many are those of a search of fewer.
  private static func draw(
    _ request: SweepRequest, _ axes: [SweepAxis], seed: UInt64
  ) -> [[String]] {
    let count = request.samples ?? 0
    var stream = RandomStream(seed: seed, purpose: "sweep")
    let points =
      request.search == .quasiRandom
      ? SearchGrid.quasiRandomPoints(
        count: count, dimensions: axes.count, generator: &stream)
      : (0..<count).map { _ in axes.map { _ in Double.random(in: 0..<1, using: &stream) } }
    return points.map { point in zip(axes, point).map { $0.value(at: $1) } }
  }

  /// Values as a reader knows them: `outer.steps=20 inner.batch=8`.
  package static func text(_ axes: [SweepAxis], _ values: [String]) -> String {
    zip(axes, values).map { "\($0.key)=\($1)" }.joined(separator: " ")
  }

  /// A cell as a reader knows it.
  package func text(_ cell: Cell) -> String {
    (axes.isEmpty ? [] : [SweepPlan.text(axes, combinations[cell.combination])])
      .joined(separator: " ")
      + (axes.isEmpty || seeds > 1
        ? "\(axes.isEmpty ? "" : " ")seed=\(cell.configuration.seed)" : "")
  }
}

/// Arguments told apart: axes, and what overrides give.
private struct SweepArguments {
  private enum Part { case axis(Int), override(String) }

  private(set) var axes: [SweepAxis] = []
  private var parts: [Part] = []

  init(_ arguments: [String]) throws(ConfigurationError) {
    for argument in arguments {
      guard let axis = try SweepAxis(argument) else {
        parts.append(.override(argument))
        continue
      }
      if axis.isSingle {
        parts.append(.override("\(axis.key)=\(axis.values[0])"))
        continue
      }
      if axes.contains(where: { $0.key == axis.key }) {
        throw axis.wrong("found the axis twice, expected it once; write all values in one list")
      }
      parts.append(.axis(axes.count))
      axes.append(axis)
    }
  }

  func overrides(with values: [String]) -> [String] {
    parts.map { part in
      switch part {
      case .override(let text): text
      case .axis(let index): "\(axes[index].key)=\(values[index])"
      }
    }
  }
}

extension ConfigurationError {
  /// Whether the error stands at the value of an axis.
  fileprivate func isAt(_ axes: [SweepAxis], _ values: [String]) -> Bool {
    guard case .commandLine(let text) = location else { return false }
    return zip(axes, values).contains { text == "\($0.key)=\($1)" }
  }
}
