import TensorPrograms

/// Which rows of a table are for what: test rows are set aside once, the others are a pool that each run
/// cuts anew into rows to train on and rows to be evaluated on, unless the latter are given.
///
/// Where rows belong to groups, such as images of one patient, no group is on two sides of a cut.
public struct RowDivision: Sendable, Equatable {
  /// How rows are chosen.
  public enum Choice: Sendable, Equatable {
    /// A fraction of all rows, at random.
    case fraction(Double)
    /// These.
    case rows([Int32])
  }

  /// Rows that runs train on and, unless `givenValidation` says otherwise, are evaluated on.
  public let pool: [Int32]
  /// Rows for what is reported.
  public let test: [Int32]
  /// Rows that a run is evaluated on.
  public let validationCount: Int
  /// The rows that every run is evaluated on, where they are given.
  public let givenValidation: [Int32]?
  /// The pool by its groups, where it has any.
  private let groups: [[Int32]]?

  /// A division of a table; nil where nothing is left to train on or to be evaluated on.
  ///
  /// - Parameters:
  ///   - rows: the rows that may be used; fractions are of these.
  ///   - groups: the number of each row's group, for all rows of the table.
  ///   - validation: which rows runs are evaluated on.
  ///   - test: which rows are for what is reported.
  ///   - seed: what the choice of test rows follows from.
  public init?(
    of rows: [Int32], groups: [Int]? = nil, validation: Choice, test: Choice, seed: UInt64
  ) {
    var stream = RandomStream(seed: seed, purpose: "data split")
    var rest: [Int32]
    switch test {
    case .rows(let given):
      self.test = given
      let taken = Set(given)
      rest = rows.filter { !taken.contains($0) }
    case .fraction(let fraction):
      let count = Int((fraction * Double(rows.count)).rounded())
      if let groups {
        let parts = RowDivision.shuffled(RowDivision.parts(rows, groups), &stream)
        let cut = RowDivision.cut(parts, count)
        (self.test, rest) = (Array(parts[..<cut].joined()), Array(parts[cut...].joined()))
      } else {
        let order = stream.permutation(rows.count).map { rows[$0] }
        (self.test, rest) = (Array(order.prefix(count)), Array(order.dropFirst(count)))
      }
    }
    switch validation {
    case .rows(let given):
      let taken = Set(given)
      rest.removeAll { taken.contains($0) }
      guard !rest.isEmpty, !given.isEmpty else { return nil }
      (givenValidation, validationCount, self.groups) = (given, given.count, nil)
    case .fraction(let fraction):
      let parts = groups.map { RowDivision.parts(rest, $0) }
      // One row, or one group, is left to train on, and one to be evaluated on.
      let most = rest.count - (parts.map { $0.map(\.count).max() ?? 0 } ?? 1)
      guard most >= 1 else { return nil }
      validationCount = min(max(1, Int((fraction * Double(rows.count)).rounded())), most)
      (givenValidation, self.groups) = (nil, parts)
    }
    pool = rest
  }

  /// A run's rows to be evaluated on, and to train on. With groups, what the last group that is evaluated
  /// has more than are wanted is left out, as all runs are evaluated on equally many.
  func cut(from stream: inout RandomStream) -> (evaluated: [Int32], training: [Int32]) {
    if let givenValidation { return (givenValidation, pool) }
    if let groups {
      let parts = RowDivision.shuffled(groups, &stream)
      let cut = RowDivision.cut(parts, validationCount)
      return (
        Array(parts[..<cut].joined().prefix(validationCount)), Array(parts[cut...].joined())
      )
    }
    let order = stream.permutation(pool.count).map { pool[$0] }
    return (Array(order.prefix(validationCount)), Array(order.dropFirst(validationCount)))
  }

  /// How many of the first parts have so many rows together; the last part is never one of them.
  private static func cut(_ parts: [[Int32]], _ count: Int) -> Int {
    var (taken, cut) = (0, 0)
    while taken < count, cut + 1 < parts.count {
      taken += parts[cut].count
      cut += 1
    }
    return cut
  }

  /// Rows by their groups, in the order of the groups' numbers.
  private static func parts(_ rows: [Int32], _ groups: [Int]) -> [[Int32]] {
    Dictionary(grouping: rows) { groups[Int($0)] }.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func shuffled(_ parts: [[Int32]], _ stream: inout RandomStream) -> [[Int32]] {
    stream.permutation(parts.count).map { parts[$0] }
  }
}
