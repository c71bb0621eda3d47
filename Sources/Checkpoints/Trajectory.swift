import Files
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

/// The history of a run: scalars and rate statistics of outer steps, and rates at some of them.
///
/// `RunHistory` keeps it in files; resuming cuts off what lies beyond the checkpoint, so no row is
/// lost or doubled.
public struct Trajectory: Sendable {
  /// One outer step.
  public struct Row: Sendable {
    /// The outer step, from 0.
    public var step: Int
    /// The training objective of the step.
    public var objective: Double
    /// The norm of the step's hypergradient.
    public var hypergradientNorm: Double
    /// The validation objective, where the step was validated.
    public var validation: Double?
    /// Seconds since the run began, sessions added up.
    public var seconds: Double
    /// Rates by tensor.
    public var statistics: [RateStatistics]
    /// Where the step was diagnosed.
    public var diagnostics: Diagnostics?
    /// The validation objective of the average over outer steps, where one was validated.
    public var averageValidation: Double?
    /// The mean factor that each unconstrained tensor's update was multiplied by, not a number
    /// where it is not learned yet; empty where nothing shrinks updates.
    public var signal: [Double]

    /// Training runs up to the step that were left out as not finite; nil where none would be.
    public var skippedRuns: Int?

    /// The mean factor of the tensors that are learned; nil where none is.
    private var meanSignal: Double? {
      let known = signal.filter { !$0.isNaN }
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// Names of `scalars`.
    static let scalarNames =
      ["objective", "validation", "hypergradient_norm", "seconds"]
      + DiagnosticsDatasets.names + ["validation_of_average", "signal", "skipped_runs"]

    /// Its numbers for readers; nil where nothing was measured.
    var scalars: [Double?] {
      // Nothing is learned before the first step.
      [step > 0 ? objective : nil, validation, step > 0 ? hypergradientNorm : nil, seconds]
        + DiagnosticsDatasets.numbers(diagnostics) + [averageValidation, meanSignal]
        + [skippedRuns.map(Double.init)]
    }

    /// A row of the given numbers.
    public init(
      step: Int, objective: Double, hypergradientNorm: Double, validation: Double?,
      seconds: Double, statistics: [RateStatistics], diagnostics: Diagnostics? = nil,
      averageValidation: Double? = nil, signal: [Double] = [], skippedRuns: Int? = nil
    ) {
      self.step = step
      self.objective = objective
      self.hypergradientNorm = hypergradientNorm
      self.validation = validation
      self.seconds = seconds
      self.statistics = statistics
      self.diagnostics = diagnostics
      self.averageValidation = averageValidation
      self.signal = signal
      self.skippedRuns = skippedRuns
    }
  }

  /// The rows, in the order of their steps.
  public private(set) var rows: [Row] = []
  /// Effective rates by step: log-spaced, so that there are few.
  public private(set) var snapshots: [(step: Int, rates: [Tensor])] = []
  /// The rates' tensors, in the order of snapshots.
  public let paths: [ParameterPath]

  /// A history without rows.
  public init(paths: [ParameterPath]) { self.paths = paths }

  /// Adds a step, and the rates at it where its number is 0, 1, 2, 5, 10, 20, 50, ….
  ///
  /// - Returns: the rates, where they are kept.
  @discardableResult
  public mutating func append(_ row: Row, rates: [Tensor]) -> [Tensor]? {
    let snapshot = Trajectory.isSnapshot(row.step) ? rates : nil
    append(row, snapshot: snapshot)
    return snapshot
  }

  /// Adds a step, and the rates at it where there are any.
  mutating func append(_ row: Row, snapshot: [Tensor]?) {
    rows.append(row)
    if let snapshot { snapshots.append((row.step, snapshot)) }
  }

  /// Which of the steps that must have a row, from 0 to a last one, are missing, in words.
  func gaps(upTo last: Int, where isRecorded: (Int) -> Bool) -> [String] {
    let known = Set(rows.map(\.step))
    var gaps: [ClosedRange<Int>] = []
    var isInGap = false
    for step in 0...last where isRecorded(step) {
      if known.contains(step) {
        isInGap = false
      } else if isInGap {
        gaps[gaps.count - 1] = gaps[gaps.count - 1].lowerBound...step
      } else {
        gaps.append(step...step)
        isInGap = true
      }
    }
    return gaps.map { gap in
      "the history has no step "
        + (gap.count == 1 ? "\(gap.lowerBound)" : "\(gap.lowerBound) to \(gap.upperBound)")
    }
  }

  /// Forgets everything after a step.
  public mutating func truncate(after step: Int) {
    rows.removeAll { $0.step > step }
    snapshots.removeAll { $0.step > step }
  }

