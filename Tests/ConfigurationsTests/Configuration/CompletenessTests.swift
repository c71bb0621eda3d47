import Configurations
import Experiments
import MetaLearning
import Settings
import Testing

/// What the compiler cannot know: that nothing of a configuration is without a setting.
@Suite("Settings are complete")
struct CompletenessTests {
  static let laboratory = Laboratory.standard

  /// One value per kind, of every family.
  static let members: [any Kind] =
    laboratory.tasks.members + laboratory.models.members + laboratory.layers.members
    + laboratory.optimizers.members + laboratory.transformations.members
    + laboratory.schedules.members + laboratory.initialRates.members
    + laboratory.estimators.members + laboratory.arms.members

  @Test("every stored property of every kind has a setting that changes it", arguments: members)
  func kinds(_ kind: any Kind) { expectComplete(kind) }

  @Test("every stored property of adapting rates has a setting that changes it")
  func online() { expectComplete(OnlineSpecification()) }

  @Test("every stored property of an offset of rates has a setting that changes it")
  func offsets() { expectComplete(RateOffset()) }

  @Test("every stored property of a group of rates has a setting that changes it")
  func groups() { expectComplete(RateGroup(match: "a")) }

  @Test("every stored property of a configuration and its sections has a setting that changes it")
  func configuration() throws {
    let start = RunConfiguration(name: "a", task: DigitsKind())
    let properties = Properties(of: start)
    var changed: Set<String> = []
    for (path, setting) in leaves(start.settings(in: Self.laboratory)) {
      let trials = Self.trials(setting).lazy.compactMap { trial -> RunConfiguration? in
        let read = try? ResolvedConfiguration.parse(
          yaml: "name: a\ntask: digits", name: "a.yaml", overrides: ["\(path)=\(trial)"]
        ).configuration
        return read.flatMap { Self.value($0.node, path) == Self.value(start.node, path) ? nil : $0 }
      }
      let read = trials.first
      #expect(read != nil, "no value changes \(path)")
      if let read { changed.formUnion(properties.changes(to: Properties(of: read))) }
    }
    #expect(properties.names.subtracting(changed).isEmpty)
    #expect(properties.names.count > 40)
  }

  /// Every setting changes what is written for it, and together they change every property.
  private func expectComplete<Value: Configurable>(_ value: Value) {
    let (properties, node) = (Properties(of: value), value.node)
    var changed: Set<String> = []
    for setting in value.settings(in: Self.laboratory) {
      let read = Self.trials(setting).lazy.compactMap { trial -> Value? in
        guard let written = try? ConfigurationNode(yaml: trial, place: { _, _ in .defaultValue })
        else { return nil }
        let read = try? Value.read(
          node.replacing(setting.key, written), in: Self.laboratory, standard: value)
        return read.flatMap { $0.node[setting.key] == node[setting.key] ? nil : $0 }
      }.first
      #expect(read != nil, "no value changes \(setting.key)")
      if let read { changed.formUnion(properties.changes(to: Properties(of: read))) }
    }
    #expect(properties.names.subtracting(changed).isEmpty, "\(Value.self)")
  }

  // MARK: Words

  @Test("words are unique and of letters, every meaning is a phrase without a full stop")
  func words() {
    let start = RunConfiguration(name: "a", task: DigitsKind())
    var seen: Set<String> = []
    expectWords(start.settings(in: Self.laboratory), "", &seen)
    for kind in Self.members {
      expectPhrase(type(of: kind).meaning, kind.word)
      #expect(kind.word.wholeMatch(of: /[a-zA-Z][a-zA-Z0-9]*/) != nil, "\(kind.word)")
    }
    #expect(seen.count > 9)
  }

