/// One of the values of a choice: its word, and the settings that it has.
public struct Alternative<Value: Sendable>: Sendable {
  let word: String
  /// Words that older files may have for it.
  private(set) var formerWords: [String] = []
  let meaning: String
  let keys: @Sendable () -> [String]
  /// Reads the settings; defaults are the given value's, where it is of this alternative.
  let read: @Sendable (Section, Value?, ReadingContext) throws(ConfigurationError) -> Value
  /// The settings as they are written; nil where the value is another alternative.
  let write: @Sendable (Value) -> [(String, ConfigurationNode)]?
  let describe: @Sendable (Value?, Laboratory) -> [SettingDescription]

  /// A word for one value.
  public init(_ word: String, _ value: Value, _ meaning: String) where Value: Equatable {
    (self.word, self.meaning) = (word, meaning)
    keys = { [] }
    read = { _, _, _ throws(ConfigurationError) in value }
    write = { $0 == value ? [] : nil }
    describe = { _, _ in [] }
  }

  /// A case of an enumeration with settings, which set a payload.
  ///
  /// - Parameters:
  ///   - word: what configurations call the case.
  ///   - standard: the payload where nothing is written.
  ///   - meaning: one sentence, without a full stop.
  ///   - settings: what may stand beside the word.
  ///   - value: the case of a payload.
  ///   - payload: the payload of a case; nil for other cases.
  public init<Payload: Sendable>(
    _ word: String, _ standard: Payload, _ meaning: String, _ settings: Setting<Payload>...,
    value: @escaping @Sendable (Payload) -> Value,
    payload: @escaping @Sendable (Value) -> Payload?
  ) {
    self.init(word, standard, meaning, list: settings, value: value, payload: payload)
  }

  /// The same of a list of settings.
  public init<Payload: Sendable>(
    _ word: String, _ standard: Payload, _ meaning: String, list settings: [Setting<Payload>],
    value: @escaping @Sendable (Payload) -> Value,
    payload: @escaping @Sendable (Value) -> Payload?
  ) {
    let schema = Schema(meaning, list: settings)
    (self.word, self.meaning) = (word, meaning)
    keys = { schema.keys }
    read = { section, given, context throws(ConfigurationError) in
      value(try schema.reading(section, into: given.flatMap(payload) ?? standard, context))
    }
    write = { payload($0).map(schema.entries) }
    describe = { schema.descriptions($0.flatMap(payload) ?? standard, $1) }
  }

  /// The same alternative, which is also read by a word that it no longer has.
  public func formerly(_ word: String) -> Alternative {
    var copy = self
    copy.formerWords.append(word)
    return copy
  }

  /// A kind of a family.
  init(kind: any Kind) { self = Alternative.make(kind) }

  private static func make<Member: Kind>(_ member: Member) -> Alternative {
    Alternative(member)
  }

  private init<Member: Kind>(_ member: Member) {
    word = Member.word
    formerWords = Member.formerWords
    meaning = Member.schema.meaning
    keys = { Member.schema.keys }
    read = { section, given, context throws(ConfigurationError) in
      let value = try Member.schema.reading(section, into: given as? Member ?? member, context)
      guard let value = value as? Value else {
        throw ConfigurationError(
          at: section.source, path: section.path,
          message: "found \(Member.word), which is a kind of another family")
      }
      return value
    }
    write = { ($0 as? Member).map(Member.schema.entries) }
    describe = { Member.schema.descriptions($0 as? Member ?? member, $1) }
  }
}

/// Alternatives among which a word chooses.
struct Choice<Value: Sendable>: Sendable {
  /// What is chosen, with its article.
  let noun: String
  let alternatives: [Alternative<Value>]
  /// Words that cannot work, with the reason.
  var refused: [String: String] = [:]
  /// What else may be written, such as `or a limit such as 2 GiB`.
  var otherwise: String?
  /// Whether nothing but a word may stand here.
  var isOfWords = false

  var words: [String] { alternatives.map(\.word) }

  /// The noun without its article.
  private var bareNoun: String { String(noun.drop { $0 != " " }.dropFirst()) }

  var expected: String {
    "\(noun): \(Suggestion.list(words))" + (otherwise.map { ", \($0)" } ?? "")
  }

  /// The alternative that a value is of.
  func alternative(of value: Value?) -> Alternative<Value>? {
    guard let value else { return nil }
    return alternatives.first { $0.write(value) != nil }
  }

