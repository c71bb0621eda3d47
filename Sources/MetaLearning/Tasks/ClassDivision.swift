import TensorPrograms

/// Which classes are for what: runs that are learned from, runs that choose and runs that are
/// reported draw theirs from different ones.
///
/// Where classes belong to groups, such as the characters of one alphabet, fractions are of whole groups;
/// what else belongs to the group of a class that is given stays with the rest.
public struct ClassDivision: Sendable, Equatable {
  /// How classes are chosen.
  public enum Choice: Sendable, Equatable {
    /// A fraction of all classes, at random.
    case fraction(Double)
    /// These.
    case classes([Int])
  }

  /// Classes of training runs.
  public let training: [Int]
  /// Classes of validation runs.
  public let validation: [Int]
  /// Classes of test runs.
  public let test: [Int]

  /// A division; any of its parts may come out empty.
  ///
  /// - Parameters:
  ///   - classes: the classes that may be used; fractions are of these.
  ///   - groups: the group of each class, for all classes that there are; nil where all are alone.
  ///   - training: which are for training runs; nil for all that are left. What is left beside these is
  ///     not used.
  ///   - validation: which are for validation runs.
  ///   - test: which are for test runs.
  ///   - seed: what the choice follows from.
  public init(
    of classes: [Int], groups: [Int]? = nil, training: [Int]? = nil, validation: Choice,
    test: Choice, seed: UInt64
  ) {
    var stream = RandomStream(seed: seed, purpose: "class split")
    let named = Set(training ?? [])
    let classes = classes.filter { !named.contains($0) }
    var rest = classes
    func take(_ choice: Choice) -> [Int] {
      let chosen: [Int]
      switch choice {
      case .classes(let given): chosen = given
      case .fraction(let fraction):
        let parts = Dictionary(grouping: rest) { groups?[$0] ?? $0 }.sorted { $0.key < $1.key }
        let order = stream.permutation(parts.count).map { parts[$0].value }
        chosen = ClassDivision.first(
          of: order, Int((fraction * Double(classes.count)).rounded()))
      }
      let taken = Set(chosen)
      rest.removeAll { taken.contains($0) }
      return chosen.sorted()
    }
    // Those that are given leave before fractions are drawn.
    if case .classes = validation {
      self.validation = take(validation)
      self.test = take(test)
    } else {
      self.test = take(test)
      self.validation = take(validation)
    }
    self.training = training?.sorted() ?? rest
  }

  /// The first parts that have so many classes together; the last one is never among them.
  private static func first(of parts: [[Int]], _ count: Int) -> [Int] {
    var chosen: [Int] = []
    for part in parts.dropLast() where chosen.count < count { chosen += part }
    return chosen
  }

  /// Classes of the runs of a role.
  public func classes(for role: EpisodeRole) -> [Int] {
    switch role {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }
}
