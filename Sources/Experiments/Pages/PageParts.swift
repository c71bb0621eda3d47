import Configurations
import Foundation
import Reports
import Settings

/// Parts that pages of several kinds have.
enum PageParts {
  /// The pictures of a folder, in the order of their names.
  static func pictures(in folder: RunFolder, _ page: inout Page) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.figures)) ?? []
    return names.filter { $0.hasSuffix(".svg") }.sorted().map { name in
      let svg = FileManager.default.contents(atPath: "\(folder.figures)/\(name)") ?? Data()
      let caption = name.dropLast(4).replacing("-", with: " ")
      return page.picture(svg: String(decoding: svg, as: UTF8.self), caption: String(caption))
    }.joined()
  }

  /// What the experiment is to show, where its configuration says so.
  static func claim(_ configuration: RunConfiguration) -> String {
    configuration.claim.map {
      HTML.element("p", "", HTML.element("strong", "", "To show:") + " " + HTML.escaped($0)) + "\n"
    } ?? ""
  }

  /// Every setting, and whether it is what a configuration has that says nothing of it.
  static func settings(_ configuration: RunConfiguration, in laboratory: Laboratory) -> String {
    let standard = SettingList(
      RunConfiguration(
        name: configuration.name,
        task: laboratory.tasks[configuration.task.word] ?? configuration.task))
    let rows = SettingList(configuration).entries.map { entry in
      [
        entry.key, entry.value,
        standard[entry.key] == entry.value && entry.key != "name" ? "default" : "set",
      ]
    }
    return Table([.left("setting"), .left("value"), .left("origin")], rows: rows)
      .html(caption: "Settings; a default is what holds where nothing is written")
  }

  /// How to compute it again, and where and with what it was computed.
  static func provenance(in folder: RunFolder) -> String {
    guard let last = try? Provenance.facts(in: folder) else {
      return HTML.paragraph("There is no provenance.json.")
    }
    let sessions = (last["earlier"] as? [[String: Any]])?.count
    let facts = Provenance.first(of: last)
    let command = (facts["command"] as? [String] ?? []).map(quoted).joined(separator: " ")
    let rows =
      facts.sorted { $0.key < $1.key }.filter { !["command", "earlier"].contains($0.key) }
      .map { key, value -> [String] in
        let text =
          (value as? [String: String]).map { files in
            files.isEmpty
              ? "none"
              : files.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: "; ")
          } ?? "\(value)"
        return [key.replacing("_", with: " "), text]
      } + (sessions.map { [["sessions that went on with it", "\($0)"]] } ?? [])
    return (command.isEmpty ? "" : HTML.element("pre", "tabindex=\"0\"", HTML.escaped(command)))
      + "\n"
      + Table([.left("fact"), .left("value")], rows: rows)
      .html(caption: "Where and with what it was computed; of files their SHA-256")
  }

  /// A word of a shell.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+".contains($0) }
    return plain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }

  /// When it was begun, by its provenance; nil where nothing says so.
  static func date(in folder: RunFolder) -> String? {
    ((try? Provenance.facts(in: folder)).map(Provenance.first)?["started"] as? String).map {
      String($0.prefix(10))
    }
  }
}
