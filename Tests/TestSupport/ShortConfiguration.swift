import Configurations
import Experiments
import Settings

/// A configuration that only adds some lines to the shortest one.
package func shortConfiguration(
  _ lines: String = "", task: String = "digits", overrides: [String] = []
) throws(ConfigurationError) -> RunConfiguration {
  try ResolvedConfiguration.parse(
    yaml: "name: a\ntask: \(task)\n" + lines, name: "run.yaml", overrides: overrides
  ).configuration
}

extension TestFolder {
  /// A file of a configuration that only adds some lines to the shortest one.
  package func configurationFile(_ lines: String) throws -> String {
    let file = path + "/a.yaml"
    try Array("name: a\ntask: digits\n\(lines)\n".utf8).write(to: file)
    return file
  }
}

/// A kind with its settings as configurations write them: kinds of a family are of many types, and
/// cannot be compared themselves.
package func written(_ kind: any Kind) -> String { "\(kind.word) \(kind.node.flowYAML)" }

/// Several kinds.
package func written(_ kinds: [any Kind]) -> [String] { kinds.map { written($0) } }
