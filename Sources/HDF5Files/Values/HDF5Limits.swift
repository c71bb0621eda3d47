import Files

/// How large and deep a file may be that is read.
public struct HDF5Limits: Sendable, Equatable {
  /// The limits of a caller that says nothing else.
  public static var current: HDF5Limits { HDF5Limits(sizes: .current) }
  /// The environment variable by which the command sets the limits in bytes, for messages.
  public static var variable: String { FileLimits.variable }

  /// Bytes of the file and of its datasets.
  public var sizes: FileLimits
  /// Groups and datasets.
  public var objects: Int
  /// Groups within groups.
  public var depth: Int
  /// Attributes of one object.
  public var attributes: Int

  /// The given limits: by default 100 000 objects, 32 levels and 1000 attributes an object.
  public init(
    sizes: FileLimits = FileLimits(), objects: Int = 100_000, depth: Int = 32,
    attributes: Int = 1000
  ) {
    self.sizes = sizes
    self.objects = objects
    self.depth = depth
    self.attributes = attributes
  }

  /// Bytes of the file.
  package var fileBytes: Int { sizes.fileBytes }

  /// Bytes that the datasets of a file of some bytes may have.
  func dataBytes(ofFile bytes: Int) -> Int { sizes.dataBytes(ofFile: bytes) }
}
