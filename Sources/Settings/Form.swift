import Foundation

/// The form of a setting's values: how they are read, written and described.
public struct Form<Value: Sendable>: Sendable {
  /// Reads a value at a path; what is not written inside it comes from the last argument.
  let read:
    @Sendable (ConfigurationNode, String, ReadingContext, Value?)
      throws(ConfigurationError) -> Value
  /// The value as it is written.
  let write: @Sendable (Value) -> ConfigurationNode
  /// What values may be; defaults inside are those of the given value.
  let describe: @Sendable (Value?, Laboratory) -> FormDescription

  /// A form without values of other forms inside.
  ///
  /// - Parameters:
  ///   - values: what may be written, after "expected".
  ///   - read: the value of a node at a path; throws `ConfigurationNode.wrong` where there is none.
  ///   - write: the value as it is written.
  public init(
    _ values: String,
    read: @escaping @Sendable (ConfigurationNode, String) throws(ConfigurationError) -> Value,
    write: @escaping @Sendable (Value) -> ConfigurationNode
  ) {
    self.init(
      read: { node, path, _, _ throws(ConfigurationError) in try read(node, path) }, write: write,
      describe: { _, _ in FormDescription(values: values) })
  }

  init(
    read:
      @escaping @Sendable (ConfigurationNode, String, ReadingContext, Value?)
      throws(ConfigurationError) -> Value,
    write: @escaping @Sendable (Value) -> ConfigurationNode,
    describe: @escaping @Sendable (Value?, Laboratory) -> FormDescription
  ) {
    (self.read, self.write, self.describe) = (read, write, describe)
  }
}

// MARK: Scalars

extension Form<Int> {
  /// A whole number in a range.
  public static func integer(
    _ range: ClosedRange<Int> = 1...ConfigurationNode.mostCount
  ) -> Form {
    let end = range.upperBound == ConfigurationNode.mostCount ? "" : " to \(range.upperBound)"
    return Form(
      "a whole number from \(range.lowerBound)\(end)",
      read: { node, path throws(ConfigurationError) in try node.integer(at: path, in: range) },
      write: { .number($0) })
  }

  /// A whole number from 0.
  public static var count: Form { .integer(0...ConfigurationNode.mostCount) }
}

extension Form<UInt64> {
  /// A seed: any whole number of 64 bits.
  public static var seed: Form {
    Form(
      "a whole number from 0 to \(UInt64.max)",
      read: { node, path throws(ConfigurationError) in try node.seed(at: path) },
      write: { .number($0) })
  }
}

extension Form<Double> {
  /// A finite number in a range.
  public static func number(_ range: NumberRange) -> Form {
    Form(
      range.description,
      read: { node, path throws(ConfigurationError) in try node.number(at: path, in: range) },
      write: { .number($0) })
  }
}

extension Form<Bool> {
  /// `true` or `false`.
  public static var flag: Form {
    Form(
      "true or false",
      read: { node, path throws(ConfigurationError) in try node.flag(at: path) },
      write: { .truth($0) })
  }
}

extension Form<String> {
  /// A text that is not empty.
  public static var text: Form { .text("a text that is not empty", where: { _ in true }) }

  /// A text that a condition holds for.
  ///
  /// - Parameters:
  ///   - expected: what the texts are, after "expected".
  ///   - isPossible: the condition.
  public static func text(
    _ expected: String, where isPossible: @escaping @Sendable (String) -> Bool
  ) -> Form {
    Form(
      expected,
      read: { node, path throws(ConfigurationError) in
        let text = try node.text(at: path)
        guard isPossible(text) else { throw node.wrong(at: path, expected: expected) }
        return text
      }, write: { .text($0) })
  }
}

extension Form<String> {
  /// The path of a file; a relative one counts from the folder that the command runs in.
  ///
  /// - Parameter what: what the file is, with its article.
  public static func file(_ what: String) -> Form {
    Form(
      read: { node, path, context, _ throws(ConfigurationError) in
        let file = try node.text(at: path)
        return context.paths(file)
      }, write: { .text($0) }, describe: { _, _ in FormDescription(values: what) })
  }
}

// MARK: Forms of forms

