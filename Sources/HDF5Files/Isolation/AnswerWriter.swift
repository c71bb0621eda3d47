import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes what was read of a file to a pipe, for `AnswerReader`.
///
///     answer    = 0 error | 1 groups datasets errors
///     groups    = count { path attributes }
///     datasets  = count { path type rank { length } extendable names attributes count bytes }
///     a text    = count bytes; a count is 8 bytes, little-endian
struct AnswerWriter {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Large enough that small values do not each cost a system call.
  private static let bufferSize = 1 << 16

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  mutating func write(_ answer: Result<DecodedFile, HDF5Error>) throws(FileError) {
    switch answer {
    case .failure(let error):
      try put(0)
      try put(error)
    case .success(let file):
      try put(1)
      try put(file.tree)
      try put(file.passedOver.count)
      for error in file.passedOver { try put(error) }
    }
    try flush()
  }

  private mutating func put(_ tree: HDF5Tree) throws(FileError) {
    try put(tree.groups.count)
    for (path, group) in tree.groups {
      try put(path)
      try put(group.attributes)
    }
    try put(tree.datasets.count)
    for (path, dataset) in tree.datasets {
      try put(path)
      try put(dataset)
    }
  }

  private mutating func put(_ dataset: HDF5Dataset) throws(FileError) {
    try put(dataset.type.rawValue)
    try put(dataset.shape.count)
    for length in dataset.shape { try put(length) }
    try put(dataset.isExtendable ? 1 : 0)
    try put(dataset.dimensions.count)
    for name in dataset.dimensions { try put(name) }
    try put(dataset.attributes)
    try put(dataset.bytes)
  }

  private mutating func put(_ attributes: [String: HDF5Attribute]) throws(FileError) {
    try put(attributes.count)
    for (name, attribute) in attributes {
      try put(name)
      switch attribute {
      case .string(let value):
        try put(0)
        try put(value)
      case .integer(let value):
        try put(1)
        try put(Int(value))
      case .double(let value):
        try put(2)
        try put(Int(truncatingIfNeeded: value.bitPattern))
      }
    }
  }

  private mutating func put(_ error: HDF5Error) throws(FileError) {
    for text in [error.kind.rawValue, error.action, error.path, error.found, error.expected] {
      try put(text)
    }
  }

  private mutating func put(_ text: String) throws(FileError) { try put(Array(text.utf8)) }

  private mutating func put(_ bytes: [UInt8]) throws(FileError) {
    try put(bytes.count)
    if bytes.count > Self.bufferSize {
      try flush()
      try AtomicFile.write(bytes, to: descriptor, path: "the pipe")
    } else {
      buffer += bytes
    }
  }

  private mutating func put(_ number: Int) throws(FileError) {
    withUnsafeBytes(of: Int64(number).littleEndian) { buffer += $0 }
    if buffer.count > Self.bufferSize { try flush() }
  }

  private mutating func flush() throws(FileError) {
    try AtomicFile.write(buffer, to: descriptor, path: "the pipe")
    buffer.removeAll(keepingCapacity: true)
  }
}
