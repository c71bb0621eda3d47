/// An array of numbers of one type, row-major and little-endian, with what describes it.
public struct HDF5Dataset: Sendable, Equatable {
  /// The elements' type.
  public let type: HDF5ScalarType
  /// The length of each axis; `[]` is a scalar, and a zero makes the dataset empty.
  public let shape: [Int]
  /// The elements, row-major, each little-endian.
  public let bytes: [UInt8]
  /// By name.
  public var attributes: [String: HDF5Attribute]
  /// A name for each axis, or `[]`.
  ///
  /// A name stands for one length in a group. Where the group has a dataset of that name, that one
  /// is the axis's coordinate: rank 1, of that length, its own `dimensions` its own name.
  public var dimensions: [String]
  /// Whether other programs may append along the first axis (an unlimited dimension).
  public var isExtendable: Bool

  /// A dataset of given bytes: as many as the shape asks for.
  public init(
    type: HDF5ScalarType, shape: [Int], bytes: [UInt8],
    attributes: [String: HDF5Attribute] = [:], dimensions: [String] = [],
    isExtendable: Bool = false
  ) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a dataset of shape \(shape)")
    precondition(
      bytes.count == (shape.contains(0) ? 0 : shape.reduce(type.byteCount, *)),
      "\(bytes.count) bytes for a dataset of \(type.rawValue) of shape \(shape)")
    self.type = type
    self.shape = shape
    self.bytes = bytes
    self.attributes = attributes
    self.dimensions = dimensions
    self.isExtendable = isExtendable
  }

  /// A dataset of given elements, of rank 1 unless a shape is given.
  public init<Scalar: HDF5Scalar>(
    _ elements: [Scalar], shape: [Int]? = nil, attributes: [String: HDF5Attribute] = [:],
    dimensions: [String] = [], isExtendable: Bool = false
  ) {
    self.init(
      type: Scalar.hdf5Type, shape: shape ?? [elements.count],
      bytes: elements.withUnsafeBufferPointer(Scalar.littleEndianBytes), attributes: attributes,
      dimensions: dimensions, isExtendable: isExtendable)
  }

  /// A dataset of elements that are in somebody else's memory, which are copied once.
  package init<Scalar: HDF5Scalar>(
    copying elements: UnsafeBufferPointer<Scalar>, shape: [Int], dimensions: [String]
  ) {
    self.init(
      type: Scalar.hdf5Type, shape: shape, bytes: Scalar.littleEndianBytes(of: elements),
      dimensions: dimensions)
  }

  /// A dataset of one number and no axis.
  public init<Scalar: HDF5Scalar>(scalar: Scalar, attributes: [String: HDF5Attribute] = [:]) {
    self.init([scalar], shape: [], attributes: attributes)
  }

  /// A dataset of the UTF-8 bytes of a text.
  public init(text: String, attributes: [String: HDF5Attribute] = [:]) {
    self.init(Array(text.utf8), attributes: attributes)
  }

  /// How many elements it has.
  public var count: Int { bytes.count / type.byteCount }

  /// The elements, if they have exactly that type; `path` appears in the error.
  public func elements<Scalar: HDF5Scalar>(
    of scalar: Scalar.Type, at path: String = "the dataset"
  ) throws(HDF5Error) -> [Scalar] {
    guard type == Scalar.hdf5Type else {
      throw HDF5Error(
        .mismatch, "read", at: path, found: "elements of type \(type.rawValue)",
        expected: Scalar.hdf5Type.rawValue)
    }
    return Scalar.elements(ofLittleEndian: bytes)
  }

  /// The elements as double-precision numbers; integers beyond 2⁵³ are rounded.
  public func convertedToDouble() -> [Double] {
    switch type {
    case .uint8: bytes.map(Double.init)
    case .int32: Int32.elements(ofLittleEndian: bytes).map(Double.init)
    case .int64: Int64.elements(ofLittleEndian: bytes).map(Double.init)
    case .float32: Float.elements(ofLittleEndian: bytes).map(Double.init)
    case .float64: Double.elements(ofLittleEndian: bytes)
    }
  }
}
