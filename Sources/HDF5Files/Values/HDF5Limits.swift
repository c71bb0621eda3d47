/// How large and deep a file may be that is read.
public struct HDF5Limits: Sendable, Equatable {
  /// The limits of a caller that says nothing else.
  @TaskLocal public static var current = HDF5Limits()
  /// The environment variable by which the command sets the limits in bytes, for messages.
  public static let variable = "METARATE_FILE_LIMIT"

  /// Bytes of the file.
  public var fileBytes: Int
  /// Bytes of all datasets together, decompressed.
  public var totalBytes: Int
  /// Bytes that datasets may have beyond four times those of the file: a few kilobytes can say that
  /// they are gigabytes, and a filter can make them so.
  public var expandedBytes: Int
  /// Groups and datasets.
  public var objects: Int
  /// Groups within groups.
  public var depth: Int
  /// Attributes of one object.
  public var attributes: Int

  /// The given limits: by default 4 GiB of file and of data, 128 MiB beyond four times the file, 100 000
  /// objects, 32 levels and 1000 attributes an object.
  public init(
    fileBytes: Int = 1 << 32, totalBytes: Int = 1 << 32, expandedBytes: Int = 1 << 27,
    objects: Int = 100_000, depth: Int = 32, attributes: Int = 1000
  ) {
    self.fileBytes = fileBytes
    self.totalBytes = totalBytes
    self.expandedBytes = expandedBytes
    self.objects = objects
    self.depth = depth
    self.attributes = attributes
  }

  /// Bytes that the datasets of a file of some bytes may have.
  func dataBytes(ofFile bytes: Int) -> Int {
    let (own, overflow) = bytes.multipliedReportingOverflow(by: 4)
    return overflow ? totalBytes : min(totalBytes, own.addingSaturating(expandedBytes))
  }
}

extension Int {
  fileprivate func addingSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
