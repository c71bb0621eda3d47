/// The type of one element of a tensor.
public enum ScalarType: UInt8, Sendable, Hashable, CaseIterable {
  /// IEEE 754 single precision.
  case float32
  /// IEEE 754 double precision.
  case float64
  /// Labels and indices; never differentiated.
  case int32

  /// Bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    }
  }

  /// Whether values of this type can be differentiated.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64: true
    case .int32: false
    }
  }

  /// The short name of the program text form: `f32`, `f64` or `i32`.
  public var shortName: String {
    switch self {
    case .float32: "f32"
    case .float64: "f64"
    case .int32: "i32"
    }
  }

  /// A number rounded to the type: to the nearest real one, or towards 0 to a whole one.
  package func rounded(_ value: Double) -> Double {
    switch self {
    case .float32: Double(Float(value))
    case .float64: value
    case .int32: value.rounded(.towardZero)
    }
  }
}

/// A Swift number that can be an element of a tensor.
public protocol TensorScalar: Sendable, Numeric {
  /// The element type that stores it.
  static var scalarType: ScalarType { get }
}

extension Float: TensorScalar {
  /// Single precision.
  public static var scalarType: ScalarType { .float32 }
}

extension Double: TensorScalar {
  /// Double precision.
  public static var scalarType: ScalarType { .float64 }
}

extension Int32: TensorScalar {
  /// Labels and indices.
  public static var scalarType: ScalarType { .int32 }
}
