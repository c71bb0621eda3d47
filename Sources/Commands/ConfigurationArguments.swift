import ArgumentParser
import Configurations
import Settings

/// The configuration that a command is about: a file, and values in place of the file's.
struct ConfigurationArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(
    help: ArgumentHelp("Values instead of the file's: inner.steps=50.", valueName: "key=value"))
  var overrides: [String] = []

  /// Reads them, for something that ends with the command.
  func load(in laboratory: Laboratory) throws -> ResolvedConfiguration {
    try ResolvedConfiguration.load(path: config, overrides: overrides, in: laboratory)
  }

  /// Reads them, for something that is kept and must mean the same files wherever it is continued.
  func loadToKeep(in laboratory: Laboratory) throws -> ResolvedConfiguration {
    try ResolvedConfiguration.load(
      path: config, overrides: overrides, in: laboratory, paths: .absolute)
  }
}
