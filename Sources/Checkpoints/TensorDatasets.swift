import HDF5Files
import TensorPrograms

extension HDF5Dataset {
  /// A tensor's elements as a dataset, with names for its axes where they are given.
  public init(_ tensor: Tensor, dimensions: [String] = []) {
    func copied<Scalar: TensorScalar & HDF5Scalar>(_ type: Scalar.Type) -> HDF5Dataset {
      tensor.withElements(of: type) {
        HDF5Dataset(copying: $0, shape: tensor.shape.extents, dimensions: dimensions)
      }
    }
    self =
      switch tensor.scalarType {
      case .float32: copied(Float.self)
      case .float64: copied(Double.self)
      case .int32: copied(Int32.self)
      }
  }

  /// The dataset with what it means and its unit, as netCDF's conventions have them.
  func described(_ meaning: String, unit: String? = nil) -> HDF5Dataset {
    var copy = self
    copy.attributes["long_name"] = .string(meaning)
    if let unit { copy.attributes["units"] = .string(unit) }
    return copy
  }

  /// The dataset as a tensor of its own element type.
  public func tensor(at path: String) throws(HDF5Error) -> Tensor {
    let extents = Shape(shape)
    switch type {
    case .float32: return Tensor(try elements(of: Float.self, at: path), shape: extents)
    case .float64: return Tensor(try elements(of: Double.self, at: path), shape: extents)
    case .int32: return Tensor(try elements(of: Int32.self, at: path), shape: extents)
    case .int64, .uint8:
      throw HDF5Error(
        .mismatch, "read", at: path, found: "elements of type \(type.rawValue)",
        expected: "float32, float64 or int32")
    }
  }

  /// The dataset as a tensor that must have the given type and only finite elements.
  public func tensor(
    of expected: TensorType, at path: String
  ) throws(HDF5Error) -> Tensor {
    let tensor = try tensor(at: path)
    guard tensor.type == expected else {
      throw HDF5Error(
        .mismatch, "read", at: path, found: "\(tensor.type)",
        expected: "\(expected), as the configuration says")
    }
    if expected.scalar.isFloatingPoint, let bad = tensor.doubles.first(where: { !$0.isFinite }) {
      throw HDF5Error(
        .invalid, "use", at: path, found: "the value \(bad)", expected: "finite values")
    }
    return tensor
  }
}
