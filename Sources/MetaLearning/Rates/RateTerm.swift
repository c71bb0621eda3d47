import TensorPrograms

/// One term of the sum behind rates: its numbers, and which of them each parameter reads.
struct RateTerm: Sendable {
  let granularity: Granularity
  let time: RateTime
  /// Steps that it was made for.
  let steps: Int
  /// Names of its tensors: the parameters' where each has its own, the layers' for `layer`, `all` for
  /// `global`, `base` and `factor` for `layerFactor`; what a group's tensors share is behind `group_1`.
  let names: [ParameterPath]
  /// Types of its tensors, time axis included.
  let types: [TensorType]
  /// For each parameter tensor, which of the term's tensors is its own, of the parameter's shape or
  /// stretching to it; empty for `layerFactor`.
  let sources: [Int]
  /// For each parameter tensor of granularity `orbit`, the orbits of its parameters; nil where there is
  /// none at all.
  let orbits: [Orbits?]?

  /// - Parameter groups: those of the specification, whose tensors have numbers of their own.
  init(
    _ granularity: Granularity, _ time: RateTime, of parameters: ParameterLayout, steps: Int,
    _ symmetry: RateSymmetry, groups: [RateGroup] = []
  ) {
    (self.granularity, self.time, self.steps) = (granularity, time, steps)
    let membership = groups.membership(of: parameters)
    let granularities = membership.map { $0.flatMap { groups[$0].granularity } ?? granularity }
    let orbits = granularities.indices.map { tensor in
      Orbits(granularities[tensor], of: parameters, tensor: tensor, symmetry)
    }
    self.orbits = orbits.contains { $0 != nil } ? orbits : nil
    var (names, shapes, sources) = ([ParameterPath](), [Shape](), [Int]())
    if case .layerFactor = granularity {
      (names, shapes) = (["base", "factor"].named, [.scalar, .scalar])
    } else {
      var places: [ParameterPath: Int] = [:]
      for (tensor, granularity) in granularities.enumerated() {
        let own = RateTerm.own(granularity, of: parameters, tensor: tensor, orbits[tensor])
        let name =
          if own.isShared, let group = membership[tensor] {
            ParameterPath(["group_\(group + 1)"] + own.name.components)
          } else {
            own.name
          }
        if places[name] == nil {
          places[name] = names.count
          names.append(name)
          shapes.append(own.shape)
        }
        sources += [places[name]].compactMap(\.self)
      }
    }
    (self.names, self.sources) = (names, sources)
    let rows = RateTerm.rows(time, steps: steps)
    let scalar = parameters.types.first?.scalar ?? .float32
    types = shapes.map { shape in
      TensorType(rows.map { shape.prepending($0) } ?? shape, scalar)
    }
  }

  /// What a parameter tensor's numbers are called, their shape, and whether other tensors may have the
  /// same.
  private static func own(
    _ granularity: Granularity, of parameters: ParameterLayout, tensor: Int, _ orbits: Orbits?
  ) -> (name: ParameterPath, shape: Shape, isShared: Bool) {
    let (path, shape) = (parameters.paths[tensor], parameters.shapes[tensor])
    return switch granularity {
    case .global, .layerFactor: (ParameterPath(["all"]), .scalar, true)
    case .layer: (ParameterPath([path.layer]), .scalar, true)
    case .tensor: (path, .scalar, false)
    case .inputUnit: (path, shape.rank < 2 ? .scalar : [shape[shape.rank - 2], 1], false)
    case .outputUnit: (path, Shape(Array(shape.extents.suffix(1))), false)
    case .orbit: (path, orbits?.shape ?? [orbits?.count ?? 0], false)
    case .parameter: (path, shape, false)
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
    orbits?[tensor]?.ofParameters.map(Int.init)
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

extension Orbits {
  /// Those of a tensor, where its granularity is of them.
  fileprivate init?(
    _ granularity: Granularity, of parameters: ParameterLayout, tensor: Int,
    _ symmetry: RateSymmetry
  ) {
    guard case .orbit(let assumesFresh) = granularity else { return nil }
    self.init(
      of: parameters.shapes[tensor], parameters.axes[tensor],
      assumesFresh ? symmetry.assumingFresh : symmetry)
  }
}
