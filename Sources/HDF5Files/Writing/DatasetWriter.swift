import CHDF5

extension HDF5ScalarType {
  /// The library's little-endian type, in the file and in memory.
  var identifier: hid_t {
    switch self {
    case .uint8: chdf5_uint8()
    case .int32: chdf5_int32()
    case .int64: chdf5_int64()
    case .float32: chdf5_float32()
    case .float64: chdf5_float64()
    }
  }
}

/// How a dataset lies in its file.
enum StorageLayout: Equatable {
  /// In its own header, which has a checksum: scalars and empty datasets.
  case inHeader
  /// Chunks of a shape, each with a checksum.
  case chunked([Int])

  /// The largest chunk, and the smallest that a dataset grows by.
  static let largestChunk = 1 << 20
  private static let growth = 1 << 14

  /// The layout of a dataset: one chunk up to 1 MiB, then longest slices along the first axes.
  init(shape: [Int], byteCount: Int, isExtendable: Bool) {
    if shape.isEmpty || (shape.contains(0) && !isExtendable) {
      self = .inHeader
      return
    }
    var chunk = shape
    if isExtendable {
      // Independent of the present length, so that a growing file keeps its layout.
      let row = shape.dropFirst().reduce(byteCount, *)
      chunk[0] = max(1, Self.growth / row)
    }
    for axis in chunk.indices {
      let slice = chunk[(axis + 1)...].reduce(byteCount, *)
      guard slice * chunk[axis] > Self.largestChunk else { break }
      chunk[axis] = max(1, Self.largestChunk / slice)
    }
    self = .chunked(chunk)
  }
}

/// Creates datasets in an open file.
struct DatasetWriter {
  let file: hid_t
  let links: hid_t

  func write(_ dataset: HDF5Dataset, to path: String) throws(HDF5Error) {
    let layout = StorageLayout(
      shape: dataset.shape, byteCount: dataset.type.byteCount, isExtendable: dataset.isExtendable)
    let identifier = try create(
      path, type: dataset.type, shape: dataset.shape, isExtendable: dataset.isExtendable,
      layout: layout)
    defer { H5Dclose(identifier) }
    if !dataset.bytes.isEmpty {
      try HDF5Library.check(
        H5Dwrite(
          identifier, dataset.type.identifier, chdf5_all(), chdf5_all(), chdf5_default(),
          dataset.bytes),
        "write", at: path)
    }
    try AttributeWriter.write(dataset.attributes, to: identifier, at: path)
  }

  /// A new dataset, to be closed by the caller; without a layout nothing is stored until somebody
  /// writes.
  func create(
    _ path: String, type: HDF5ScalarType, shape: [Int], isExtendable: Bool, layout: StorageLayout?
  ) throws(HDF5Error) -> hid_t {
    let creation = try HDF5Library.check(chdf5_dataset_creation(), "describe", at: path)
    defer { H5Pclose(creation) }
    try HDF5Library.check(
      H5Pset_obj_track_times(creation, false), "leave time stamps out of", at: path)
    switch layout {
    case .inHeader:
      try HDF5Library.check(H5Pset_layout(creation, H5D_COMPACT), "lay out", at: path)
    case .chunked(let chunk):
      try HDF5Library.check(
        H5Pset_chunk(creation, Int32(chunk.count), chunk.map(hsize_t.init)), "divide", at: path)
      try HDF5Library.check(H5Pset_fletcher32(creation), "add checksums to", at: path)
    case nil: break
    }

    let space = try makeSpace(shape, isExtendable: isExtendable, path: path)
    defer { H5Sclose(space) }
    return try HDF5Library.check(
      H5Dcreate2(file, path, type.identifier, space, links, creation, chdf5_default()),
      "create the dataset", at: path)
  }

  private func makeSpace(
    _ shape: [Int], isExtendable: Bool, path: String
  ) throws(HDF5Error) -> hid_t {
    if shape.isEmpty { return try HDF5Library.check(H5Screate(H5S_SCALAR), "shape", at: path) }
    let lengths = shape.map(hsize_t.init)
    var largest = lengths
    if isExtendable { largest[0] = chdf5_unlimited() }
    return try HDF5Library.check(
      H5Screate_simple(Int32(shape.count), lengths, largest), "shape", at: path)
  }
}
