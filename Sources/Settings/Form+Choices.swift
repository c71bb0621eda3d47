// Values that are chosen among: words, cases with settings, kinds of a family, sections.

extension Form where Value: RawRepresentable<String> & CaseIterable {
  /// A word of an enumeration.
  ///
  /// - Parameter noun: what the words are, with its article.
  public static func word(_ noun: String) -> Form where Value: Equatable {
    .choice(noun, Value.allCases.map { Alternative($0.rawValue, $0, "") })
  }
}

extension Form {
  /// One of the alternatives of an enumeration; a word, unless one of them has settings.
  ///
  /// - Parameters:
  ///   - noun: what is chosen, with its article.
  ///   - alternatives: what there is to choose from.
  public static func choice(_ noun: String, _ alternatives: [Alternative<Value>]) -> Form {
    choice(
      Choice(
        noun: noun, alternatives: alternatives,
        isOfWords: alternatives.allSatisfy { $0.keys().isEmpty }))
  }

  /// One of the alternatives of an enumeration, or a text of some other form.
  package static func choice(
    _ noun: String, _ alternatives: [Alternative<Value>], or text: TextForm<Value>
  ) -> Form {
    let choice = Choice(noun: noun, alternatives: alternatives, otherwise: text.otherwise)
    return Form(
      read: { node, path, context, standard throws(ConfigurationError) in
        switch node.content {
        case .plain(let written) where PlainNumber(written) != nil:
          throw node.wrong(at: path, expected: choice.expected, advice: text.adviceForNumbers)
        case .plain(let written) where text.isMeant(written),
          .quoted(let written) where text.isMeant(written):
          guard let value = text.read(written) else {
            throw node.wrong(at: path, expected: choice.expected, advice: text.advice)
          }
          return value
        case .plain, .quoted, .list, .mapping:
          return try choice.read(node, path, context, standard)
        }
      },
      write: { value in text.write(value).map { .text($0) } ?? choice.node(value) },
      describe: choice.description)
  }

  private static func choice(_ choice: Choice<Value>) -> Form {
    Form(
      read: { node, path, context, standard throws(ConfigurationError) in
        try choice.read(node, path, context, standard)
      }, write: choice.node, describe: choice.description)
  }

  /// A kind that the laboratory has of a family.
  ///
  /// - Parameters:
  ///   - family: whose kinds may stand here.
  ///   - noun: what the kinds are called here, with the article; as in the laboratory where nil.
  ///   - isPossible: which of the family's kinds may stand here.
  ///   - prepared: what becomes of a kind's defaults where the form stands.
  public static func kind(
    of family: Family<Value>, _ noun: String? = nil,
    where isPossible: @escaping @Sendable (Value) -> Bool = { _ in true },
    _ prepared: @escaping @Sendable (Value) -> Value = { $0 }
  ) -> Form {
    let choice: @Sendable (Laboratory) -> Choice<Value> = { laboratory in
      laboratory[family].choice(noun, where: isPossible, prepared)
    }
    return Form(
      read: { node, path, context, standard throws(ConfigurationError) in
        try choice(context.laboratory).read(node, path, context, standard)
      }, write: { family.node($0) },
      describe: { choice($1).description($0, $1) })
  }