  /// Reads a word, or a mapping with the key `kind` and the alternative's own keys. Where no alternative
  /// stands yet, as in lists, the word may be a key instead, whose value is that of the alternative's
  /// first setting or a mapping of them: `{ dense: 64 }`, `{ convolution: { filters: 16, size: 5 } }`.
  ///
  /// - Parameter standard: the value where nothing is written, whose alternative a mapping without
  ///   a kind is of.
  /// - Parameter also: keys that every alternative has here.
  func select(
    _ node: ConfigurationNode, _ path: String, _ context: ReadingContext, standard: Value?,
    also: [String] = []
  ) throws(ConfigurationError) -> (Alternative<Value>, Section) {
    guard case .mapping(let written) = node.content, !isOfWords else {
      let alternative = try named(node, path)
      return (alternative, Section(path: path, source: node.source, entries: []))
    }
    var entries = written
    let chosen: Alternative<Value>
    if let kind = node["kind"] {
      chosen = try named(kind, path.appending(key: "kind"))
    } else if let alternative = alternative(of: standard) {
      chosen = alternative
    } else if let (alternative, settings) = keyed(entries) {
      (chosen, entries) = (alternative, settings)
    } else {
      let slip = entries.first { Suggestion.nearest(to: $0.key, among: ["kind"]) != nil }
      throw ConfigurationError(
        at: slip?.keySource ?? node.source, path: path,
        message: "found a mapping without kind, expected \(expected); add "
          + "\"kind: \(words.first ?? "…")\"")
    }
    let section = Section(path: path, source: node.source, entries: entries)
    let keys = ["kind"] + chosen.keys() + also
    for entry in entries where !keys.contains(entry.key) {
      throw section.stray(
        entry, "a key that \(bareNoun) \(chosen.word) does not have", keys,
        advice(on: entry, in: section, keys, context))
    }
    return (chosen, section)
  }

  /// The alternative whose word is a key, and its settings.
  private func keyed(
    _ entries: [ConfigurationNode.Entry]
  ) -> (Alternative<Value>, [ConfigurationNode.Entry])? {
    for (index, entry) in entries.enumerated() {
      guard let alternative = alternatives.first(where: { $0.word == entry.key }) else { continue }
      if case .mapping(let settings) = entry.value.content, entries.count == 1 {
        return (alternative, settings)
      }
      guard let first = alternative.keys().first, !entries.contains(where: { $0.key == first })
      else { return nil }
      var settings = entries
      settings[index] = ConfigurationNode.Entry(first, at: entry.keySource, entry.value)
      return (alternative, settings)
    }
    return nil
  }

  private func named(
    _ node: ConfigurationNode, _ path: String
  ) throws(ConfigurationError) -> Alternative<Value> {
    guard let word = node.word else { throw node.wrong(at: path, expected: expected) }
    if let found = alternatives.first(where: { $0.word == word })
      ?? alternatives.first(where: { $0.formerWords.contains(word) })
    {
      return found
    }
    let advice =
      refused[word]
      ?? Suggestion.nearest(to: word, among: words + refused.keys.sorted()).map {
        "did you mean \"\($0)\"?"
      }
    throw node.wrong(at: path, expected: expected, advice: advice)
  }

  private func advice(
    on entry: ConfigurationNode.Entry, in section: Section, _ keys: [String],
    _ context: ReadingContext
  ) -> String? {
    // A kind from the command line among the values that a file gave to another kind.
    if let kind = section["kind"], case .commandLine = kind.source, let word = kind.word,
      case .file = entry.keySource
    {
      return "give \(section.path)=\(word) to replace the whole"
    }
    let owners = alternatives.filter { $0.keys().contains(entry.key) }.map(\.word)
    if !owners.isEmpty { return "\(entry.key) belongs to \(bareNoun) \(Suggestion.list(owners))" }
    if let nearest = Section.nearest(entry.key, keys) { return nearest }
    let places = context.places(of: entry.key, outside: section.path)
    return places.isEmpty ? nil : "did you mean \(Suggestion.list(places))?"
  }

  /// Reads a value; settings that are not written are those of the standard value, where it is of
  /// the chosen alternative.
  func read(
    _ node: ConfigurationNode, _ path: String, _ context: ReadingContext, _ standard: Value?
  ) throws(ConfigurationError) -> Value {
    let (alternative, section) = try select(node, path, context, standard: standard)
    return try alternative.read(section, standard, context)
  }

  func description(_ standard: Value?, _ laboratory: Laboratory) -> FormDescription {
    FormDescription(
      values: expected, noun: noun,
      alternatives: alternatives.map { alternative in
        AlternativeDescription(
          word: alternative.word, meaning: alternative.meaning,
          settings: { alternative.describe(standard, laboratory) })
      })
  }
}
