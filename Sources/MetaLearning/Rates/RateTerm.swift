import TensorPrograms

/// One term of the sum behind rates: its numbers, and which of them each parameter reads.
struct RateTerm: Sendable {
  let granularity: Granularity
  let time: RateTime
  /// Steps that it was made for.
  let steps: Int
  /// Names of its tensors: the parameters' where each has its own, the layers' for `layer`, `all` for
  /// `global`, `base` and `factor` for `layerFactor`.
  let names: [ParameterPath]
  /// Types of its tensors, time axis included.
  let types: [TensorType]
  /// For each parameter tensor, which of the term's tensors is its own, of the parameter's shape or
  /// stretching to it; empty for `layerFactor`.
  let sources: [Int]
  /// For each parameter tensor, the orbits of its parameters; nil but for `orbit`.
  let orbits: [Orbits]?

  init(
    _ granularity: Granularity, _ time: RateTime, of parameters: ParameterLayout, steps: Int,
    _ symmetry: RateSymmetry
  ) {
    (self.granularity, self.time, self.steps) = (granularity, time, steps)
    let layers = parameters.layers
    let perTensor = Array(parameters.paths.indices)
    let shapes: [Shape]
    if case .orbit(let assumesFresh) = granularity {
      orbits = zip(parameters.shapes, parameters.axes).map { shape, axes in
        Orbits(of: shape, axes, assumesFresh ? symmetry.assumingFresh : symmetry)
      }
    } else {
      orbits = nil
    }
    switch granularity {
    case .global:
      (names, shapes, sources) = (["all"].named, [.scalar], parameters.paths.map { _ in 0 })
    case .layerFactor:
      (names, shapes, sources) = (["base", "factor"].named, [.scalar, .scalar], [])
    case .layer:
      (names, shapes) = (layers.named, layers.map { _ in .scalar })
      sources = parameters.layerOfTensor
    case .tensor:
      (names, shapes, sources) = (parameters.paths, perTensor.map { _ in .scalar }, perTensor)
    case .inputUnit:
      (names, sources) = (parameters.paths, perTensor)
      shapes = parameters.shapes.map { shape in
        shape.rank < 2 ? .scalar : [shape[shape.rank - 2], 1]
      }
    case .outputUnit:
      (names, sources) = (parameters.paths, perTensor)
      shapes = parameters.shapes.map { Shape(Array($0.extents.suffix(1))) }
    case .orbit:
      (names, sources) = (parameters.paths, perTensor)
      shapes = orbits!.map { $0.shape ?? [$0.count] }
    case .parameter:
      (names, shapes, sources) = (parameters.paths, parameters.shapes, perTensor)
    }
    let rows = RateTerm.rows(time, steps: steps)
    let scalar = parameters.types.first?.scalar ?? .float32
    types = shapes.map { shape in
      TensorType(rows.map { shape.prepending($0) } ?? shape, scalar)
    }
  }

  static func rows(_ time: RateTime, steps: Int) -> Int? {
    switch time {
    case .constant: nil
    case .window(let width): (steps + width - 1) / width
    case .step: steps
    case .knots(let count): count
    }
  }

  /// How many rows the time axis of its tensors has; nil where it is constant.
  var rows: Int? { RateTerm.rows(time, steps: steps) }

  /// The shapes of one row of its tensors.
  var shapes: [Shape] { types.map { rows == nil ? $0.shape : $0.shape.dropFirst } }

  /// For each parameter of a tensor, where in its source its number lies.
  func positions(of tensor: Int, _ shape: Shape) -> [Int] {
    orbits.map { $0[tensor].ofParameters.map(Int.init) }
      ?? shapes[sources[tensor]].positionsStretched(to: shape)
  }

  /// A parameter tensor's own numbers, of its shape or stretching to it.
  func numbers(_ numbers: Tensor, of tensor: Int, _ shape: Shape) -> Tensor {
    guard let orbits = orbits?[tensor], orbits.shape == nil else { return numbers }
    return numbers.gather(Tensor(orbits.ofParameters)).reshaped(to: shape)
  }
}

extension Shape {
  /// For each element of a shape that this one stretches to, which element of this one it is.
  fileprivate func positionsStretched(to shape: Shape) -> [Int] {
    let missing = shape.rank - rank
    var positions = [0]
    var stride = count
    for (axis, extent) in shape.extents.enumerated() {
      let own = axis < missing ? 1 : self[axis - missing]
      stride /= own
      positions = positions.flatMap { start in
        (0..<extent).map { start + (own == 1 ? 0 : $0 * stride) }
      }
    }
    return positions
  }
}

extension Array where Element == String {
  fileprivate var named: [ParameterPath] { map { ParameterPath([$0]) } }
}
