import CHDF5
import Files

/// HDF5 files as bytes in memory: what is hashed is what is parsed, and the library never writes
/// to a disk.
///
/// A write that fails inside the library (a full disk) leaves its file open and crashes the process
/// when it exits; so files are built in memory, and somebody else puts the bytes on the disk.
public enum HDF5Image {
  /// The bytes of a file with the contents of a tree; equal trees give equal bytes.
  ///
  /// The format is HDF5 1.10's: its metadata carry checksums. Arrays are stored in chunks with a
  /// Fletcher-32 checksum, scalars in their checksummed headers, so that a flipped bit in the data
  /// is an error to every reader. There are no time stamps. Named axes become dimension scales.
  public static func encode(_ tree: HDF5Tree) throws(HDF5Error) -> [UInt8] {
    try tree.validate()
    return try HDF5Library.exclusively { name throws(HDF5Error) in
      let access = try memoryAccess(growingBy: growth(of: tree))
      defer { H5Pclose(access) }
      try HDF5Library.check(
        H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110), "choose the format of",
        at: "/")
      let creation = try HDF5Library.check(chdf5_file_creation(), "describe", at: "/")
      defer { H5Pclose(creation) }
      try HDF5Library.check(
        H5Pset_obj_track_times(creation, false), "leave time stamps out of", at: "/")
      try TreeWriter.keepChecked(creation, at: "/")

      let file = try HDF5Library.check(
        chdf5_create_truncating(name, creation, access), "create", at: "/")
      defer { H5Fclose(file) }
      try TreeWriter(file: file, tree: tree).write()
      try HDF5Library.check(H5Fflush(file, H5F_SCOPE_GLOBAL), "flush", at: "/")
      var bytes = try image(of: file)
      Superblock.correctChecksum(of: &bytes)
      return bytes
    }
  }

  /// The contents of a file that is in memory.
  ///
  /// Only hard links, contiguous, compact or chunked layouts without external storage, and the
  /// filters deflate, shuffle and Fletcher-32 are accepted; anything else is a typed error, as is
  /// damage. Types without a counterpart widen to the next: booleans to `uint8`, 8- and 16-bit
  /// integers to `int32`, `uint32` to `int64`, half precision to `float32`. Attributes that are not
  /// one integer, real number or string of fixed length are left out.
  ///
  /// The library reads in a process of its own (`ReadingProcess`), which no file can lead further than
  /// to its end.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - selection: the paths of the datasets and groups to read from a user's file, so that it
  ///     does not matter what else is there; nil reads all. Attributes and names of axes are then
  ///     left out, because in the older formats, which have no checksums and which h5py writes by
  ///     default, damage there is what the library (1.10) is likeliest to crash by.
  ///   - limits: how large and deep the file may be.
  public static func decode(
    _ bytes: [UInt8], selection: [String]? = nil, limits: HDF5Limits = .current
  ) throws(HDF5Error) -> HDF5Tree {
    try isolated(bytes, limits) { name throws(HDF5Error) in
      var reader = TreeReader(selection: selection, limits: limits, fileBytes: bytes.count)
      return DecodedFile(tree: try read(bytes, named: name, with: &reader))
    }.tree
  }

  /// The contents of a file that this program itself contains, which needs no process of its own.
  package static func decode(embedded bytes: [UInt8]) throws(HDF5Error) -> HDF5Tree {
    try HDF5Library.exclusively { name throws(HDF5Error) in
      var reader = TreeReader(selection: nil, limits: HDF5Limits(), fileBytes: bytes.count)
      return try read(bytes, named: name, with: &reader)
    }
  }

  /// What can be read of the file at a path, whoever wrote it, and why the rest cannot.
  ///
  /// - Throws: where nothing can.
  public static func survey(
    path: String, limits: HDF5Limits = .current
  ) throws(HDF5Error) -> (tree: HDF5Tree, passedOver: [HDF5Error]) {
    let bytes = try bytes(of: path, limits)
    let file = try isolated(bytes, limits) { name throws(HDF5Error) in
      var reader = TreeReader(
        selection: nil, limits: limits, fileBytes: bytes.count, passesOver: true)
      let tree = try read(bytes, named: name, with: &reader)
      return DecodedFile(tree: tree, passedOver: reader.passedOver)
    }
    return (file.tree, file.passedOver)
  }

  private static func isolated(
    _ bytes: [UInt8], _ limits: HDF5Limits, _ work: (String) throws(HDF5Error) -> DecodedFile
  ) throws(HDF5Error) -> DecodedFile {
    guard bytes.count <= limits.fileBytes else {
      throw HDF5Error(
        .limit, "open", at: "/", found: "\(bytes.count) bytes",
        expected: "at most \(limits.fileBytes); \(HDF5Limits.variable) sets another limit")
    }
    guard !bytes.isEmpty else {
      throw HDF5Error(.library, "open", at: "/", found: "no bytes", expected: "an HDF5 file")
    }
    return try ReadingProcess.answer(fileBytes: bytes.count, limits, work)
  }

  private static func read(
    _ bytes: [UInt8], named name: String, with reader: inout TreeReader
  ) throws(HDF5Error) -> HDF5Tree {
    let access = try memoryAccess()
    defer { H5Pclose(access) }
    let status = bytes.withUnsafeBytes { buffer in
      // The library copies the image, and never writes to it, whatever its signature says.
      H5Pset_file_image(
        access, UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
    }
    try HDF5Library.check(status, "copy", at: "/")
    let file = try HDF5Library.check(chdf5_open_reading(name, access), "open", at: "/")
    defer { H5Fclose(file) }
    return try reader.read(file)
  }

  /// The contents of the file at a path, which may be a symbolic link.
  public static func decode(
    path: String, selection: [String]? = nil, limits: HDF5Limits = .current
  ) throws(HDF5Error) -> HDF5Tree {
    try decode(try bytes(of: path, limits), selection: selection, limits: limits)
  }

  private static func bytes(
    of path: String, _ limits: HDF5Limits
  ) throws(HDF5Error) -> [UInt8] {
    do {
      return try RegularFile.read(path, limit: limits.fileBytes, followingLinks: true)
    } catch {
      throw HDF5Error(
        error.isRefusal ? .refused : .file, error.operation, at: path, found: error.reason,
        expected: "an HDF5 file")
    }
  }

  /// Access to a file in memory that is never put on a disk, and whose every object closes with it.
  ///
  /// - Parameter growth: the bytes that the memory grows by.
  private static func memoryAccess(growingBy growth: Int = 1 << 16) throws(HDF5Error) -> hid_t {
    let access = try HDF5Library.check(chdf5_file_access(), "describe access to", at: "/")
    do throws(HDF5Error) {
      try HDF5Library.check(H5Pset_fapl_core(access, growth, false), "keep in memory", at: "/")
      try HDF5Library.check(
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "arrange to close", at: "/")
    } catch {
      H5Pclose(access)
      throw error
    }
    return access
  }

  /// What the memory of a file grows by. Each time may move all that is there, so that a large file
  /// grows in few steps.
  private static func growth(of tree: HDF5Tree) -> Int {
    let bytes = tree.datasets.values.reduce(0) { $0 + $1.bytes.count }
    return max(1 << 16, bytes / 16)
  }

  private static func image(of file: hid_t) throws(HDF5Error) -> [UInt8] {
    let size = try HDF5Library.check(H5Fget_file_image(file, nil, 0), "measure", at: "/")
    var status = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      status = H5Fget_file_image(file, buffer.baseAddress, size)
      count = status < 0 ? 0 : size
    }
    try HDF5Library.check(status, "take the image of", at: "/")
    return bytes
  }
}
