/// The type of one element of a dataset, always stored little-endian.
public enum HDF5ScalarType: String, Sendable, Hashable, CaseIterable {
  case uint8, int32, int64, float32, float64

  /// Bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .uint8: 1
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}

/// A Swift number that a dataset can hold.
public protocol HDF5Scalar: Sendable {
  /// The element type that stores it.
  static var hdf5Type: HDF5ScalarType { get }
}

extension UInt8: HDF5Scalar {
  /// Stored as `uint8`.
  public static var hdf5Type: HDF5ScalarType { .uint8 }
}

extension Int32: HDF5Scalar {
  /// Stored as `int32`.
  public static var hdf5Type: HDF5ScalarType { .int32 }
}

extension Int64: HDF5Scalar {
  /// Stored as `int64`.
  public static var hdf5Type: HDF5ScalarType { .int64 }
}

extension Float: HDF5Scalar {
  /// Stored as `float32`.
  public static var hdf5Type: HDF5ScalarType { .float32 }
}

extension Double: HDF5Scalar {
  /// Stored as `float64`.
  public static var hdf5Type: HDF5ScalarType { .float64 }
}

extension HDF5Scalar {
  /// The elements as little-endian bytes.
  static func littleEndianBytes(of elements: UnsafeBufferPointer<Self>) -> [UInt8] {
    swappedOnBigEndian(Array(UnsafeRawBufferPointer(elements)))
  }

  /// The elements that little-endian bytes hold; `bytes.count` is a multiple of the element's.
  static func elements(ofLittleEndian bytes: [UInt8]) -> [Self] {
    let count = bytes.count / hdf5Type.byteCount
    let native = swappedOnBigEndian(bytes)
    return [Self](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: native)
      initialized = count
    }
  }

  private static func swappedOnBigEndian(_ bytes: [UInt8]) -> [UInt8] {
    #if _endian(big)
      var swapped = bytes
      for start in stride(from: 0, to: bytes.count, by: hdf5Type.byteCount) {
        swapped[start..<start + hdf5Type.byteCount].reverse()
      }
      return swapped
    #else
      return bytes
    #endif
  }
}
