import Files

/// NumPy's format of arrays by name: a ZIP archive of .npy files.
public enum NPZ {
  /// Whether a file begins as .npz does.
  package static func isLikely(_ bytes: [UInt8]) -> Bool { ZIPArchive.isLikely(bytes) }

  /// Whether an archive holds Python objects, as `torch.save` writes them, rather than arrays.
  package static func isPickled(_ bytes: [UInt8]) throws(ArrayFileError) -> Bool {
    try ZIPArchive(bytes).members.contains { $0.name.hasSuffix(".pkl") }
  }

  /// A member that is a text; nil where there is none.
  package static func text(
    _ name: String, of bytes: [UInt8], limits: FileLimits = .current
  ) throws(ArrayFileError) -> String? {
    let archive = try ZIPArchive(bytes)
    guard let member = archive.members.first(where: { $0.name == name }) else { return nil }
    var budget = ByteBudget(limits, fileBytes: bytes.count)
    return String(decoding: try archive.contents(of: member, &budget), as: UTF8.self)
  }

  /// The names of a file's arrays, in its order.
  public static func names(
    _ bytes: [UInt8], limits: FileLimits = .current
  ) throws(ArrayFileError) -> [String] {
    try ByteBudget.requireFile(bytes.count, limits)
    return try ZIPArchive(bytes).members.compactMap { name(of: $0) }
  }

  /// The arrays of a file by their names; members that do not end in .npy are passed over.
  ///
  /// - Parameters:
  ///   - bytes: the file, as `numpy.savez` or `numpy.savez_compressed` writes it.
  ///   - selection: the names of the arrays to read, of those that are there; nil reads all.
  ///   - limits: how large it may be.
  /// - Throws: `ArrayFileError` where it is damaged, or has elements that are neither numbers nor texts.
  public static func decode(
    _ bytes: [UInt8], selection: Set<String>? = nil, limits: FileLimits = .current
  ) throws(ArrayFileError) -> [String: ArrayValue] {
    try ByteBudget.requireFile(bytes.count, limits)
    let archive = try ZIPArchive(bytes)
    var budget = ByteBudget(limits, fileBytes: bytes.count)
    var arrays: [String: ArrayValue] = [:]
    for member in archive.members {
      guard let name = name(of: member), selection?.contains(name) != false else { continue }
      do throws(ArrayFileError) {
        arrays[name] = try NPY.decode(
          try archive.contents(of: member, &budget),
          limits: FileLimits(fileBytes: .max, totalBytes: .max, expandedBytes: 0))
      } catch {
        throw error.within("array \(name)")
      }
    }
    return arrays
  }

  private static func name(of member: ZIPArchive.Member) -> String? {
    member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : nil
  }

  /// The bytes of a file of arrays, stored without compression and in the order of their names: equal
  /// arrays give equal bytes.
  ///
  /// - Parameters:
  ///   - arrays: by name.
  ///   - texts: members besides, such as `metadata.json`, which `numpy.load` gives as bytes.
  /// - Throws: `ArrayFileError` for bfloat16, which NumPy does not have, and above 4 GiB.
  public static func encode(
    _ arrays: [String: NumberArray], texts: [String: String] = [:]
  ) throws(ArrayFileError) -> [UInt8] {
    var files: [(name: String, bytes: [UInt8])] = texts.sorted { $0.key < $1.key }
      .map { ($0.key, Array($0.value.utf8)) }
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
      do throws(ArrayFileError) {
        files.append(("\(name).npy", try NPY.encode(array)))
      } catch {
        throw error.within("array \(name)")
      }
    }
    return try ZIPArchive.encode(files)
  }
}
