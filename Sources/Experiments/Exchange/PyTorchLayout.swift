import TensorPrograms

/// How PyTorch calls and lays out the tensors of a model: outputs first, then inputs, then the window,
/// and images channels first, so that what flattens them reads channels before rows and columns.
///
/// Source: documentation of `torch.nn.Linear`, `Conv2d`, `Flatten` and the normalizations (2.x).
package struct PyTorchLayout {
  /// Positions that a tensor's inputs stand at, one position after the other here, one channel after the
  /// other there: by the tensor's name.
  private let positions: [String: Int]

  /// The layout of tensors in the model's order.
  ///
  /// - Parameter tensors: names, what axes run over, shapes.
  package init(_ tensors: [(name: String, axes: [String], shape: [Int])]) {
    var positions: [String: Int] = [:]
    // Images flow from kernels, through matrices that read a pixel's channels; the next matrix that reads
    // more numbers than there are channels reads them flattened. What makes sequences of them ends it.
    var channels: Int?
    for (name, axes, shape) in tensors where axes.count == shape.count {
      if axes.first == "kernel_row" {
        channels = shape.last
      } else if axes.count > 2 || axes.contains("position") {
        channels = nil
      } else if axes.first == "input", axes.count == 2, let count = channels {
        let isFlattened = shape[0] > count && shape[0] % count == 0
        if isFlattened { positions[name] = shape[0] / count }
        channels = isFlattened ? nil : shape[1]
      }
    }
    self.positions = positions
  }

  /// What PyTorch calls a tensor: modules and their parameters with dots between.
  package static func name(_ path: String) -> String {
    let names = [
      "scale": "weight", "offset": "bias", "running_variance": "running_var",
    ]
    var parts = path.split(separator: "/").map(String.init)
    if let last = parts.popLast() { parts.append(names[last] ?? last) }
    return parts.joined(separator: ".")
  }

  /// Which axes make PyTorch's order, outermost first.
  static func order(_ name: String, _ axes: [String]) -> [Int] {
    switch axes.count {
    // A table of embeddings is [rows, width] there too.
    case 2 where axes[0] == "input" && !name.hasSuffix("embedding/weight"): [1, 0]
    case 4 where axes[0] == "kernel_row": [3, 2, 0, 1]
    default: Array(axes.indices)
    }
  }

  /// A tensor as PyTorch has it.
  ///
  /// - Parameters:
  ///   - name: the tensor's.
  ///   - axes: what its last axes run over; one before them runs over time. Axes of extent 1 stand for
  ///     all that is along them.
  package func outward(_ tensor: Tensor, _ name: String, axes: [String]) -> Tensor {
    let before = tensor.rank - axes.count
    guard before >= 0 else { return tensor }
    var tensor = tensor
    if let count = positions[name], tensor.shape[before] > 1 {
      tensor = exchanged(tensor, axis: before, outer: count)
    }
    return tensor.transposed(Array(0..<before) + Self.order(name, axes).map { $0 + before })
  }

  /// A tensor of PyTorch's as it is here: the inverse of `outward`.
  package func inward(_ tensor: Tensor, _ name: String, axes: [String]) -> Tensor {
    guard tensor.rank == axes.count else { return tensor }
    let order = Self.order(name, axes)
    let back = axes.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    let tensor = tensor.transposed(back)
    guard let count = positions[name] else { return tensor }
    return exchanged(tensor, axis: 0, outer: tensor.shape[0] / count)
  }

  /// An axis of outer × inner numbers as one of inner × outer.
  private func exchanged(_ tensor: Tensor, axis: Int, outer: Int) -> Tensor {
    let extents = tensor.shape.extents
    let parts =
      Array(extents[..<axis]) + [outer, extents[axis] / outer] + Array(extents[(axis + 1)...])
    var order = Array(parts.indices)
    order.swapAt(axis, axis + 1)
    return tensor.reshaped(to: Shape(parts)).transposed(order).reshaped(to: tensor.shape)
  }

  /// What was exchanged besides axes, in words; nil for nothing.
  var note: String? {
    guard !positions.isEmpty else { return nil }
    return "inputs of \(positions.keys.sorted().joined(separator: ", ")) are in the order of "
      + "torch.nn.Flatten: channels, rows, columns"
  }
}
