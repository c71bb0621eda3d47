/// How large a file may be that is read, and how much data may come of it.
public struct FileLimits: Sendable, Equatable {
  /// The limits of a caller that says nothing else.
  @TaskLocal public static var current = FileLimits()
  /// The environment variable by which the command sets the limits in bytes, for messages.
  public static let variable = "METARATE_FILE_LIMIT"

  /// Bytes of the file.
  public var fileBytes: Int
  /// Bytes of all its data together, decompressed.
  public var totalBytes: Int
  /// Bytes that data may have beyond four times those of the file: a few kilobytes can say that they
  /// are gigabytes, and a decompression can make them so.
  public var expandedBytes: Int

  /// The given limits: by default 4 GiB of file and of data, and 128 MiB beyond four times the file.
  public init(
    fileBytes: Int = 1 << 32, totalBytes: Int = 1 << 32, expandedBytes: Int = 1 << 27
  ) {
    self.fileBytes = fileBytes
    self.totalBytes = totalBytes
    self.expandedBytes = expandedBytes
  }

  /// Bytes that the data of a file of some bytes may have.
  package func dataBytes(ofFile bytes: Int) -> Int {
    let (own, overflow) = bytes.multipliedReportingOverflow(by: 4)
    let (sum, overflows) = own.addingReportingOverflow(expandedBytes)
    return overflow || overflows ? totalBytes : min(totalBytes, sum)
  }
}
