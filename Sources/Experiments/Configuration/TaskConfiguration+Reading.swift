import MetaLearning

extension TaskConfiguration {
  /// Reads the value of `task`.
  init(_ root: Section) throws(ConfigurationError) {
    let task = try root.kinded("task", of: .tasks)
    let section = task.section
    switch task.kind {
    case "digits":
      let (validation, test) = try section.fractions()
      self = .digits(validation: validation, test: test)
    case "hdf5":
      let file = try section.text("file", expected: "the path of an HDF5 file")
      let (validation, test) = try section.fractions()
      self = .hdf5(
        file: file, validation: validation, test: test,
        loss: try section.word("loss", default: .crossEntropy, of: .losses))
    case "sinusoid":
      self = .sinusoid(
        support: try section.integer("support", default: 10),
        query: try section.integer("query", default: 10))
    case "noisyQuadratic":
      let (lowest, highest) = try section.interval(
        "lowest", default: 0.01, "highest", default: 1, mayBeEqual: true)
      self = .noisyQuadratic(
        dimensions: try section.integer("dimensions", default: 10), lowest: lowest,
        highest: highest, noise: try section.number("noise", default: 1, in: .nonnegative))
    default: preconditionFailure("the table has the task \(task.kind), which is not read")
    }
  }
}

extension ModelConfiguration {
  /// Reads the value of `model`.
  init(_ root: Section) throws(ConfigurationError) {
    let model = try root.kinded("model", of: .models, default: "mlp")
    let section = model.section
    var hidden = [64, 64]
    if let node = section["hidden"] {
      let path = section.path(of: "hidden")
      guard case .list(let items) = node.content else {
        throw node.wrong(
          at: path, expected: "a list of layer sizes", advice: "write [\(node.size ?? "64")]")
      }
      hidden = []
      for (index, item) in items.enumerated() {
        hidden.append(try item.integer(at: "\(path)[\(index)]", in: 1...100_000))
      }
    }
    self = .mlp(
      hidden: hidden,
      activation: try section.word("activation", default: .tanh, of: .activations))
  }
}

extension ConfigurationNode {
  /// The text of a whole number.
  fileprivate var size: String? {
    guard case .plain(let text) = content, PlainNumber(text)?.isWhole == true else { return nil }
    return text
  }
}

extension Section {
  /// Fractions of a table for validation and test, which leave something to train on.
  fileprivate func fractions() throws(ConfigurationError) -> (validation: Double, test: Double) {
    // Rates are learned on validation rows, so there must be some; test rows only report.
    let validation = try number("validation", default: 0.25, in: .between0And1)
    let test = try number("test", default: 0.25, in: .belowOne)
    guard validation + test < 1 else {
      throw self["test"] == nil
        ? impossible(
          "validation", validation, " beside test \(test)", expected: "a sum below 1",
          advice: "training gets the rest")
        : impossible(
          "test", test, " beside validation \(validation)", expected: "a sum below 1",
          advice: "training gets the rest")
    }
    return (validation, test)
  }
}
