/// Where a value of a configuration comes from.
public enum ConfigurationSource: Sendable, Equatable, CustomStringConvertible {
  /// Nobody gave it.
  case defaultValue
  /// A place in a file; line and column count from 1.
  case file(String, line: Int, column: Int)
  /// An override, as it was typed: `inner.steps=50`.
  case commandLine(String)

  /// `default`, `run.yaml:7` or `command line`.
  public var description: String {
    switch self {
    case .defaultValue: "default"
    case .file(let name, let line, _): "\(name):\(line)"
    case .commandLine: "command line"
    }
  }

  /// The place in full: `run.yaml:7:3` or `command line: inner.steps=50`.
  public var place: String {
    switch self {
    case .defaultValue: "default"
    case .file(let name, let line, let column): "\(name):\(line):\(column)"
    case .commandLine(let override): "command line: \(override)"
    }
  }
}

/// Why a configuration cannot be used: one line that says where, what was found, what was expected
/// and what to do.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// What kind of failure it is, for exit codes.
  public enum Kind: Sendable, Equatable {
    /// The text is wrong.
    case invalid
    /// There is no text: the file is missing or cannot be read.
    case unreadable
  }

  /// Whether the text or the file is to blame.
  public let kind: Kind
  /// Where the wrong value stands.
  public let location: ConfigurationSource
  /// Its key, such as `inner.steps`; empty for the file as a whole.
  public let path: String
  /// What was found, what was expected, what to do.
  public let message: String

  /// An error about a value, or about a file that cannot be read.
  public init(
    _ kind: Kind = .invalid, at location: ConfigurationSource, path: String, message: String
  ) {
    self.kind = kind
    self.location = location
    self.path = path
    self.message = message
  }

  /// `run.yaml:7:3: inner.steps: found …, expected …; …`
  public var description: String {
    var parts: [String]
    switch (kind, location) {
    case (.unreadable, .file(let name, _, _)): parts = [name]
    default: parts = [location.place]
    }
    if !path.isEmpty && !isNamedByLocation { parts.append(path) }
    let line = (parts + [message]).joined(separator: ": ")
    // Quoted keys and the command line can hold anything; a message is one line.
    return String(String.UnicodeScalarView(line.unicodeScalars.map { $0.breaksLines ? " " : $0 }))
  }

  /// An override already says which key it sets, and a word in it that it is the kind.
  private var isNamedByLocation: Bool {
    guard case .commandLine(let override) = location else { return false }
    return override.hasPrefix("\(path)=")
      || override.hasPrefix("\(path.removing(suffix: ".kind"))=") && !override.contains("={")
  }
}

extension String {
  fileprivate func removing(suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}

extension Unicode.Scalar {
  /// Whether a terminal would do anything but print it.
  fileprivate var breaksLines: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
