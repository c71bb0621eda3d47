import CHDF5
import Files

/// Reads a dataset's elements, once everything about them is known to be harmless.
enum DatasetReader {
  /// The dataset without its attributes and dimensions, within a budget.
  static func dataset(
    _ object: hid_t, at path: String, _ budget: ByteBudget
  ) throws(HDF5Error) -> HDF5Dataset {
    let (shape, isExtendable) = try shape(of: object, at: path)
    let type = try scalarType(of: object, at: path)
    let byteCount = try budget.bytes(shape, of: type.byteCount, at: path)
    try validateStorage(
      of: object, count: byteCount / type.byteCount, rank: shape.count, at: path, budget)

    var bytes = [UInt8](repeating: 0, count: byteCount)
    if byteCount > 0 {
      try HDF5Library.check(
        H5Dread(object, type.identifier, chdf5_all(), chdf5_all(), chdf5_default(), &bytes),
        "read", at: path)
    }
    return HDF5Dataset(type: type, shape: shape, bytes: bytes, isExtendable: isExtendable)
  }

  private static func shape(
    of object: hid_t, at path: String
  ) throws(HDF5Error) -> (shape: [Int], isExtendable: Bool) {
    let space = try HDF5Library.check(H5Dget_space(object), "examine", at: path)
    defer { H5Sclose(space) }
    switch H5Sget_simple_extent_type(space) {
    case H5S_SCALAR: return ([], false)
    case H5S_NULL: return ([0], false)
    default: break
    }
    let rank = Int(
      try HDF5Library.check(H5Sget_simple_extent_ndims(space), "count the axes of", at: path))
    var lengths = [hsize_t](repeating: 0, count: rank)
    var largest = lengths
    try HDF5Library.check(
      H5Sget_simple_extent_dims(space, &lengths, &largest), "measure", at: path)
    var shape: [Int] = []
    for length in lengths {
      guard let length = Int(exactly: length) else {
        throw HDF5Error(.limit, "read", at: path, found: "an axis of \(length) elements")
      }
      shape.append(length)
    }
    return (shape, largest.first == chdf5_unlimited())
  }

  /// The type that holds every value of the stored one.
  private static func scalarType(
    of object: hid_t, at path: String
  ) throws(HDF5Error) -> HDF5ScalarType {
    let type = try HDF5Library.check(H5Dget_type(object), "find the type of", at: path)
    defer { H5Tclose(type) }
    let size = H5Tget_size(type)
    let isSigned = H5Tget_sign(type) != H5T_SGN_NONE
    let typeClass = H5Tget_class(type)
    switch (typeClass, isSigned, size) {
    case (H5T_INTEGER, false, 1): return .uint8
    case (H5T_INTEGER, true, 1), (H5T_INTEGER, _, 2), (H5T_INTEGER, true, 4): return .int32
    case (H5T_INTEGER, false, 4), (H5T_INTEGER, true, 8): return .int64
    case (H5T_FLOAT, _, 2), (H5T_FLOAT, _, 4): return .float32
    case (H5T_FLOAT, _, 8): return .float64
    case (H5T_ENUM, _, 1): return .uint8
    default:
      throw HDF5Error(
        .unsupported, "read", at: path,
        found: description(of: typeClass, isSigned: isSigned, size: size),
        expected: "integers of at most 64 bits, uint64 excepted, or reals of 16, 32 or 64")
    }
  }

  private static func description(of type: H5T_class_t, isSigned: Bool, size: Int) -> String {
    let kind =
      switch type {
      case H5T_INTEGER: isSigned ? "integers" : "unsigned integers"
      case H5T_FLOAT: "reals"
      case H5T_STRING: "strings"
      case H5T_COMPOUND: "records"
      case H5T_REFERENCE: "references"
      case H5T_ENUM: "enumerations"
      case H5T_VLEN: "arrays of varying length"
      case H5T_ARRAY: "arrays"
      default: "an unknown type"
      }
    return "\(kind) of \(size) bytes"
  }

  /// Filters that files of other programs have, by their registered numbers.
  ///
  /// Source: The HDF Group, "Registered Filter Plugins".
  private static let filterNames: [H5Z_filter_t: String] = [
    4: "SZIP", 5: "N-bit", 6: "scale-offset", 307: "bzip2", 32000: "LZF", 32001: "Blosc",
    32004: "LZ4",
    32008: "bitshuffle", 32013: "ZFP", 32015: "Zstandard", 32017: "SZ", 32026: "Blosc2",
  ]

  private static func validateStorage(
    of object: hid_t, count: Int, rank: Int, at path: String, _ budget: ByteBudget
  ) throws(HDF5Error) {
    let creation = try HDF5Library.check(H5Dget_create_plist(object), "examine", at: path)
    defer { H5Pclose(creation) }
    func refuse(_ found: String, _ expected: String) -> HDF5Error {
      HDF5Error(.unsupported, "read", at: path, found: found, expected: expected)
    }

    let layout = H5Pget_layout(creation)
    guard layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED else {
      throw refuse(
        layout == H5D_VIRTUAL ? "a virtual dataset" : "an unknown layout",
        "contiguous, compact or chunked data")
    }
    guard try HDF5Library.check(H5Pget_external_count(creation), "examine", at: path) == 0 else {
      throw refuse("data in another file", "data in the file itself")
    }
    let type = try HDF5Library.check(H5Dget_type(object), "find the type of", at: path)
    defer { H5Tclose(type) }
    let elementSize = H5Tget_size(type)
    if layout != H5D_CHUNKED {
      // The library believes a damaged header that has fewer bytes than elements, and copies what
      // lies behind them. Contiguous data that nobody wrote has none.
      let stored = H5Dget_storage_size(object)
      let isUnwritten = layout == H5D_CONTIGUOUS && stored == 0
      guard isUnwritten || stored == hsize_t(count) * hsize_t(elementSize) else {
        throw HDF5Error(
          .library, "read", at: path, found: "\(stored) bytes stored",
          expected: "\(count) elements of \(elementSize)")
      }
    } else {
      var lengths = [hsize_t](repeating: 0, count: 32)
      let chunkRank = try HDF5Library.check(
        H5Pget_chunk(creation, 32, &lengths), "find the chunks of", at: path)
      guard rank > 0, rank == chunkRank else {
        throw HDF5Error(
          .library, "read", at: path, found: "chunks of \(chunkRank) axes", expected: "\(rank)")
      }
      // The library allocates whole chunks, however little of them the dataset uses.
      try budget.requireChunk(
        lengths.prefix(rank).map { Int(clamping: $0) }, of: elementSize, at: path)
    }

    let filterCount = try HDF5Library.check(H5Pget_nfilters(creation), "examine", at: path)
    for index in 0..<max(0, filterCount) {
      let filter = H5Pget_filter2(creation, UInt32(index), nil, nil, nil, 0, nil, nil)
      guard [H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32].contains(filter) else {
        let name = filterNames[filter]
        throw refuse(
          "filter number \(filter)" + (name.map { " (\($0))" } ?? ""),
          "deflate, shuffle and Fletcher-32 only; where \(name ?? "that filter") is installed, "
            + "`h5repack -f SHUF -f GZIP=4 old.h5 new.h5` rewrites the file")
      }
    }
  }
}