  private func expectWords(
    _ settings: [SettingDescription], _ path: String, _ seen: inout Set<String>
  ) {
    #expect(Set(settings.map(\.key)).count == settings.count, "\(path)")
    for setting in settings {
      let place = path.appending(key: setting.key)
      #expect(setting.key.wholeMatch(of: /[a-zA-Z][a-zA-Z0-9]*/) != nil, "\(place)")
      expectPhrase(setting.meaning, place)
      let form = setting.form()
      #expect(!form.values.isEmpty && !form.values.hasSuffix("."), "\(place)")
      #expect(Set(form.words).count == form.words.count, "\(place)")
      expectWords(form.section ?? [], place, &seen)
      // Kinds may contain themselves.
      guard let noun = form.noun, seen.insert(noun).inserted else { continue }
      for alternative in form.alternatives {
        let place = "\(place)(\(alternative.word))"
        #expect(alternative.word.wholeMatch(of: /[a-zA-Z][a-zA-Z0-9]*/) != nil, "\(place)")
        if !alternative.meaning.isEmpty { expectPhrase(alternative.meaning, place) }
        expectWords(form.also + alternative.settings(), place, &seen)
      }
    }
  }

  private func expectPhrase(_ meaning: String, _ place: String) {
    #expect(!meaning.isEmpty, "\(place)")
    #expect(!meaning.hasSuffix(".") && !meaning.contains(". "), "\(place): \(meaning)")
  }

  // MARK: Values to try

  /// Values that a setting may have, as YAML; most settings take some of them.
  private static func trials(_ setting: SettingDescription) -> [String] {
    let form = setting.form()
    let kinds = form.alternatives.flatMap { alternative in
      let settings = form.also + alternative.settings()
      let entries = settings.compactMap { setting in
        setting.standard.map { "\(setting.key): \($0.flowYAML)" }
      }
      return [
        alternative.word,
        "{ \((["kind: \(alternative.word)"] + entries).joined(separator: ", ")) }",
      ]
    }
    // Some lists have two entries at least.
    let words = form.alternatives.map(\.word)
    let pairs = zip(words, words.dropFirst()).map { "[\($0), \($1)]" }
    return kinds + kinds.map { "[\($0)]" } + pairs
      + [
        "{ outer.tasks: [1, 2] }", "[base, { decay: 1 }]", "[{ match: b }]", "true", "false", "7",
        "0.125", "0.75",
        "3.5", "0.01", "2", "1",
        "none", "{}", "[3, 4]", "b",
      ]
  }

  /// Settings with their paths, those of sections instead of the sections.
  private func leaves(
    _ settings: [SettingDescription], _ path: String = ""
  ) -> [(String, SettingDescription)] {
    settings.flatMap { setting in
      let (form, place) = (setting.form(), path.appending(key: setting.key))
      // Overrides reach no element of a list.
      guard !form.isList else { return [(place, setting)] }
      return form.section.map { leaves($0, place) }
        ?? [(place, setting)] + form.also.map { ("\(place).\($0.key)", $0) }
    }
  }

  private static func value(_ node: ConfigurationNode, _ path: String) -> ConfigurationNode? {
    path.split(separator: ".").reduce(node) { $0?[String($1)] }
  }
}

/// A value's stored properties by name, those of plain values inside it instead of these.
private struct Properties {
  private var texts: [String: String] = [:]

  var names: Set<String> { Set(texts.keys) }

  init(of value: Any) { add(value, "") }

  private mutating func add(_ value: Any, _ path: String) {
    for child in Mirror(reflecting: value).children {
      guard let label = child.label else { continue }
      let name = path.appending(key: label)
      let isPlain = Mirror(reflecting: child.value).displayStyle == .struct
      if isPlain && !(child.value is any Kind) && !Mirror(reflecting: child.value).children.isEmpty
      {
        add(child.value, name)
      } else {
        texts[name] = String(reflecting: child.value)
      }
    }
  }

  /// The properties that are others in another value.
  func changes(to other: Properties) -> Set<String> {
    names.filter { texts[$0] != other.texts[$0] }
  }
}

extension ConfigurationNode {
  /// The same mapping with another value.
  fileprivate func replacing(_ key: String, _ value: ConfigurationNode) -> ConfigurationNode {
    guard case .mapping(let entries) = content else { return self }
    return ConfigurationNode(
      .mapping(entries.filter { $0.key != key } + [Entry(key, at: .defaultValue, value)]))
  }
}
