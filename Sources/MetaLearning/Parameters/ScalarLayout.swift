import TensorPrograms

/// The numbers of a training step, such as momentum or a clip limit, that are inputs of its program
/// and can be learned like rates.
public struct ScalarLayout: Sendable, Equatable {
  /// What values a number can take, which decides how it is trained.
  public enum Range: Sendable, Equatable {
    /// Between 0 and 1, both excluded: momenta and decays, trained as logits.
    case unitInterval
    /// Above 0: limits, weight decay, meta-rates, trained as logarithms.
    case positive

    /// How a trainable number becomes the scalar.
    public var parameterization: Parameterization {
      switch self {
      case .unitInterval: .sigmoid(maximum: 1)
      case .positive: .log
      }
    }
  }

  /// One number.
  public struct Entry: Sendable, Equatable {
    /// What it is called in checkpoints and reports, unique in its layout.
    public var name: String
    /// Its value before anything is learned.
    public var value: Double
    /// What it may become.
    public var range: Range

    /// A number of the given name, value and range.
    public init(_ name: String, _ value: Double, _ range: Range) {
      self.name = name
      self.value = value
      self.range = range
    }
  }

  /// In the order in which steps take them.
  public private(set) var entries: [Entry] = []
  /// How many of them each part has.
  private var partCounts: [Int] = []

  /// A layout without numbers.
  public init() {}

  /// The given numbers; a second of the same name gets the suffix `_2`, and so on.
  public init(_ entries: [Entry]) {
    partCounts = [entries.count]
    for var entry in entries {
      let base = entry.name
      var count = 1
      while self.entries.contains(where: { $0.name == entry.name }) {
        count += 1
        entry.name = "\(base)_\(count)"
      }
      self.entries.append(entry)
    }
  }

  /// The numbers of several parts of a step, one part after the other.
  public init(parts: [[Entry]]) {
    self.init(parts.flatMap { $0 })
    partCounts = parts.map(\.count)
  }

  /// Their values by part.
  public func parts(of values: [Tensor]) -> [[Tensor]] {
    // The one place where a list of scalars is cut: by the parts that the layout was made of.
    var rest = values[...]
    return partCounts.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }

  /// Their names.
  public var names: [String] { entries.map(\.name) }
  /// How many there are.
  public var count: Int { entries.count }

  /// Their values as tensors without axes.
  public func values(_ scalar: ScalarType) -> [Tensor] {
    entries.map { Tensor([$0.value], TensorType(.scalar, scalar)) }
  }

  /// The trainable numbers that give the values.
  ///
  /// - Throws: `RateError` for a value at the edge of its range, such as a momentum of 0.
  public func unconstrained(_ scalar: ScalarType) throws(RateError) -> [Tensor] {
    var tensors: [Tensor] = []
    for entry in entries {
      guard let number = entry.range.parameterization.unconstrained(entry.value) else {
        throw .impossibleScalar(name: entry.name, value: entry.value, range: entry.range)
      }
      tensors.append(Tensor([number], TensorType(.scalar, scalar)))
    }
    return tensors
  }

  /// The values of trainable numbers.
  public func effective(_ unconstrained: [Tensor]) -> [Tensor] {
    zip(entries, unconstrained).map { $0.range.parameterization.effective($1) }
  }

  /// Gradients with respect to the trainable numbers from those with respect to the values.
  public func pullback(_ unconstrained: [Tensor], _ gradients: [Tensor]) -> [Tensor] {
    zip(entries, zip(unconstrained, gradients)).map { entry, pair in
      gradient(at: pair.0) { entry.range.parameterization.effective($0) * pair.1 }
    }
  }
}
