import Configurations
import Foundation
import MetaLearning
import Settings
import TensorPrograms

/// The inner optimizer as JSON that exported modules read: its word and numbers, and what happens to
/// gradients before.
struct OptimizerDescription: Encodable {
  struct Optimizer: Encodable {
    let kind: String
    /// By names in lower case with underscores, learned ones as they were learned.
    let numbers: [String: Double]
  }

  struct Transformation: Encodable {
    let kind: String
    let number: Double?
  }

  let optimizer: Optimizer
  let transformations: [Transformation]

  /// What a configuration says.
  ///
  /// - Parameter learned: values of the numbers that were learned, by name.
  init(_ inner: InnerSpecification, learned: [String: Double]) {
    let layout = inner.scalars
    var numbers = Self.numbers(of: inner.optimizer)
    let names = layout.names
    for name in names.prefix(inner.optimizer.scalars.count) {
      if let value = learned[name] { numbers[name] = value }
    }
    optimizer = Optimizer(kind: type(of: inner.optimizer).word, numbers: numbers)
    var rest = zip(names, layout.entries).dropFirst(inner.optimizer.scalars.count).makeIterator()
    transformations = inner.transformations.map { transformation in
      let entry = transformation.number == nil ? nil : rest.next()
      return Transformation(
        kind: type(of: transformation).word,
        number: entry.map { learned[$0.0] ?? $0.1.value })
    }
  }

  /// The numbers among an optimizer's settings.
  private static func numbers(of optimizer: any MetaLearning.Optimizer) -> [String: Double] {
    guard case .mapping(let entries) = optimizer.node.content else { return [:] }
    var numbers: [String: Double] = [:]
    for entry in entries {
      guard case .plain(let text) = entry.value.content, let number = Double(text) else { continue }
      numbers[snakeCase(entry.key)] = number
    }
    return numbers
  }

  private static func snakeCase(_ name: String) -> String {
    name.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
  }

  /// Why exported modules cannot do what this inner step does; nil where they can.
  static func obstacle(_ configuration: RunConfiguration) -> String? {
    let (inner, known) = (configuration.inner, Laboratory.learning)
    let optimizer = type(of: inner.optimizer).word
    if inner.online != nil { return "rates that adapt in the inner steps" }
    if !known.optimizers.words.contains(optimizer) { return "the optimizer \(optimizer)" }
    let words = inner.transformations.map { type(of: $0).word }
    let other = words.first { !known.transformations.words.contains($0) }
    return other.map { "the gradient transformation \($0)" }
  }
}
