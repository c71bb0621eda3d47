import TensorPrograms

/// Means over the orbits of a model's parameters.
struct OrbitMeans {
  private let tensors: [(orbits: Orbits, shape: Shape)]

  init(_ layout: RateLayout) {
    tensors = layout.parameters.shapes.indices.map { index in
      let shape = layout.parameters.shapes[index]
      return (Orbits(of: shape, layout.parameters.axes[index], layout.symmetry), shape)
    }
  }

  /// Tensors in the parameters' shapes, or behind a time axis, whose orbits have their mean.
  func callAsFunction(_ values: [Tensor], isTimed: Bool) -> [Tensor] {
    zip(values, tensors).map { tensor, own in
      let orbits = Tensor(own.orbits.ofParameters)
      var sizes = [Double](repeating: 0, count: own.orbits.count)
      for orbit in own.orbits.ofParameters { sizes[Int(orbit)] += 1 }
      func means(_ row: Tensor) -> Tensor {
        let sums = row.reshaped(to: [own.shape.count]).sums(over: orbits, count: own.orbits.count)
        return (sums / Tensor(sizes, sums.type)).gather(orbits).reshaped(to: own.shape)
      }
      return isTimed ? vmap(over: tensor) { means($0) } : means(tensor)
    }
  }
}
