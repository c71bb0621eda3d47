/// A type that configurations set, with the one declaration of its settings.
///
/// ```swift
/// struct Cosine: Schedule {
///   var final = 0.0
///   static let word = "cosine"
///   static let schema = Schema<Self>(
///     "a half wave from 1 down",
///     Setting("final", \.final, .number(.fraction), "the multiplier at the end"))
///   func multiplier(at step: Int, of total: Int) -> Double {
///     final + (1 - final) * (1 + cos(.pi * Double(step) / Double(total))) / 2
///   }
/// }
/// ```
/// Reading, the canonical form, the list of keys and starting files follow from the schema. A
/// setting's default is the property's value in the value around it.
public protocol Configurable: Sendable {
  /// What the type means, and its settings.
  static var schema: Schema<Self> { get }
}

/// A configurable type that is one of several for the same purpose, chosen by its word.
public protocol Kind: Configurable {
  /// What configurations call it.
  static var word: String { get }
  /// Words that older files may have for it; none by default.
  static var formerWords: [String] { get }
}

extension Kind {
  /// It always had its word.
  public static var formerWords: [String] { [] }
  /// What configurations call it.
  public var word: String { Self.word }
}

/// A setting: its word, its property, the form of its values, their unit and what they mean.
public struct Setting<Root: Sendable>: Sendable {
  let word: String
  let meaning: String
  let unit: String?
  /// What must be written, in words; nil where the property's value is a default.
  let required: (@Sendable (Laboratory) -> String)?
  /// What is listed as the default where the property's value is not it; of a property nil where
  /// that is another value than what words stand for.
  let byDefault: @Sendable (Root) -> String?
  let read:
    @Sendable (inout Root, ConfigurationNode, String, ReadingContext)
      throws(ConfigurationError) -> Void
  /// The value as it is written; nil where another setting writes it.
  let write: @Sendable (Root) -> ConfigurationNode?
  let describe: @Sendable (Root, Laboratory) -> FormDescription

  /// A setting.
  ///
  /// - Parameters:
  ///   - word: its key.
  ///   - property: what it sets.
  ///   - form: what its values look like.
  ///   - unit: what numbers count, such as `steps`.
  ///   - meaning: one sentence for the list of keys, without a full stop.
  ///   - mustBeWritten: whether the property's value is no default.
  ///   - expecting: what a missing value is said to be; the form's own words where nil.
  ///   - byDefault: the default in words, where a `Schema.settling` sets it.
  ///   - isWritten: whether the canonical form has the setting; another setting of the same
  ///     property has it otherwise.
  public init<Value: Sendable>(
    _ word: String, _ property: WritableKeyPath<Root, Value> & Sendable, _ form: Form<Value>,
    unit: String? = nil, _ meaning: String, mustBeWritten: Bool = false,
    expecting: String? = nil, byDefault: String? = nil,
    isWritten: (@Sendable (Root) -> Bool)? = nil
  ) {
    (self.word, self.meaning, self.unit) = (word, meaning, unit)
    // A setting that is written only where it is not the default says itself which of them it is.
    self.byDefault = { isWritten?($0) == true ? nil : byDefault }
    let expected: @Sendable (Laboratory) -> String = { laboratory in
      expecting ?? form.describe(nil, laboratory).values
    }
    required = mustBeWritten ? expected : nil
    read = { root, node, path, context throws(ConfigurationError) in
      // What must be written has no default that could say what a mapping without kind is.
      let standard = mustBeWritten ? nil : root[keyPath: property]
      root[keyPath: property] = try form.read(node, path, context, standard)
    }
    write = { isWritten?($0) == false ? nil : form.write($0[keyPath: property]) }
    describe = { form.describe($0[keyPath: property], $1) }
  }
}

extension Setting {
  /// The same setting of a value that has this one.
  fileprivate func lifted<Whole: Sendable>(
    _ property: WritableKeyPath<Whole, Root> & Sendable
  ) -> Setting<Whole> {
    Setting<Whole>(
      word: word, meaning: meaning, unit: unit, required: required,
      byDefault: { byDefault($0[keyPath: property]) },
      read: { whole, node, path, context throws(ConfigurationError) in
        try read(&whole[keyPath: property], node, path, context)
      }, write: { write($0[keyPath: property]) },
      describe: { describe($0[keyPath: property], $1) })
  }

