import ArgumentParser
import Configurations
import Reports
import Settings

/// Shows configurations, and what may stand in them.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Begins a configuration, shows what one comes to, and what may stand in it.",
    subcommands: [New.self, Show.self, Keys.self, Reference.self])

  /// A starting file.
  struct New: LaboratoryCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a commented configuration to begin with, which runs as it is.",
      discussion: """
        Values are the defaults, but for the name, the rates and, for table, the file, \
        which must be yours. A comment above each \
        says what it means and what else may stand there; what is left out has its default.

        Examples:
          \(Metarate.name) config new digits > mine.yaml
          \(Metarate.name) run mine.yaml
          \(Metarate.name) config new ablation > compare.yaml
          \(Metarate.name) ablate compare.yaml
        """)

    @Argument(help: "A task, as `config keys` lists them, or ablation.")
    var kind: String

    func run(in laboratory: Laboratory) throws {
      Console.show(try StartingFile(of: kind, in: laboratory).yaml, terminator: "")
    }
  }

  /// Every value and where it came from.
  struct Show: LaboratoryCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every value and where it came from.",
      discussion: """
        Example:
          \(Metarate.name) config show experiments/digits.yaml inner.steps=50
        """)

    @OptionGroup var given: ConfigurationArguments

    func run(in laboratory: Laboratory) throws {
      let resolved = try given.load(in: laboratory)
      Console.show(
        Table(
          [.left("key"), .left("value"), .left("from")],
          rows: resolved.entries.map { [$0.path, $0.value, "\($0.source)"] }
        ).text)
    }
  }

  /// Every key there is.
  struct Keys: LaboratoryCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every key that a configuration may have, or those that contain a text.",
      discussion: """
        A kind stands as a word, or as a mapping with its keys:
          \(Metarate.name) run CONFIG outer.schedule=cosine
          \(Metarate.name) run CONFIG 'outer.schedule={kind: cosine, final: 0.1}'
        Keys of a kind are listed once, where the kind may stand first. Where the default is —, the \
        key must be written.

        Examples:
          \(Metarate.name) config keys
          \(Metarate.name) config keys optimizer
        """)

    @Argument(help: ArgumentHelp("Print only keys that contain it.", valueName: "text"))
    var filter: String?

    func run(in laboratory: Laboratory) throws {
      let rows = ConfigurationReference(laboratory).rows.filter { row in
        filter.map { row.key.lowercased().contains($0.lowercased()) } ?? true
      }
      guard !rows.isEmpty else {
        throw ValidationError("no key contains \"\(filter ?? "")\"; leave it out to see all")
      }
      Console.show(ConfigurationReference.table(rows).text)
    }
  }

  /// The reference page.
  struct Reference: LaboratoryCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the list of keys as a page in Markdown.",
      discussion: """
        Example:
          \(Metarate.name) config reference > experiments/settings.md
        """)

    func run(in laboratory: Laboratory) {
      Console.show(ConfigurationReference(laboratory).markdown, terminator: "")
    }
  }
}
