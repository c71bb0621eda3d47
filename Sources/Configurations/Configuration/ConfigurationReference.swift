import MetaLearning
import Reports
import Settings

/// Every key that a configuration may have, with default, values and meaning.
package struct ConfigurationReference: Sendable {
  /// A row a key, section by section and kind by kind.
  package let rows: [ReferenceRow]

  /// The keys of configurations that may name the kinds of a laboratory.
  package init(_ laboratory: Laboratory) {
    rows = RunConfiguration.standard.settings(in: laboratory).referenceRows()
  }

  /// Rows as a table.
  package static func table(_ rows: [ReferenceRow]) -> Table {
    Table(
      [.left("key"), .left("default"), .left("values"), .left("meaning")],
      rows: rows.map { [$0.key, $0.standard, $0.values, $0.meaning] })
  }

  /// The reference page.
  package var markdown: String {
    """
    # Settings

    Every key that a configuration may have. This page is printed by `metarate config reference`; a
    test holds it to what the program reads.

    A kind stands as a word, or as a mapping with its keys: `schedule: cosine`, or
    `schedule: { kind: cosine, final: 0.1 }`. Keys of a kind, written `key(kind).name`, are listed
    once, where the kind may stand first; those of a list's entries are written `key[].name`. Where the
    default is —, the key must be written.

    \(Self.table(rows.map(\.escaped)).markdown)
    """
  }
}

extension ReferenceRow {
  /// The row with what Markdown would take for the end of a cell escaped.
  fileprivate var escaped: ReferenceRow {
    func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
    return ReferenceRow(
      key: key.isEmpty ? "" : "`\(key)`", standard: escaped(standard), values: escaped(values),
      meaning: escaped(meaning))
  }
}

/// A commented configuration to begin with.
package struct StartingFile {
  /// The file.
  package let yaml: String

  /// The file of a task's word, or of `ablation`.
  ///
  /// - Throws: `ConfigurationError` for a word that is neither.
  package init(of word: String, in laboratory: Laboratory) throws(ConfigurationError) {
    let isAblation = word == Self.ablation
    guard let task = isAblation ? laboratory.tasks.members.first : laboratory.tasks[word] else {
      let known = laboratory.tasks.words + [Self.ablation]
      throw ConfigurationNode.text(word).wrong(
        at: "", expected: "a task or ablation: \(Suggestion.list(known))",
        advice: Suggestion.nearest(to: word, among: known).map { "did you mean \"\($0)\"?" })
    }
    var configuration = RunConfiguration(name: "my-\(word)", task: task)
    configuration.rates.initial = UniformRates(rate: task.stableRate)
    let isOfAModel = !isAblation && !task.bringsItsModel
    if isOfAModel {
      configuration.model = task.startingModel
      configuration.rates.granularity = .tensor
      configuration.rates.time = .knots(5)
      configuration.rates.offsets = [RateOffset(granularity: .parameter, decay: 0.1)]
    }
    let settings = configuration.settings(in: laboratory)
      .filter { isAblation || $0.key != Self.ablation }
    yaml =
      "# \(type(of: task).meaning.prefix(1).uppercased())\(type(of: task).meaning.dropFirst()).\n"
      + (isOfAModel
        ? "# Values are the defaults, but for the name and the rates: one for each tensor, which changes\n"
          + "# along lines between five knots, and what a parameter's may differ by, where that pays.\n"
        : "# Values are the defaults, but for the name and the rate to start from.\n")
      + "# Change what you like, leave out what you do not.\n"
      + settings.commentedYAML()
  }

  private static let ablation = "ablation"
}
