import Configurations
import Foundation
import MetaLearning
import Settings
import TensorPrograms

/// Why a golden case cannot be computed or read.
package enum GoldenCaseError: Error, Equatable, CustomStringConvertible {
  /// The case needs what is not built.
  case notSupported(String)
  /// The case is not of the format.
  case malformed(String)

  package var description: String {
    switch self {
    case .notSupported(let what): "not supported: \(what)"
    case .malformed(let what): "not a golden case: \(what)"
    }
  }
}

/// What a golden case computes: the JSON that it carries, in the terms of this library.
struct GoldenSpecification {
  let model: GoldenModel
  let loss: LossFunction
  let tasks: Int?
  let inner: InnerSpecification
  let rates: RateSpecification
  let treatment: ReverseTreatment
  let evaluation: EvaluationSpecification

  private static let ignored: Set<String> = [
    "name", "seed", "rate_range", "noise", "zero_bias", "batch", "outer_batch",
    // Keys of another model may be left over.
    "sizes", "n", "channels", "image", "filters", "classes", "loss", "activation", "layers",
    "input", "tokens", "outputs", "per_position",
  ]

  init(json: [UInt8]) throws(GoldenCaseError) {
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(json)),
      let spec = object as? [String: Any]
    else { throw .malformed("spec is not a JSON object") }
    var reader = GoldenReader(spec)

    let scalar = ScalarType.float64
    let activationName: String = try reader.take("activation", default: "tanh")
    guard let activation = Activation(rawValue: activationName) else {
      throw .malformed("unknown activation \(activationName)")
    }
    let modelName: String = try reader.take("model")
    switch modelName {
    case "mlp":
      let sizes = try reader.takeSizes("sizes", atLeast: 2)
      model = try .network(
        PerceptronKind(hidden: Array(sizes[1..<sizes.count - 1]), activation: activation),
        for: ExampleForm(inputs: [sizes[0]], outputs: sizes[sizes.count - 1], scalar: scalar))
    case "quadratic": model = .quadratic(try reader.takeSize("n"))
    case "conv":
      let (image, channels) = (try reader.takeSize("image"), try reader.takeSize("channels"))
      let filters = try reader.takeSizes("filters", atLeast: 1)
      model = try .network(
        ConvolutionalKind(filters: filters, activation: activation),
        for: ExampleForm(
          inputs: [image, image, channels], outputs: try reader.takeSize("classes"),
          scalar: scalar))
    case "layers":
      let input = try reader.takeSizes("input", atLeast: 1)
      let tokens = try reader.takeOptionalSize("tokens")
      var examples = ExampleForm(
        inputs: Shape(input), outputs: try reader.takeSize("outputs"), scalar: scalar)
      examples.tokens = tokens
      // Images have an axis of channels.
      examples.isSequence = input.count == 2 || tokens != nil
      if try reader.take("per_position", default: false) { examples.answers = [input[0]] }
      model = try .network(
        try GoldenSpecification.layers(json, &reader), for: examples)
    default: throw .malformed("unknown model \(modelName)")
    }
    let lossName: String = try reader.take("loss", default: "mse")
    switch lossName {
    case "mse": loss = .meanSquaredError
    case "cross_entropy": loss = .crossEntropy
    default: throw .malformed("unknown loss \(lossName)")
    }
    tasks = try reader.takeOptionalSize("tasks")
    treatment = ReverseTreatment(
      window: try reader.takeOptionalSize("truncate"),
      isFirstOrder: try reader.take("first_order", default: false))

    var inner = InnerSpecification()
    inner.steps = try reader.takeSize("steps")
    var optimizer = GoldenReader(try reader.take("optimizer"))
    (inner.optimizer, inner.transformations) = try GoldenSpecification.optimizer(&optimizer)
    try optimizer.finish("optimizer")
    if let schedule: [String: Any] = try reader.takeOptional("schedule") {
      inner.schedule = try GoldenSpecification.schedule(schedule)
    }
    self.inner = inner
    var evaluation = GoldenReader(try reader.take("evaluation", default: [:]))
    self.evaluation = EvaluationSpecification(batch: try evaluation.takeOptionalSize("batch"))
    try evaluation.finish("evaluation")