extension Form {
  /// Values of another form that stand for these.
  ///
  /// - Parameters:
  ///   - form: the other form.
  ///   - value: the value of another; throws where it stands for none.
  ///   - other: the other value that stands for one of these.
  public static func refining<Other: Sendable>(
    _ form: Form<Other>,
    _ value:
      @escaping @Sendable (Other, ConfigurationNode, String) throws(ConfigurationError) -> Value,
    from other: @escaping @Sendable (Value) -> Other
  ) -> Form {
    Form(
      read: { node, path, context, standard throws(ConfigurationError) in
        try value(try form.read(node, path, context, standard.map(other)), node, path)
      }, write: { form.write(other($0)) }, describe: { form.describe($0.map(other), $1) })
  }

  /// A value, or the word `none`.
  public static func optional<Wrapped>(_ form: Form<Wrapped>) -> Form where Value == Wrapped? {
    .word("none", or: form)
  }

  /// A word, read as nil, or a value of another form.
  public static func word<Wrapped>(_ word: String, or form: Form<Wrapped>) -> Form
  where Value == Wrapped? {
    Form(
      read: { node, path, context, standard throws(ConfigurationError) in
        node.word == word ? nil : try form.read(node, path, context, standard ?? nil)
      }, write: { $0.map(form.write) ?? .text(word) },
      describe: { form.describe($0 ?? nil, $1).or(word) })
  }

  /// A list; a value that is no list is a list of one.
  ///
  /// - Parameters:
  ///   - form: what its elements look like.
  ///   - isUnique: whether equal values are refused; a list of unique values is never empty.
  public static func list<Element>(
    of form: Form<Element>, isUnique: Bool = false
  ) -> Form where Value == [Element] {
    Form(
      read: { node, path, context, _ throws(ConfigurationError) in
        let isList = if case .list = node.content { true } else { false }
        var elements: [Element] = []
        var texts: [String] = []
        for (index, item) in node.listed.enumerated() {
          // Words that stand once are found by themselves.
          let place = isList && (!isUnique || item.isMapping) ? "\(path)[\(index)]" : path
          let element = try form.read(item, place, context, nil)
          let text = form.write(element).flowYAML
          if isUnique && texts.contains(text) {
            throw ConfigurationError(
              at: item.source, path: path,
              message: "found \(text) twice, expected it once; remove one")
          }
          texts.append(text)
          elements.append(element)
        }
        if isUnique && elements.isEmpty {
          let description = form.describe(nil, context.laboratory)
          let words = description.words
          throw ConfigurationError(
            at: node.source, path: path,
            message: "found an empty list, expected "
              + (words.isEmpty
                ? "one or more, each \(description.values)"
                : "\(Suggestion.list(words)); write [\(words[0])]"))
        }
        return elements
      }, write: { ConfigurationNode(.list($0.map(form.write))) },
      describe: { form.describe($0?.first, $1).listed })
  }

  /// A mapping whose keys are those of settings elsewhere.
  ///
  /// - Parameters:
  ///   - what: what the keys lead to: `values`.
  ///   - example: one, for advice.
  ///   - read: the elements of an entry, at its path.
  ///   - write: the key and the value of an element.
  public static func keyed<Element>(
    _ what: String, example: String,
    read:
      @escaping @Sendable (ConfigurationNode.Entry, String) throws(ConfigurationError) -> [Element],
    write: @escaping @Sendable (Element) -> (String, ConfigurationNode)
  ) -> Form where Value == [Element] {
    let expected = "a mapping from keys to \(what)"
    return Form(
      "\(expected), such as \(example)",
      read: { node, path throws(ConfigurationError) in
        guard case .mapping(let entries) = node.content else {
          throw node.wrong(at: path, expected: expected, advice: "write \(example), say")
        }
        var elements: [Element] = []
        for entry in entries { elements += try read(entry, path.appending(key: entry.key)) }
        return elements
      },
      write: { .map($0.map(write)) })
  }

  /// The sizes of layers, a list that must be written as one.
  ///
  /// - Parameter example: a size to advise where no number was written.
  public static func layerSizes(example: Int = 64) -> Form where Value == [Int] {
    Form(
      "a list of layer sizes",
      read: { node, path throws(ConfigurationError) in
        guard case .list(let items) = node.content else {
          throw node.wrong(
            at: path, expected: "a list of layer sizes",
            advice: "write [\(node.wholeNumber ?? "\(example)")]")
        }
        var sizes: [Int] = []
        for (index, item) in items.enumerated() {
          sizes.append(try item.integer(at: "\(path)[\(index)]", in: 1...100_000))
        }
        return sizes
      }, write: { ConfigurationNode(.list($0.map { .number($0) })) })
  }
}