  /// Whether the rates at a step are kept: at 0, 1, 2, 5, 10, 20, 50, ….
  public static func isSnapshot(_ step: Int) -> Bool {
    var power = 1
    while power <= step {
      if step == power || step == 2 * power || step == 5 * power { return true }
      power *= 10
    }
    return step == 0
  }

  /// The scalars as comma-separated values.
  public var csv: String {
    (["outer_step"] + Row.scalarNames).joined(separator: ",") + "\n" + lines(from: 0)
  }

  /// The lines of `csv` from a row on.
  func lines(from first: Int) -> String {
    tabulatedRows(from: first).map { row in
      let columns = ["\(row.step)"] + row.scalars.map { scalar in scalar.map { "\($0)" } ?? "" }
      return columns.joined(separator: ",") + "\n"
    }.joined()
  }

  /// The rows that have a line, from a row on: before learning there is a validation at most.
  func tabulatedRows(from first: Int) -> [Row] {
    rows.dropFirst(first).filter { $0.step > 0 || $0.validation != nil }
  }

  // MARK: Files

  /// Writes the history to a file in one atomic step.
  public func save(to path: String) throws(CheckpointError) {
    try CheckpointSeal.trajectory.write(tree(), to: path)
  }

  private func tree() -> HDF5Tree {
    var tree = HDF5Tree()
    func put(_ name: String, _ meaning: String, unit: String? = nil, _ values: [Double]) {
      tree["/scalars/\(name)"] = HDF5Dataset(
        values, dimensions: ["outer_step"], isExtendable: true
      ).described(meaning, unit: unit)
    }
    tree["/scalars/outer_step"] = HDF5Dataset(
      rows.map { Int64($0.step) }, dimensions: ["outer_step"], isExtendable: true
    ).described("outer steps done")
    put(
      "objective", "mean objective of the step's training runs, before its update",
      rows.map(\.objective))
    put(
      "hypergradient_norm", "norm of the hypergradient of all that is learned",
      rows.map(\.hypergradientNorm))
    put(
      "validation", "mean objective of validation runs after the update",
      rows.map { $0.validation ?? .nan })
    put("seconds", "time since learning began, sessions added up", unit: "s", rows.map(\.seconds))
    if rows.contains(where: { $0.averageValidation != nil }) {
      put(
        "validation_of_average", "the same of the average over outer steps",
        rows.map { $0.averageValidation ?? .nan })
    }
    if rows.contains(where: { $0.skippedRuns != nil }) {
      put(
        "skipped_runs", "training runs so far that were left out as not finite",
        rows.map { $0.skippedRuns.map(Double.init) ?? .nan })
    }
    if let width = rows.lazy.map(\.signal.count).first(where: { $0 > 0 }) {
      tree["/signal/factor"] = HDF5Dataset(
        rows.flatMap {
          $0.signal.count == width ? $0.signal : [Double](repeating: .nan, count: width)
        }, shape: [rows.count, width], dimensions: ["outer_step", "rate_tensor"], isExtendable: true
      ).described("mean factor that the updates of a tensor of numbers were multiplied by")
      tree["/signal/outer_step"] = HDF5Dataset(
        rows.map { Int64($0.step) }, dimensions: ["outer_step"], isExtendable: true
      ).described("outer steps done")
    }
    DiagnosticsDatasets.write(
      rows.map(\.diagnostics), steps: rows.map { Int64($0.step) }, to: &tree)
    for (index, path) in paths.enumerated() {
      let all = rows.map { $0.statistics[index] }
      let group = "/rate_statistics/\(path)"
      tree["\(group)/quantiles"] = HDF5Dataset(
        all.flatMap(\.quantiles), shape: [rows.count, RateStatistics.levels.count],
        dimensions: ["outer_step", "level"], isExtendable: true
      ).described("quantiles of the tensor's effective rates")
      tree["\(group)/fraction_negative"] = HDF5Dataset(
        all.map(\.fractionNegative), dimensions: ["outer_step"], isExtendable: true
      ).described("share of the tensor's rates below 0")
      tree["\(group)/fraction_at_bound"] = HDF5Dataset(
        all.map(\.fractionAtBound), dimensions: ["outer_step"], isExtendable: true
      ).described("share of the tensor's rates at a bound of their parameterization")
      if !snapshots.isEmpty {
        var rates = HDF5Dataset(Tensor.stack(snapshots.map { $0.rates[index] }))
        rates.dimensions = ["snapshot"] + rates.shape.indices.dropFirst().map { "axis_\($0)" }
        tree["/snapshots/\(path)/rate"] = rates.described("effective rates")
      }
    }
    tree["/rate_statistics/levels"] = HDF5Dataset(RateStatistics.levels, dimensions: ["level"])
      .described("levels of the quantiles of every tensor")
    tree["/snapshots/outer_step"] = HDF5Dataset(
      snapshots.map { Int64($0.step) }, dimensions: ["outer_step"]
    ).described("outer step of each snapshot")
    return tree
  }

