/// A line of the list of keys.
public struct ReferenceRow: Sendable, Equatable {
  /// The key, with the kind in parentheses where it is one's own: `inner.optimizer(adam).beta1`.
  public let key: String
  /// The default; `—` where the key must be written, nothing where another key writes the value.
  public let standard: String
  /// What may be written, with the unit.
  public let values: String
  /// What it means.
  public let meaning: String

  /// A line of the given cells.
  package init(key: String, standard: String, values: String, meaning: String) {
    (self.key, self.standard, self.values, self.meaning) = (key, standard, values, meaning)
  }
}

extension [SettingDescription] {
  /// Every key, section by section and kind by kind; kinds that come again are not repeated.
  public func referenceRows() -> [ReferenceRow] {
    var nouns: Set<String> = []
    return rows("", &nouns)
  }

  private func rows(_ prefix: String, _ nouns: inout Set<String>) -> [ReferenceRow] {
    flatMap { setting -> [ReferenceRow] in
      let (form, key) = (setting.form(), prefix + setting.key)
      if let section = form.section, !form.isList { return section.rows(key + ".", &nouns) }
      let unit = setting.unit.map { " (\($0))" } ?? ""
      let word = setting.standard?["kind"]?.flowYAML ?? setting.standard?.flowYAML
      var rows = [
        ReferenceRow(
          key: key, standard: setting.isRequired ? "—" : word ?? "",
          values: form.values + unit, meaning: setting.meaning)
      ]
      rows += form.also.rows(key + ".", &nouns)
      if let section = form.section { rows += section.rows(key + "[].", &nouns) }
      guard let noun = form.noun, nouns.insert(noun).inserted else { return rows }
      for alternative in form.alternatives {
        if !alternative.meaning.isEmpty {
          rows.append(
            ReferenceRow(
              key: "\(key)(\(alternative.word))", standard: "", values: "",
              meaning: alternative.meaning))
        }
        rows += alternative.settings().rows("\(key)(\(alternative.word)).", &nouns)
      }
      return rows
    }
  }

  /// A file with these values, a comment above each of them that says what it means and what else
  /// may stand there.
  public func commentedYAML() -> String {
    lines(indentation: "").joined(separator: "\n") + "\n"
  }

  private func lines(indentation: String) -> [String] {
    flatMap { setting -> [String] in
      guard let value = setting.standard else { return [] }
      let form = setting.form()
      let key = "\(indentation)\(setting.key):"
      if let section = form.section, value.isMapping {
        return comment(setting.meaning.capitalized, indentation)
          + [key] + section.lines(indentation: indentation + "  ")
      }
      let about = comment("\(setting.meaning.capitalized): \(form.values)", indentation)
      let word = value["kind"]?.word
      guard let chosen = form.alternatives.first(where: { $0.word == word }), !form.isList else {
        return about + ["\(key) \(value.flowYAML)"]
      }
      let inner = indentation + "  "
      return about + [key, "\(inner)kind: \(chosen.word)"]
        + (form.also + chosen.settings()).lines(indentation: inner)
    }
  }

  /// A comment of lines that fit a screen.
  private func comment(_ text: String, _ indentation: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && indentation.count + line.count + word.count > 94 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).map { "\(indentation)# \($0)" }
  }
}

extension String {
  /// The text with a capital first letter.
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
