import Configurations
import Experiments
import Foundation
import Settings
import Testing

/// What earlier releases wrote, and what stands in the repository, is read.
@Suite("Configurations that exist")
struct OldConfigurationTests {
  private static func files(_ folder: String, _ isOne: (String) -> Bool) -> [String] {
    let names = FileManager.default.enumerator(
      at: Repository.folder.appending(path: folder), includingPropertiesForKeys: nil)
    return (names?.allObjects as? [URL] ?? []).map(\.path).filter(isOne).sorted()
  }

  private static let written = files("Tests/golden-runs") {
    $0.hasSuffix("/run/configuration.yaml")
  }
  private static let experiments = files("experiments") { $0.hasSuffix(".yaml") }

  @Test("files of release 0.1.0's runs are read, and nothing in them is changed")
  func release() throws {
    #expect(OldConfigurationTests.written.count >= 4)
    for path in OldConfigurationTests.written {
      try expectUnchanged(String(contentsOfFile: path, encoding: .utf8))
    }
  }

  @Test("texts in checkpoints of release 0.1.0 are read, and nothing in them is changed")
  func canonicalTexts() throws {
    let texts = textsOfRelease010.split(separator: "\n")
    #expect(texts.count > 40)
    for text in texts { try expectUnchanged(String(text)) }
  }

  @Test("the experiments' files are read, and what is written of them reads the same")
  func experiments() throws {
    #expect(OldConfigurationTests.experiments.count >= 6)
    for path in OldConfigurationTests.experiments {
      let read = try ResolvedConfiguration.load(path: path).configuration
      #expect(try RunConfiguration(json: read.canonicalJSON, in: .standard) == read)
    }
  }

  private func expectUnchanged(_ text: String) throws {
    // What is read by a former word is written by the present one.
    let present = text.replacing(
      /"granularity": ?"row"/, with: "\"granularity\":\"outputUnit\""
    ).replacing(/"kind": ?"hdf5"/, with: "\"kind\":\"table\"")
    let node = try ConfigurationNode(yaml: present) { .file("old", line: $0, column: $1) }
    let read = try ResolvedConfiguration.parse(yaml: text, name: "old").configuration
    #expect(node.differences(from: read.node, "") == [])
    #expect(try RunConfiguration(json: read.canonicalJSON, in: .standard) == read)
  }
}

extension ConfigurationNode {
  /// Paths of values that are others in another tree, which may have more.
  fileprivate func differences(from other: ConfigurationNode?, _ path: String) -> [String] {
    guard let other else { return [path] }
    switch (content, other.content) {
    case (.mapping(let entries), _):
      return entries.flatMap {
        $0.value.differences(from: other[$0.key], path.appending(key: $0.key))
      }
    case (.list(let items), .list(let others)) where items.count == others.count:
      return zip(items, others).enumerated().flatMap {
        $1.0.differences(from: $1.1, "\(path)[\($0)]")
      }
    // A word stands for a kind, whatever settings it has got since.
    case (_, .mapping): return differences(from: other["kind"], path)
    case (.plain(let text), .plain(let another)) where text == another: return []
    case (_, .quoted(let text)) where word == text: return []
    default: return [path]
    }
  }
}