  private init(
    word: String, meaning: String, unit: String?, required: (@Sendable (Laboratory) -> String)?,
    byDefault: @escaping @Sendable (Root) -> String?,
    read:
      @escaping @Sendable (inout Root, ConfigurationNode, String, ReadingContext)
      throws(ConfigurationError) -> Void,
    write: @escaping @Sendable (Root) -> ConfigurationNode?,
    describe: @escaping @Sendable (Root, Laboratory) -> FormDescription
  ) {
    (self.word, self.meaning, self.unit, self.required) = (word, meaning, unit, required)
    self.byDefault = byDefault
    (self.read, self.write, self.describe) = (read, write, describe)
  }
}

/// What a type means, its settings, and what must hold among them.
public struct Schema<Root: Sendable>: Sendable {
  /// One sentence, without a full stop.
  let meaning: String
  let settings: [Setting<Root>]
  private var settlings: [@Sendable (inout Root, Written) -> Void] = []
  private var checks: [@Sendable (Root, Written) -> Conflict?] = []

  /// The settings of a type, in the order in which they are written.
  public init(_ meaning: String, _ settings: Setting<Root>...) {
    self.init(meaning, list: settings)
  }

  init(_ meaning: String, list settings: [Setting<Root>]) {
    (self.meaning, self.settings) = (meaning, settings)
  }

  /// The same settings with more behind them.
  public func adding(_ settings: Setting<Root>...) -> Schema {
    var copy = Schema(meaning, list: self.settings + settings)
    (copy.settlings, copy.checks) = (settlings, checks)
    return copy
  }

  /// The same settings with those of another schema behind them, and what that settles and refuses.
  public func adding(_ other: Schema) -> Schema {
    var copy = Schema(meaning, list: settings + other.settings)
    (copy.settlings, copy.checks) = (settlings + other.settlings, checks + other.checks)
    return copy
  }

  /// The same settings with defaults that depend on other values: once all values are read, they
  /// are set where nothing else was written.
  public func settling(
    _ settle: @escaping @Sendable (_ value: inout Root, _ written: Written) -> Void
  ) -> Schema {
    var copy = self
    copy.settlings.append(settle)
    return copy
  }

  /// The same settings with something that must hold among their values; checks run in order, once
  /// all values are read and settled.
  public func refusing(
    _ check: @escaping @Sendable (_ value: Root, _ written: Written) -> Conflict?
  ) -> Schema {
    var copy = self
    copy.checks.append(check)
    return copy
  }

  /// The same settings as those of a value that has this one.
  public func lifted<Whole: Sendable>(
    _ property: WritableKeyPath<Whole, Root> & Sendable
  ) -> Schema<Whole> {
    var whole = Schema<Whole>(meaning, list: settings.map { $0.lifted(property) })
    whole.settlings = settlings.map { settle in { settle(&$0[keyPath: property], $1) } }
    whole.checks = checks.map { check in { check($0[keyPath: property], $1) } }
    return whole
  }

  /// The keys.
  var keys: [String] { settings.map(\.word) }

  /// A value with what a section says of it; the section's keys have been checked.
  func reading(
    _ section: Section, into value: Root, _ context: ReadingContext
  ) throws(ConfigurationError) -> Root {
    var value = value
    for setting in settings {
      if let node = section[setting.word] {
        try setting.read(&value, node, section.path.appending(key: setting.word), context)
      } else if let expected = setting.required?(context.laboratory) {
        throw section.missing(setting.word, expected: expected)
      }
    }
    let written = Written(section)
    for settle in settlings { settle(&value, written) }
    for check in checks {
      if let conflict = check(value, written) { throw conflict.error(in: section) }
    }
    return value
  }

  /// The values of a value, as they are written.
  func entries(_ value: Root) -> [(String, ConfigurationNode)] {
    settings.compactMap { setting in setting.write(value).map { (setting.word, $0) } }
  }

  /// The settings with the values of a value as their defaults.
  func descriptions(_ value: Root, _ laboratory: Laboratory) -> [SettingDescription] {
    settings.map { setting in
      SettingDescription(
        key: setting.word, meaning: setting.meaning, unit: setting.unit,
        standard: setting.byDefault(value).map { ConfigurationNode(.plain($0)) }
          ?? setting.write(value),
        isRequired: setting.required != nil,
        form: { setting.describe(value, laboratory) })
    }
  }
}
