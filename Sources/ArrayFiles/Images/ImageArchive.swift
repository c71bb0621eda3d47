import Files

/// Grey images in a ZIP archive of PNG files.
public enum ImageArchive {
  /// One image of an archive.
  public struct Entry: Sendable, Equatable {
    /// The folders that it lies in, from the outermost, and its name.
    public let path: [String]
    /// [height, width], from 0 for black to 1 for white, in single precision.
    public let image: NumberArray
  }

  /// Whether bytes are an archive with PNG files.
  package static func isLikely(_ bytes: [UInt8]) -> Bool {
    guard ZIPArchive.isLikely(bytes), let archive = try? ZIPArchive(bytes) else { return false }
    return archive.members.contains { path(of: $0) != nil }
  }

  /// The images of an archive in the order of their paths, each decoded and brought to its size at
  /// once; members that do not end in .png are passed over, and what macOS puts beside files.
  ///
  /// - Parameters:
  ///   - bytes: the archive.
  ///   - side: pixels of each side that images are brought to, whatever they had; nil leaves them.
  ///   - limits: how large it may be, and the images together.
  /// - Throws: `ArrayFileError` where the archive or an image is damaged, or of another kind.
  public static func decode(
    _ bytes: [UInt8], side: Int?, limits: FileLimits = .current
  ) throws(ArrayFileError) -> [Entry] {
    try ByteBudget.requireFile(bytes.count, limits)
    let archive = try ZIPArchive(bytes)
    var budget = ByteBudget(limits, fileBytes: bytes.count)
    var entries: [Entry] = []
    for member in archive.members.sorted(by: { $0.name < $1.name }) {
      guard let path = path(of: member) else { continue }
      do throws(ArrayFileError) {
        let image = try PNG.decode(try archive.contents(of: member, &budget), &budget)
        let (height, width) = (side ?? image.height, side ?? image.width)
        guard let size = ByteBudget.bytes([height, width], of: 4) else {
          throw budget.excess("\(height)×\(width) pixels")
        }
        try budget.take(size)
        entries.append(Entry(path: path, image: image.resampled(height: height, width: width)))
      } catch {
        throw error.within("image \(member.name)")
      }
    }
    return entries
  }

  /// The parts of an image's path; nil of what is none.
  private static func path(of member: ZIPArchive.Member) -> [String]? {
    guard member.name.lowercased().hasSuffix(".png") else { return nil }
    let path = member.name.split(separator: "/").map(String.init)
    return path.contains("__MACOSX") ? nil : path
  }
}
