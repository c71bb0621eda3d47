import TensorPrograms

/// Which units of a model no run tells apart, by their names in axes: exchanging two of them
/// changes neither the law of initial weights, nor the loss, nor the law of the data.
public struct RateSymmetry: Sendable, Equatable {
  /// Whether each run draws its own initial weights.
  public var hasFreshWeights: Bool
  /// Those of `Units.inputs` and `Units.targets` that each run exchanges at random.
  public var exchangedUnits: Set<String>

  /// The symmetry of fresh or shared weights.
  public init(hasFreshWeights: Bool, exchangedUnits: Set<String> = []) {
    self.hasFreshWeights = hasFreshWeights
    self.exchangedUnits = exchangedUnits
  }

  /// Whether units are exchangeable: all that lie within a model are, where weights are fresh.
  package func exchanges(_ name: String?) -> Bool {
    guard hasFreshWeights, let name else { return false }
    return ![Units.inputs, Units.targets].contains(name) || exchangedUnits.contains(name)
  }

  /// The symmetry as if weights were fresh.
  var assumingFresh: RateSymmetry {
    RateSymmetry(hasFreshWeights: true, exchangedUnits: exchangedUnits)
  }
}

extension RateLayout {
  /// Whether a term has rates of the orbits of its own symmetry.
  var hasOwnOrbits: Bool { terms.contains { $0.granularity == .orbit(assumesFresh: false) } }

  /// For each tensor, the orbit of each of its parameters under fresh weights, counted from 0.
  package var orbitsOfFreshWeights: [[Int]] {
    zip(parameters.shapes, parameters.axes).map { shape, axes in
      Orbits(of: shape, axes, symmetry.assumingFresh).ofParameters.map(Int.init)
    }
  }
}

extension RateLayout {
  /// For each tensor the orbit of each of its parameters, of its shape, where a term has rates of
  /// orbits; nil where none has.
  package var orbits: [Tensor]? {
    terms.lazy.compactMap(\.orbits).first.map { orbits in
      zip(orbits, parameters.shapes).map { orbits, shape in
        // Of tensors in groups of other granularity, each parameter is by itself.
        Tensor(orbits?.ofParameters ?? (0..<Int32(shape.count)).map { $0 }).reshaped(to: shape)
      }
    }
  }
}
