import MetaLearning
import TensorPrograms

/// A named direction of length 1 among the numbers of some tensors.
package struct UnitDirection: Sendable {
  /// What tables call it.
  package let name: String
  /// Tensors like the gradient's; their squares sum to 1.
  package let tensors: [Tensor]

  /// Random directions beside those that a gradient has.
  private static let randomCount = 4

  /// The directions along which a gradient is checked: its own, the one of its part in each tensor,
  /// and random ones.
  ///
  /// Along its own the derivative is as far above rounding as it can be. Those of single tensors
  /// tell which one is wrong. To both, a small error across the gradient is of second order; random
  /// directions see it at first order. What would be there twice, or has no length, is left out.
  ///
  /// - Parameters:
  ///   - names: one for each tensor.
  ///   - seed: names the stream that random directions are drawn from.
  package static func all(
    of gradient: [Tensor], named names: [String], seed: UInt64
  ) -> [UnitDirection] {
    var all: [UnitDirection] = []
    if let own = UnitDirection("hypergradient", along: gradient) { all.append(own) }
    for (place, name) in names.enumerated() where names.count > 1 {
      func only(_ numbers: Tensor) -> [Tensor] {
        gradient.enumerated().map { $0 == place ? numbers : Tensor(repeating: 0, $1.type) }
      }
      var stream = RandomStream(seed: seed, purpose: "directions of tensors", index: UInt64(place))
      // A tensor whose gradient is 0 may be the one whose gradient was forgotten.
      let direction =
        UnitDirection(name, along: only(gradient[place]))
        ?? UnitDirection(name, along: only(Tensor(gradient[place].type) { stream.normal() }))
      if let direction { all.append(direction) }
    }
    // A single number has one direction.
    let count = gradient.reduce(0) { $0 + $1.shape.count }
    for index in 0..<(count > 1 ? randomCount : all.isEmpty ? 1 : 0) {
      var stream = RandomStream(seed: seed, purpose: "directions", index: UInt64(index))
      let numbers = gradient.map { Tensor($0.type) { stream.normal() } }
      if let direction = UnitDirection("random \(index + 1)", along: numbers) {
        all.append(direction)
      }
    }
    return all
  }

  /// The direction of some tensors; nil where they are 0 or not finite.
  private init?(_ name: String, along tensors: [Tensor]) {
    let length = globalNorm(tensors)
    guard length.isFinite, length >= .leastNormalMagnitude else { return nil }
    self.name = name
    self.tensors = tensors.map { tensor in
      Tensor(tensor.doubles.map { $0 / length }, tensor.type)
    }
  }
}
