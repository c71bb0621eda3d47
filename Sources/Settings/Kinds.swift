/// The kinds of one thing, such as `any Optimizer`, each as it is where nothing is written.
public struct Kinds<Family: Sendable>: Sendable {
  /// What they are kinds of, with its article: `an optimizer`.
  public let noun: String
  /// One value a kind, in the order in which messages list them.
  public private(set) var members: [Family]
  /// Keys that stand beside those of the kinds, so that no kind may have them.
  let reserved: Set<String>
  /// Words that people may try and that cannot work, with the reason.
  public var refused: [String: String]

  /// Kinds of a thing; `Family` is the existential of a protocol that refines `Kind`.
  ///
  /// - Parameter reserved: keys that stand beside those of the kinds somewhere, as `rate` does beside
  ///   an outer optimizer's.
  public init(
    _ noun: String, reserved: Set<String> = [], _ members: Family...,
    refused: [String: String] = [:]
  ) {
    self.noun = noun
    self.reserved = reserved.union(["kind"])
    self.members = []
    self.refused = refused
    for member in members { add(member) }
  }

  /// Adds a kind, whose settings' defaults are the value's.
  ///
  /// Two kinds of one word, or a setting with a reserved key, are a mistake in the program, and end it.
  public mutating func add(_ member: Family) {
    let word = Self.kind(member).word
    precondition(
      !members.contains { Self.kind($0).word == word }, "\(noun) \(word) is registered twice")
    for key in Self.kind(member).keys where reserved.contains(key) {
      preconditionFailure(
        "\(noun) \(word) cannot have the setting \(key), which stands beside its own")
    }
    refused[word] = nil
    members.append(member)
  }

  /// The words.
  public var words: [String] { members.map { Self.kind($0).word } }

  /// The member of a word.
  public subscript(word: String) -> Family? {
    members.first { Self.kind($0).word == word }
  }

  /// The cast says what the language cannot: that a family's protocol refines `Kind`.
  private static func kind(_ member: Family) -> any Kind {
    guard let kind = member as? any Kind else {
      preconditionFailure("\(Family.self) does not refine Kind")
    }
    return kind
  }

  /// The kinds as alternatives of a form.
  ///
  /// - Parameters:
  ///   - noun: what the kinds are called there.
  ///   - isPossible: which kinds may stand there.
  ///   - prepared: what becomes of a kind's defaults there.
  func choice(
    _ noun: String?, where isPossible: (Family) -> Bool, _ prepared: (Family) -> Family
  ) -> Choice<Family> {
    Choice(
      noun: noun ?? self.noun,
      alternatives: members.filter(isPossible).map { Alternative(kind: Self.kind(prepared($0))) },
      refused: refused)
  }

  /// A member as it is written.
  static func node(_ member: Family, adding entries: [(String, ConfigurationNode)] = [])
    -> ConfigurationNode
  {
    let kind = kind(member)
    return .kind(kind.word, entries + kind.entries)
  }
}

extension Kind {
  /// Members of values rather than of types, so that they can be called on `any Kind`.
  fileprivate var keys: [String] { Self.schema.keys }
  fileprivate var entries: [(String, ConfigurationNode)] { Self.schema.entries(self) }
}

/// Everything that configurations may name: the kinds of each family.
///
/// A laboratory is a value that is passed on, never a global. To bring kinds of one's own, add them
/// to a copy of the standard one:
/// ```swift
/// var laboratory = Laboratory.standard
/// laboratory.optimizers.add(Sign())
/// ```
public struct Laboratory: Sendable {
  private var families: [ObjectIdentifier: any Sendable] = [:]

  /// A laboratory without any kinds.
  public init() {}

  /// The kinds of a family, such as `(any Optimizer).self`; none where it is unknown.
  public subscript<Family: Sendable>(family: Family.Type) -> Kinds<Family> {
    get { families[ObjectIdentifier(family)] as? Kinds<Family> ?? Kinds("a kind") }
    set { families[ObjectIdentifier(family)] = newValue }
  }
}