  /// The history in a file.
  ///
  /// - Parameters:
  ///   - path: the file's.
  ///   - paths: the parameters'.
  ///   - types: those of effective rates, where they are known; a file of others is damaged.
  public static func load(
    from path: String, paths: [ParameterPath], types: [TensorType]? = nil
  ) throws(CheckpointError) -> Trajectory {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.read(path, limit: FileLimits.current.fileBytes, followingLinks: true)
    } catch {
      throw .file(error)
    }
    do {
      let tree = try HDF5Image.decode(bytes)
      try CheckpointSeal.trajectory.verify(tree, at: path)
      return try Trajectory(tree, paths: paths, types: types)
    } catch let error as HDF5Error {
      throw .unreadable(path: path, error)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .damaged(path: path, found: "\(error)", expected: "a trajectory")
    }
  }

  private init(_ tree: HDF5Tree, paths: [ParameterPath], types: [TensorType]?) throws {
    self.paths = paths
    // Version 1 called outer steps meta-steps.
    let step = tree["/scalars/meta_step"] == nil ? "outer_step" : "meta_step"
    let steps = try tree.elements(of: Int64.self, at: "/scalars/\(step)")
    let count = steps.count
    guard steps.first ?? 0 >= 0, zip(steps, steps.dropFirst()).allSatisfy(<) else {
      throw HDF5Error(
        .invalid, "use", at: "/scalars/\(step)", found: "steps that do not ascend from 0")
    }
    func column(_ name: String) throws -> [Double] {
      try tree.elements(of: Double.self, at: name, shape: [count])
    }
    let objectives = try column("/scalars/objective")
    let norms = try column("/scalars/hypergradient_norm")
    let validations = try column("/scalars/validation")
    let seconds = try column("/scalars/seconds")
    let levels = RateStatistics.levels.count
    let statistics = try paths.map { path -> [RateStatistics] in
      let group = "/rate_statistics/\(path)"
      let quantiles = try tree.elements(
        of: Double.self, at: "\(group)/quantiles", shape: [count, levels])
      let negative = try column("\(group)/fraction_negative")
      let bound = try column("\(group)/fraction_at_bound")
      return (0..<count).map { row in
        RateStatistics(
          quantiles: Array(quantiles[row * levels..<(row + 1) * levels]),
          fractionNegative: negative[row], fractionAtBound: bound[row])
      }
    }
    let diagnostics = try DiagnosticsDatasets.read(tree, count: count)
    let averages =
      tree["/scalars/validation_of_average"] == nil
      ? nil : try column("/scalars/validation_of_average")
    let skipped =
      tree["/scalars/skipped_runs"] == nil ? nil : try column("/scalars/skipped_runs")
    let factors =
      tree["/signal/factor"] == nil ? [] : try tree.elements(of: Double.self, at: "/signal/factor")
    let width = count == 0 ? 0 : factors.count / count
    func signal(_ factors: ArraySlice<Double>) -> [Double] {
      factors.allSatisfy(\.isNaN) ? [] : Array(factors)
    }
    rows = (0..<count).map { row in
      Row(
        step: Int(steps[row]), objective: objectives[row], hypergradientNorm: norms[row],
        validation: validations[row].isNaN ? nil : validations[row], seconds: seconds[row],
        statistics: statistics.map { $0[row] }, diagnostics: diagnostics[row],
        averageValidation: averages.flatMap { $0[row].isNaN ? nil : $0[row] },
        signal: signal(factors[row * width..<(row + 1) * width]),
        skippedRuns: skipped.flatMap { Int(exactly: $0[row]) })
    }
    let snapshotSteps = try tree.elements(of: Int64.self, at: "/snapshots/\(step)")
    guard !snapshotSteps.isEmpty else { return }
    let stacks = try paths.enumerated().map { index, path in
      let place = "/snapshots/\(path)/rate"
      let stack = try tree.dataset(at: place).tensor(at: place)
      let type = types?[index] ?? TensorType(stack.shape.dropFirst, stack.scalarType)
      guard stack.type == type.prepending(snapshotSteps.count) else {
        throw HDF5Error(
          .mismatch, "read", at: place, found: "\(stack.type)",
          expected: "\(type.prepending(snapshotSteps.count))")
      }
      return stack
    }
    snapshots = snapshotSteps.enumerated().map { row, step in (Int(step), stacks.map { $0[row] }) }
  }
}
