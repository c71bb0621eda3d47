import ArgumentParser
import Experiments

/// Shows configurations.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a configuration comes to.", subcommands: [Show.self, Keys.self])

  /// Every value and where it came from.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every value and where it came from.",
      discussion: """
        Example:
          metarate config show experiments/digits.yaml inner.steps=50
        """)

    @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
    var config: String

    @Argument(help: ArgumentHelp("Values instead of the file's.", valueName: "key=value"))
    var overrides: [String] = []

    func run() throws {
      let resolved = try ResolvedConfiguration.load(path: config, overrides: overrides)
      print(
        Table(
          [.left("key"), .left("value"), .left("from")],
          rows: resolved.entries.map { [$0.path, $0.value, "\($0.source)"] }
        ).text)
    }
  }

  /// Every key there is.
  struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints every key that a configuration may have, its default, and its kinds.",
      discussion: """
        A kind stands as a word, or as a mapping with its keys:
          metarate run CONFIG outer.schedule=cosine
          metarate run CONFIG 'outer.schedule={kind: cosine, final: 0.1}'
        hypergradient.memory may be a limit as well, such as 2 GiB. Where the default is —, there is \
        none: the key must be written, or is left out.
        """)

    func run() { print(ConfigurationKeys.text) }
  }
}
