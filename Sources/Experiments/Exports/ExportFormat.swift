/// What others read exported rates and weights with.
package enum ExportFormat: String, CaseIterable, Sendable {
  /// One file of Hugging Face's format.
  case safetensors
  /// One file of NumPy's.
  case npz
  /// A folder: files in PyTorch's layout, and a module with the optimizer.
  case pytorch
  /// A folder: files, and a module with the optimizer as a transformation.
  case optax

  /// Where it goes unless somebody says so.
  package var standardOutput: String {
    switch self {
    case .safetensors: "export.safetensors"
    case .npz: "export.npz"
    case .pytorch: "export-pytorch"
    case .optax: "export-optax"
    }
  }

  /// Whether it comes with an optimizer in Python.
  var hasOptimizer: Bool { self == .pytorch || self == .optax }
}
