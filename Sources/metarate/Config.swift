import ArgumentParser
import Experiments

/// Shows configurations.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a configuration comes to.", subcommands: [Show.self])

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
}
