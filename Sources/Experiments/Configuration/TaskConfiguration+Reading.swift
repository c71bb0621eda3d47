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
        loss: try section.word("loss", default: root.lossOfModel ?? .crossEntropy, of: .losses))
    case "sinusoid":
      self = .sinusoid(
        support: try section.integer("support", default: 10),
        query: try section.integer("query", default: 10))
    case "noisyQuadratic":
      let (lowest, highest) = try section.interval(
        "lowest", default: 0.01, "highest", default: 1, mayBeEqual: true)
      self = .noisyQuadratic(
        dimensions: try section.integer("dimensions", default: 10), lowest: lowest,
        highest: highest, noise: try section.number("noise", default: 1, in: .nonnegative),
        expectation: try section.flag("expectation", default: false))
    case "tracking":
      let inputs = try section.integer("inputs", default: 20)
      let relevant = try section.integer("relevant", default: min(5, inputs))
      guard relevant <= inputs else {
        throw section.impossible("relevant", relevant, expected: "at most inputs, \(inputs)")
      }
      self = .tracking(
        inputs: inputs, relevant: relevant,
        interval: try section.integer("interval", default: 20))
    case "teacher":
      self = .teacher(
        inputs: try section.integer("inputs", default: 10),
        outputs: try section.integer("outputs", default: 1),
        noise: try section.number("noise", default: 0.1, in: .nonnegative),
        query: try section.integer("query", default: 256),
        teacherHidden: try section.layerSizes("teacherHidden"),
        teacher: try TeacherTask.Teacher(
          section.kinded("teacher", of: .teachers, default: "fresh")))
    default: preconditionFailure("the table has the task \(task.kind), which is not read")
    }
  }
}

extension ModelConfiguration {
  /// Reads the value of `model`.
  init(_ root: Section) throws(ConfigurationError) {
    let model = try root.kinded("model", of: .models, default: "mlp")
    let section = model.section
    switch model.kind {
    case "mlp":
      self = .mlp(
        hidden: try section.layerSizes("hidden") ?? [64, 64],
        activation: try section.word("activation", default: .tanh, of: .activations),
        normalization: try section.word("normalization", default: .none, of: .normalizations))
    case "convolutional":
      self = .convolutional(
        filters: try section.layerSizes("filters", size: "16") ?? [16, 32],
        activation: try section.word("activation", default: .relu, of: .activations))
    case "linearRegression": self = .linearRegression
    case "logisticRegression": self = .logisticRegression
    default: preconditionFailure("the table has the model \(model.kind), which is not read")
    }
  }
}

extension TeacherTask.Teacher {
  /// Reads who teaches.
  fileprivate init(_ written: KindSection) throws(ConfigurationError) {
    switch written.kind {
    case "fresh": self = .fresh
    case "fixed":
      self = .fixed(
        seed: try written.section["seed"]?.seed(at: written.section.path(of: "seed")) ?? 0)
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
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
  /// The loss of the model that stands beside the task, where it decides: the default of a table's.
  fileprivate var lossOfModel: LossFunction? {
    guard let node = self["model"] else { return nil }
    return switch node.word ?? node["kind"]?.word {
    case "linearRegression": .meanSquaredError
    default: nil
    }
  }

  /// Units, layer by layer; nil where they are not written.
  fileprivate func layerSizes(
    _ key: String, size: String = "64"
  ) throws(ConfigurationError) -> [Int]? {
    guard let node = self[key] else { return nil }
    let path = path(of: key)
    guard case .list(let items) = node.content else {
      throw node.wrong(
        at: path, expected: "a list of layer sizes", advice: "write [\(node.size ?? size)]")
    }
    var sizes: [Int] = []
    for (index, item) in items.enumerated() {
      sizes.append(try item.integer(at: "\(path)[\(index)]", in: 1...100_000))
    }
    return sizes
  }

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
