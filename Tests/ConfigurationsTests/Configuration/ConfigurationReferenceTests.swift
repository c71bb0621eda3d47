import Configurations
import Experiments
import Foundation
import MetaLearning
import Settings
import Testing

@Suite("The list of keys")
struct ConfigurationReferenceTests {
  private let rows = ConfigurationReference(.standard).rows

  @Test("has every value of a configuration under its key or its kind's")
  func isComplete() throws {
    // Keys of a kind are listed once, where the kind may stand first.
    let keys = Set(rows.map { $0.key.replacing(/\([A-Za-z0-9]+\)/, with: "") })
    let resolved = try ResolvedConfiguration.parse(
      yaml: "name: a\ntask: digits\ninner: { online: {} }", name: "a.yaml")
    for entry in resolved.entries {
      let path = entry.path.replacing(/\[[0-9]+\]|\.kind$/, with: "")
      let parts = path.split(separator: ".")
      let (owner, key) = (parts.dropLast().joined(separator: "."), parts.last ?? "")
      let isOfKind = keys.contains(owner) && keys.contains { $0.hasSuffix(".\(key)") }
      let isOfValue = rows.contains { $0.key == owner && $0.values.contains("{ \(key): …") }
      #expect(keys.contains(path) || isOfKind || isOfValue, "\(path)")
    }
  }

  @Test("names kinds with their keys, and defaults")
  func kinds() {
    for key in [
      "rates.parameterization(sigmoid).maximum", "inner.optimizer(adam).epsilonRoot",
      "outer.optimizer.rate", "hypergradient.estimator(evolution).deviation",
      "inner.schedule(sequence).parts.for", "rates.initial(checkpoint).state",
      "checkpoint.every", "inner.scalars(checkpoint).file", "ablation.arms",
    ] {
      #expect(rows.count { $0.key == key } == 1, "\(key)")
    }
    #expect(
      rows.first { $0.key == "inner.steps" }
        == ReferenceRow(
          key: "inner.steps", standard: "100", values: "a whole number from 1 (steps)",
          meaning: "steps of a run"))
    #expect(rows.count { $0.key == "task" } == 1)
    #expect(Set(rows.map(\.key)).count == rows.count)
  }

  @Test("is the page of the experiments")
  func isPage() throws {
    let page = Repository.folder.appending(path: "experiments/settings.md")
    let text = try? String(contentsOf: page, encoding: .utf8)
    let isSame = text == ConfigurationReference(.standard).markdown
    #expect(isSame, "the page is behind: metarate config reference > experiments/settings.md")
  }
}

@Suite("Starting files")
struct StartingFileTests {
  @Test(
    "read as the configuration that they were made from",
    arguments: Laboratory.standard.tasks.words + ["ablation"])
  func reads(_ word: String) throws {
    let yaml = try StartingFile(of: word, in: .standard).yaml
    let read = try ResolvedConfiguration.parse(yaml: yaml, name: "\(word).yaml").configuration
    let task = Laboratory.standard.tasks[word] ?? DigitsKind()
    var expected = RunConfiguration(name: "my-\(word)", task: task)
    expected.rates.initial = UniformRates(rate: task.stableRate)
    if word != "ablation", !task.bringsItsModel {
      expected.model = task.startingModel
      expected.rates.granularity = .tensor
      expected.rates.time = .knots(5)
      expected.rates.offsets = [RateOffset(granularity: .parameter, decay: 0.1)]
    }
    #expect(read == expected)
    #expect(yaml.contains("\nablation:") == (word == "ablation"))
    #expect(yaml.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("spell out every setting, each under a comment")
  func comments() throws {
    let lines = try StartingFile(of: "digits", in: .standard).yaml.split(separator: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    for (line, above) in zip(lines.dropFirst(), lines) where !line.hasPrefix("#") {
      #expect(above.hasPrefix("#") || line.hasPrefix("kind:"), "\(above) / \(line)")
    }
    for key in ["name", "inner", "steps", "batch", "online", "scalars", "every", "precision"] {
      #expect(lines.contains { $0.hasPrefix("\(key):") }, "\(key)")
    }
  }

  @Test("words that are no task are refused, with what may be meant")
  func refuses() {
    func refusal(_ word: String) -> String? {
      do {
        _ = try StartingFile(of: word, in: .standard)
        return nil
      } catch { return error.message }
    }
    #expect(
      refusal("digit")
        == "found the text \"digit\", expected a task or ablation: "
        + Suggestion.list(Laboratory.standard.tasks.words + ["ablation"])
        + "; did you mean \"digits\"?")
    #expect(refusal("zebra")?.contains("did you mean") == false)
  }
}

/// The repository that these tests stand in.
enum Repository {
  /// Its folder.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardizedFileURL
}
