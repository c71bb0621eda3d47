import Configurations
import Files
import Foundation

/// Golden cases in files.
package enum GoldenSuite {
  /// Files larger than this are no cases.
  private static let largestFile = 1 << 30

  /// The cases of a folder, in the order of their names.
  package static func inFolder(_ path: String) throws -> [(name: String, bytes: [UInt8])] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw DataError.unreadable(path: path, reason: "no such folder, or it cannot be read")
    }
    let cases = names.filter { $0.hasSuffix(".h5") }.sorted()
    guard !cases.isEmpty else {
      throw DataError.unreadable(path: path, reason: "no file there ends in .h5")
    }
    return try cases.map { name in
      let bytes = try RegularFile.read(
        path + "/" + name, limit: largestFile, followingLinks: true)
      return (String(name.dropLast(3)), bytes)
    }
  }
}
