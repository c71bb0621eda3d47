/// What may be written for a value, for lists of keys and starting files.
public struct FormDescription: Sendable {
  /// In words, as errors say it after "expected".
  public internal(set) var values: String
  /// What is chosen, with its article; nil where nothing is.
  public internal(set) var noun: String?
  /// What is chosen among.
  public internal(set) var alternatives: [AlternativeDescription] = []
  /// Settings that every alternative has besides its own.
  public internal(set) var also: [SettingDescription] = []
  /// The settings of a section; nil where the value is none.
  public internal(set) var section: [SettingDescription]?
  /// Whether the value is a list of such values.
  public internal(set) var isList = false

  init(values: String, noun: String? = nil, alternatives: [AlternativeDescription] = []) {
    (self.values, self.noun, self.alternatives) = (values, noun, alternatives)
  }

  init(section settings: [SettingDescription]) {
    values = "a mapping of \(Suggestion.list(settings.map(\.key)))"
    section = settings
  }

  /// The words that are chosen among.
  public var words: [String] { alternatives.map(\.word) }

  /// The same, or a word.
  func or(_ word: String) -> FormDescription {
    var copy = self
    copy.values += ", or \(word)"
    return copy
  }

  var listed: FormDescription {
    var copy = self
    copy.values = "a list, each " + values
    copy.isList = true
    return copy
  }

  /// The same alternatives with settings that each has besides its own.
  func adding(_ settings: [SettingDescription]) -> FormDescription {
    var copy = self
    copy.also = settings
    return copy
  }
}

/// One of the words of a choice.
public struct AlternativeDescription: Sendable {
  /// The word.
  public let word: String
  /// What it means; empty where the word says it.
  public let meaning: String
  /// Its settings, asked for one level at a time: kinds may contain themselves.
  public let settings: @Sendable () -> [SettingDescription]
}

/// A setting with its default.
public struct SettingDescription: Sendable {
  /// Its key.
  public let key: String
  /// One sentence, without a full stop.
  public let meaning: String
  /// What its numbers count.
  public let unit: String?
  /// The default, or an example where it must be written; nil where another setting writes it.
  public let standard: ConfigurationNode?
  /// Whether it must be written.
  public let isRequired: Bool
  /// What may be written; asked for one level at a time.
  public let form: @Sendable () -> FormDescription
}

extension Configurable {
  /// Reads a value from a tree, as strictly as a file: unknown keys, wrong types and impossible
  /// values are errors.
  ///
  /// - Parameters:
  ///   - node: the tree.
  ///   - laboratory: the kinds that it may name.
  ///   - standard: the value where nothing is written.
  ///   - paths: what becomes of the paths of files.
  public static func read(
    _ node: ConfigurationNode, in laboratory: Laboratory, standard: Self,
    paths: FilePaths = .asWritten
  ) throws(ConfigurationError) -> Self {
    let context = ReadingContext(
      laboratory: laboratory, paths: paths,
      sectionKeys: { standard.sectionKeys(laboratory) })
    let section = try Section(node, path: "", keys: schema.keys, context)
    return try schema.reading(section, into: standard, context)
  }

  /// The tree with every value spelled out, which reads as this value.
  public var node: ConfigurationNode { .map(Self.schema.entries(self)) }

  /// The settings, with this value's as their defaults.
  public func settings(in laboratory: Laboratory) -> [SettingDescription] {
    Self.schema.descriptions(self, laboratory)
  }

  /// What the type means: one sentence, without a full stop.
  public static var meaning: String { schema.meaning }

  private func sectionKeys(_ laboratory: Laboratory) -> [(section: String, key: String)] {
    func keys(_ settings: [SettingDescription], _ path: String) -> [(String, String)] {
      settings.map { (path, $0.key) }
        + settings.flatMap { setting in
          setting.form().section.map { keys($0, path.appending(key: setting.key)) } ?? []
        }
    }
    return keys(settings(in: laboratory), "")
  }
}
