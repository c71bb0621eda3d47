import Settings

/// A value from the command line: `inner.steps=50`.
struct Override {
  /// What it says.
  let change: Change

  /// More than any key has.
  private static let mostKeys = 16

  /// Reads a key, an equals sign and a value in YAML.
  init(_ text: String) throws(ConfigurationError) {
    let source = ConfigurationSource.commandLine(text)
    guard let equals = text.firstIndex(of: "=") else {
      throw ConfigurationError(
        at: source, path: "",
        message: "found no \"=\", expected key=value; write for example inner.steps=50")
    }
    let keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(
      String.init)
    guard keys.count <= Override.mostKeys else {
      throw ConfigurationError(
        at: .commandLine(String(text.prefix(60)) + "…"), path: "",
        message: "found a key of \(keys.count) words, expected at most \(Override.mostKeys)")
    }
    guard keys.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) else {
      throw ConfigurationError(
        at: source, path: "",
        message: "found the key \"\(text[..<equals])\", expected words joined by points; write for "
          + "example inner.steps=50")
    }
    let valueText = String(text[text.index(after: equals)...])
    guard !valueText.allSatisfy(\.isWhitespace) else {
      throw ConfigurationError(
        at: source, path: "",
        message: "found nothing after \"=\", expected a value; write null for the default")
    }
    change = Change(
      String(text[..<equals]),
      try ConfigurationNode(yaml: valueText, path: String(text[..<equals])) { _, _ in source })
  }
}
