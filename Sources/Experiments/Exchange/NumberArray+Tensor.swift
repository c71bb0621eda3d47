import ArrayFiles
import TensorPrograms

extension NumberArray {
  /// A tensor's elements in their own type.
  init(_ tensor: Tensor) {
    func bytes<Scalar: TensorScalar>(_ type: Scalar.Type) -> [UInt8] {
      tensor.withElements(of: type) { Array(UnsafeRawBufferPointer($0)) }
    }
    let extents = tensor.shape.extents
    switch tensor.scalarType {
    case .float32: self.init(type: .float32, shape: extents, bytes: bytes(Float.self))
    case .float64: self.init(type: .float64, shape: extents, bytes: bytes(Double.self))
    case .int32: self.init(type: .int32, shape: extents, bytes: bytes(Int32.self))
    }
  }
}
