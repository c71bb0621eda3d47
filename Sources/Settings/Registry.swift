/// The kinds of one family that a laboratory has, each as it is where nothing is written.
public struct Registry<Member: Sendable>: Sendable {
  /// Whose kinds they are.
  public let family: Family<Member>
  /// One value per kind, in the order in which messages list them.
  public private(set) var members: [Member] = []
  /// Words that people may try and that cannot work, with the reason.
  public var refused: [String: String] = [:]

  init(of family: Family<Member>) { self.family = family }

  /// Adds kinds, whose settings' defaults are the values'.
  ///
  /// Two kinds of one word, or a setting with a reserved key, are a mistake in the program, and end
  /// it.
  public mutating func add(_ members: Member...) {
    for member in members {
      let kind = family.kind(member)
      precondition(self[kind.word] == nil, "\(family.noun) \(kind.word) is registered twice")
      for key in kind.keys {
        precondition(
          !family.reserved.contains(key),
          "\(family.noun) \(kind.word) cannot have the setting \(key), which stands beside its own")
      }
      refused[kind.word] = nil
      self.members.append(member)
    }
  }

  /// The words.
  public var words: [String] { members.map { family.kind($0).word } }

  /// The member of a word.
  public subscript(word: String) -> Member? {
    members.first { family.kind($0).word == word }
  }

  /// The kinds as alternatives of a form.
  ///
  /// - Parameters:
  ///   - noun: what the kinds are called there.
  ///   - isPossible: which kinds may stand there.
  ///   - prepared: what becomes of a kind's defaults there.
  func choice(
    _ noun: String?, where isPossible: (Member) -> Bool, _ prepared: (Member) -> Member
  ) -> Choice<Member> {
    Choice(
      noun: noun ?? family.noun,
      alternatives: members.filter(isPossible).map {
        Alternative(kind: family.kind(prepared($0)))
      }, refused: refused)
  }
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
  private var kinds: [ObjectIdentifier: any Sendable] = [:]

  /// A laboratory without any kinds.
  public init() {}

  /// The kinds of a family; none before one is added.
  public subscript<Member: Sendable>(family: Family<Member>) -> Registry<Member> {
    get { kinds[ObjectIdentifier(Member.self)] as? Registry<Member> ?? Registry(of: family) }
    set { kinds[ObjectIdentifier(Member.self)] = newValue }
  }
}
