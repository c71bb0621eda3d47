import TensorPrograms

/// What the outer update does otherwise to offsets of rates: their speed, their clip, and what
/// holds them near 0.
struct OuterTerms {
  /// An offset and which of the learned tensors are its own.
  private let offsets: [(offset: RateOffset, tensors: Range<Int>)]
  private let centring: RateCentring?
  /// Tensors that nothing moves.
  private let kept: Set<Int>

  /// - Parameter rates: what is learned of them; nil where rates are not learned.
  init(_ rates: RateLayout?) {
    let own = rates?.specification.offsets ?? []
    offsets = own.enumerated().map { ($1, rates!.tensors(of: $0 + 1)) }
    centring = rates.flatMap { own.isEmpty ? nil : RateCentring($0) }
    kept = rates?.held ?? []
  }

  /// The hypergradient of what offsets can be: of those that are centred, without what centring
  /// would take out of any step.
  func possible(_ hypergradient: [Tensor]) -> [Tensor] {
    guard let centring, !centring.parts.isEmpty else { return hypergradient }
    // Of a linear map of offsets, by its transpose.
    return gradient(at: hypergradient.map { .zeros($0.type) }) {
      dot(centring($0), hypergradient)
    }
  }

  /// A hypergradient after clips: of offsets that have their own by that, of the rest by the given
  /// one.
  func clipped(
    _ gradient: [Tensor], parameters: [Tensor], by clip: (any GradientTransformation)?
  ) -> [Tensor] {
    let apart = offsets.filter { $0.offset.clip != nil }
    let rest = gradient.indices.filter { index in !apart.contains { $0.tensors ~= index } }
    var clipped = gradient
    for (clip, tensors) in [(clip, rest)] + apart.map({ ($0.offset.clip, Array($0.tensors)) }) {
      guard let clip else { continue }
      let chain = [clip]
      let own = chain(
        tensors.map { gradient[$0] }, parameters: tensors.map { parameters[$0] },
        scalars: ScalarLayout(chain.numbers).values(gradient[0].scalarType))
      for (index, tensor) in zip(tensors, own) { clipped[index] = tensor }
    }
    return clipped
  }

  /// The outer rate of a learned tensor.
  func rate(_ rate: Tensor, of tensor: Int) -> Tensor {
    let speed = offsets.first { $0.tensors ~= tensor }?.offset.speed ?? 1
    return speed == 1 ? rate : speed * rate
  }

  /// Rates after an update, their offsets pulled to 0 or centred, those that are kept as they were.
  func held(_ updated: [Tensor], before: [Tensor], rate: Tensor) -> [Tensor] {
    var rates = updated
    for index in kept where rates.indices.contains(index) { rates[index] = before[index] }
    for (offset, tensors) in offsets where offset.decay > 0 {
      for index in tensors {
        rates[index] = rates[index] - offset.speed * offset.decay * rate * before[index]
      }
    }
    return centring?(rates) ?? rates
  }
}
