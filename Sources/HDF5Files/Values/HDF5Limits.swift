/// Sizes above which a file is refused before memory is asked for.
public struct HDF5Limits: Sendable, Equatable {
  /// Bytes of the file.
  public var fileBytes: Int
  /// Bytes of all datasets together, decompressed.
  public var totalBytes: Int
  /// Groups and datasets.
  public var objects: Int
  /// Groups within groups.
  public var depth: Int
  /// Attributes of one object.
  public var attributes: Int

  /// The given limits: by default 4 GiB of file and of data, 100 000 objects, 32 levels and 1000
  /// attributes an object.
  public init(
    fileBytes: Int = 1 << 32, totalBytes: Int = 1 << 32, objects: Int = 100_000, depth: Int = 32,
    attributes: Int = 1000
  ) {
    self.fileBytes = fileBytes
    self.totalBytes = totalBytes
    self.objects = objects
    self.depth = depth
    self.attributes = attributes
  }
}