    var rates = RateSpecification()
    (rates.granularity, rates.time) = try GoldenSpecification.term(&reader)
    for term: [String: Any] in try reader.take("offsets", default: []) {
      var reader = GoldenReader(term)
      let (granularity, time) = try GoldenSpecification.term(&reader)
      try reader.finish("offsets")
      rates.offsets.append(RateOffset(granularity: granularity, time: time))
    }
    for group: [String: Any] in try reader.take("groups", default: []) {
      rates.groups.append(try GoldenSpecification.group(group))
    }
    let maximum: Double = try reader.take("maximum", default: 1)
    let parameterization: String = try reader.take("parameterization", default: "direct")
    switch parameterization {
    case "direct": rates.parameterization = .direct
    case "log": rates.parameterization = .log
    case "softplus": rates.parameterization = .softplus
    case "sigmoid": rates.parameterization = .sigmoid(maximum: maximum)
    default: throw .malformed("unknown parameterization \(parameterization)")
    }
    self.rates = rates
    try reader.finish("spec", ignoring: GoldenSpecification.ignored)
  }

  /// Any optimizer of the laboratory, by its word; its numbers are its settings with underscores.
  private static func optimizer(
    _ reader: inout GoldenReader
  ) throws(GoldenCaseError) -> (any Optimizer, [any GradientTransformation]) {
    let name: String = try reader.take("name")
    var clips: [any GradientTransformation] = []
    if let limit: Double = try reader.takeOptional("clip_global_norm") {
      clips.append(GlobalNormClip(limit: limit))
    }
    if let limit: Double = try reader.takeOptional("clip_value") {
      clips.append(ValueClip(limit: limit))
    }
    let laboratory = Laboratory.standard
    guard let kind = laboratory.optimizers[name] else {
      throw .malformed("unknown optimizer \(name)")
    }
    let own = Set(kind.settings(in: laboratory).map(\.key))
    let known = Set(
      laboratory.optimizers.members.flatMap { $0.settings(in: laboratory) }.map(\.key))
    var numbers: [(String, ConfigurationNode)] = [("kind", .text(name))]
    for key in reader.keys {
      let setting = key.camelCased
      guard known.contains(setting) else { continue }
      let number: Double = try reader.take(key)
      // Numbers of another optimizer may be left over.
      if own.contains(setting) { numbers.append((setting, .number(number))) }
    }
    do {
      let optimizer = try InnerSpecification.read(
        .map([("optimizer", .map(numbers))]), in: laboratory, standard: InnerSpecification()
      ).optimizer
      return (optimizer, clips)
    } catch {
      throw .malformed("optimizer: \(error)")
    }
  }

  /// A list of layers, in the words of configurations.
  private static func layers(
    _ json: [UInt8], _ reader: inout GoldenReader
  ) throws(GoldenCaseError) -> LayeredKind {
    let _: [Any] = try reader.take("layers")
    do {
      // JSON is YAML, whose reader knows the short forms of layers.
      let spec = try ConfigurationNode(yaml: String(decoding: json, as: UTF8.self)) {
        .file("spec", line: $0, column: $1)
      }
      return try LayeredKind.read(
        .map([("layers", spec["layers"] ?? ConfigurationNode(.list([])))]), in: .standard,
        standard: LayeredKind())
    } catch {
      throw .malformed("\(error.path): \(error.message)")
    }
  }

  private static let granularities: [String: Granularity] = [
    "parameter": .parameter, "row": .outputUnit, "input": .inputUnit, "orbit": .orbit(),
    "tensor": .tensor, "layer": .layer, "global": .global,
  ]

  private static func granularity(_ word: String) throws(GoldenCaseError) -> Granularity {
    guard let granularity = granularities[word] else {
      throw .malformed("unknown granularity \(word)")
    }
    return granularity
  }

  /// The granularity and the time of a term of rates.
  private static func term(
    _ reader: inout GoldenReader
  ) throws(GoldenCaseError) -> (Granularity, RateTime) {
    let granularity = try granularity(try reader.take("granularity", default: "parameter"))
    let knots = try reader.takeOptionalSize("knots")
    let window = try reader.takeOptionalSize("window")
    return (granularity, knots.map { .knots($0) } ?? window.map { .window($0) } ?? .constant)
  }

  /// A group of parameters by their paths.
  private static func group(_ object: [String: Any]) throws(GoldenCaseError) -> RateGroup {
    var reader = GoldenReader(object)
    var group = RateGroup(match: try reader.take("match"))
    if let word: String = try reader.takeOptional("granularity") {
      group.granularity = try granularity(word)
    }
    group.rate = try reader.takeOptional("rate")
    group.factor = try reader.take("factor", default: 1)
    group.isLearned = try reader.take("learn", default: true)
    group.isTrained = try reader.take("train", default: true)
    try reader.finish("groups")
    return group
  }

  private static func schedule(_ object: [String: Any]) throws(GoldenCaseError) -> any Schedule {
    var reader = GoldenReader(object)
    let name: String = try reader.take("name")
    let schedule: any Schedule
    switch name {
    case "constant": schedule = ConstantSchedule()
    case "cosine": schedule = CosineSchedule(final: try reader.take("final"))
    case "exponential": schedule = ExponentialSchedule(decay: try reader.take("decay"))
    case "warmup": schedule = WarmupSchedule(steps: try reader.take("steps"))
    default: throw .malformed("unknown schedule \(name)")
    }
    try reader.finish("schedule")
    return schedule
  }
}

extension String {
  /// `weight_decay` as configurations write it: `weightDecay`.
  fileprivate var camelCased: String {
    let words = split(separator: "_")
    return words.dropFirst().reduce(String(words.first ?? "")) {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
}
