import TensorPrograms

/// The orbits of one tensor's parameters under exchanges of units.
struct Orbits: Sendable, Equatable {
  /// The orbit of each parameter, counted from 0 in the order of their first parameters.
  let ofParameters: [Int32]
  let count: Int
  /// The orbits' shape where they are those of whole axes, which stretches to the tensor's: [64,
  /// 1].
  let shape: Shape?

  /// - Parameter axes: the tensor's; parameters of axes that have no units are told apart.
  init(of shape: Shape, _ axes: [Axis], _ symmetry: RateSymmetry) {
    let parts = Orbits.parts(shape, axes, symmetry)
    var numbers: [[Int]: Int32] = [:]
    var index = [Int](repeating: 0, count: parts.count)
    ofParameters = (0..<shape.count).map { _ in
      let key = Orbits.key(index, parts)
      let number = numbers[key] ?? Int32(numbers.count)
      numbers[key] = number
      for part in parts.indices.reversed() {
        index[part] += 1
        if index[part] < parts[part].count { break }
        index[part] = 0
      }
      return number
    }
    count = numbers.count
    // Whole axes: one part each, and no units twice.
    let names = parts.compactMap(\.name)
    self.shape =
      parts.count == shape.rank && Set(names).count == names.count
      ? Shape(parts.map { $0.name == nil ? $0.count : 1 }) : nil
  }

  /// The parts of a tensor's axes, outermost first, with the names of those whose units are
  /// exchanged.
  static func parts(
    _ shape: Shape, _ axes: [Axis], _ symmetry: RateSymmetry
  ) -> [(name: String?, count: Int)] {
    shape.extents.indices.flatMap { axis -> [(name: String?, count: Int)] in
      let units = axes.indices.contains(axis) ? axes[axis].units : nil
      return units?.parts.map { (symmetry.exchanges($0.name) ? $0.name : nil, $0.count) }
        ?? [(nil, shape[axis])]
    }
  }

  /// What exchanges leave of a parameter's index: positions that cannot be exchanged, and which of
  /// the others are positions of the same unit.
  private static func key(_ index: [Int], _ parts: [(name: String?, count: Int)]) -> [Int] {
    parts.indices.map { part in
      guard let name = parts[part].name else { return index[part] }
      return parts.indices.first { parts[$0].name == name && index[$0] == index[part] }!
    }
  }
}