  /// A kind of a family with settings that stand among its own: an outer optimizer's rate, say.
  ///
  /// - Parameters:
  ///   - family: whose kinds may stand here.
  ///   - property: where the value has the kind.
  ///   - standard: what has nothing written.
  ///   - prepared: what becomes of a kind's defaults where the form stands.
  ///   - schema: the settings beside the kind's own, which are written before them.
  public static func kind<Member: Sendable>(
    of family: Family<Member>, at property: WritableKeyPath<Value, Member> & Sendable,
    standard: Value, _ prepared: @escaping @Sendable (Member) -> Member = { $0 },
    also schema: Schema<Value>
  ) -> Form {
    Form(
      read: { node, path, context, given throws(ConfigurationError) in
        let choice = context.laboratory[family].choice(nil, where: { _ in true }, prepared)
        let (alternative, section) = try choice.select(
          node, path, context, standard: given?[keyPath: property], also: schema.keys)
        var value = given ?? standard
        value[keyPath: property] = try alternative.read(
          section, given?[keyPath: property], context)
        return try schema.reading(section, into: value, context)
      },
      write: { family.node($0[keyPath: property], adding: schema.entries($0)) },
      describe: { value, laboratory in
        let also = schema.descriptions(value ?? standard, laboratory)
        return laboratory[family].choice(nil, where: { _ in true }, prepared)
          .description(value?[keyPath: property], laboratory).adding(also)
      })
  }

  /// A mapping of the type's own settings.
  ///
  /// - Parameter standard: the value where nothing is written, and none stands around.
  public static func section(_ standard: Value) -> Form where Value: Configurable {
    Form(
      read: { node, path, context, given throws(ConfigurationError) in
        let section = try Section(node, path: path, keys: Value.schema.keys, context)
        return try Value.schema.reading(section, into: given ?? standard, context)
      }, write: { .map(Value.schema.entries($0)) },
      describe: { FormDescription(section: Value.schema.descriptions($0 ?? standard, $1)) })
  }

  /// A value of one form, or a mapping with one key of another: `5`, or `{ seconds: 30 }`.
  public static func either<First: Sendable, Second: Sendable>(
    _ first: Form<First>, or key: String, _ second: Form<Second>,
    first wrapFirst: @escaping @Sendable (First) -> Value,
    second wrapSecond: @escaping @Sendable (Second) -> Value,
    parts: @escaping @Sendable (Value) -> (First?, Second?)
  ) -> Form {
    Form(
      read: { node, path, context, standard throws(ConfigurationError) in
        guard case .mapping = node.content else {
          return wrapFirst(try first.read(node, path, context, nil))
        }
        let section = try Section(node, path: path, keys: [key], context)
        guard let value = section[key] else {
          throw section.missing(key, expected: second.describe(nil, context.laboratory).values)
        }
        return wrapSecond(try second.read(value, path.appending(key: key), context, nil))
      },
      write: { value in
        let (one, other) = parts(value)
        if let other { return .map([(key, second.write(other))]) }
        return one.map(first.write) ?? .text("none")
      },
      describe: { _, laboratory in
        FormDescription(
          values: "\(first.describe(nil, laboratory).values), or { \(key): … } with "
            + second.describe(nil, laboratory).values)
      })
  }
}

/// Texts that stand for values beside the words of a choice: byte counts among memory policies.
package struct TextForm<Value: Sendable>: Sendable {
  /// What errors and lists say of it after the words: `or a limit such as 2 GiB`.
  package let otherwise: String
  /// Whether a text is meant to be one, right or wrong.
  package let isMeant: @Sendable (String) -> Bool
  package let read: @Sendable (String) -> Value?
  package let write: @Sendable (Value) -> String?
  /// What to do about a text that is meant and wrong, and about a bare number.
  package let advice: String
  package let adviceForNumbers: String

  package init(
    otherwise: String, isMeant: @escaping @Sendable (String) -> Bool,
    read: @escaping @Sendable (String) -> Value?, write: @escaping @Sendable (Value) -> String?,
    advice: String, adviceForNumbers: String
  ) {
    (self.otherwise, self.isMeant, self.read, self.write) = (otherwise, isMeant, read, write)
    (self.advice, self.adviceForNumbers) = (advice, adviceForNumbers)
  }
}

extension Choice {
  /// A value as it is written.
  @Sendable func node(_ value: Value) -> ConfigurationNode {
    for alternative in alternatives {
      if let entries = alternative.write(value) { return .kind(alternative.word, entries) }
    }
    return .text("none")
  }
}
