import TensorPrograms

/// What a term of rates is, in words.
package struct RateTermText: Sendable {
  /// `base`, `offset_1`.
  package let name: String
  /// `orbit, knots(5)`.
  package let text: String
  /// How many numbers it has.
  package let count: Int
  /// What keeps it from being confused with other terms.
  package let holding: String
}

extension RateLayout {
  /// The terms in words.
  package var termTexts: [RateTermText] {
    terms.indices.map { index in
      let offset = index == 0 ? nil : specification.offsets[index - 1]
      return RateTermText(
        name: index == 0 ? "base" : "offset_\(index)", text: terms[index].text,
        count: terms[index].types.reduce(0) { $0 + $1.shape.count },
        holding: offset.map {
          $0.decay > 0
            ? "pulled to 0 by decay \($0.decay)" : "centred within the terms before it"
        } ?? "")
    }
  }

  /// How many numbers constant rates of a granularity have for each parameter tensor; for one that
  /// tensors share, in the first of its tensors.
  package func numbers(of granularity: Granularity) -> [Int] {
    let term = RateTerm(granularity, .constant, of: parameters, steps: steps, symmetry)
    guard term.sources.count == term.types.count else {
      let counts = term.types.map(\.shape.count)
      return counts + [Int](repeating: 0, count: max(0, parameters.count - counts.count))
    }
    return term.sources.map { term.types[$0].shape.count }
  }

  /// Refuses orbits of a model whose units have no names, and offsets of which nothing is left when
  /// they are centred.
  package func requireIdentified() throws(RateError) {
    let isOfOrbits = terms.contains { $0.orbits != nil }
    guard !isOfOrbits || parameters.axes.joined().contains(where: { $0.units != nil }) else {
      throw .unsupported(
        "rates of orbits need a model whose axes name their units, which this one's do not: choose another "
          + "granularity, or name them in Trainable.axes")
    }
    for (index, term) in terms.enumerated() {
      if case .knots(let count) = term.time, !(2...max(2, steps)).contains(count) || steps < 2 {
        throw .unsupported(
          "rates.terms[\(index)] has \(count) knots over \(steps) steps: expected 2 to as many as there "
            + "are steps")
      }
    }
    for (index, offset) in specification.offsets.enumerated() {
      guard offset.decay >= 0, offset.decay.isFinite, offset.speed > 0, offset.speed.isFinite else {
        throw .unsupported(
          "rates.terms[\(index + 1)] has the speed \(offset.speed) and the decay \(offset.decay): "
            + "expected a speed above 0 and a decay from 0")
      }
    }
    let centring = RateCentring(self)
    var stream = RandomStream(seed: 0, purpose: "identified offsets")
    let numbers = types.map { type in Tensor(TensorType(type.shape, .float64)) { stream.normal() } }
    let once = centring(numbers)
    let twice = centring(once)
    for (index, offset) in terms.indices.dropFirst().map({ ($0, tensors(of: $0)) })
    where centring.centred.contains(offset) {
      let (own, left) = (
        offset.flatMap { numbers[$0].doubles }, offset.flatMap { once[$0].doubles }
      )
      let again = offset.flatMap { twice[$0].doubles }
      func size(_ values: [Double]) -> Double {
        values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      guard size(left) > 1e-9 * size(own) else {
        throw .unsupported(
          "rates.terms[\(index)] (\(terms[index].text)) changes no rate that the terms before it "
            + "cannot change: give it a decay, or a finer granularity or time")
      }
      // Means over sets that cross unevenly are not all 0 after one pass.
      guard size(zip(left, again).map { $0 - $1 }) < 1e-9 * size(own) else {
        throw .unsupported(
          "rates.terms[\(index)] (\(terms[index].text)) crosses the terms before it unevenly, so that it "
            + "cannot be centred within all of them: give it or one of them a decay")
      }
    }
  }
}

extension RateTerm {
  /// `tensor, knots(5)`.
  fileprivate var text: String {
    time == .constant ? granularity.text : "\(granularity.text), \(time)"
  }
}
