import Foundation
import MetaLearning
import Settings

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
  enum Model: Equatable {
    case perceptron(layers: Int)
    case convolutional(blocks: Int)
    case quadratic
  }
  let model: Model
  let activation: Activation
  let loss: LossFunction
  let tasks: Int?
  let inner: InnerSpecification
  let rates: RateSpecification
  let treatment: ReverseTreatment

  private static let ignored: Set<String> = [
    "name", "seed", "rate_range", "noise", "zero_bias",
    // Keys of another model may be left over.
    "sizes", "n", "channels", "image", "filters", "classes", "loss", "activation", "batch",
  ]

  init(json: [UInt8]) throws(GoldenCaseError) {
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(json)),
      let spec = object as? [String: Any]
    else { throw .malformed("spec is not a JSON object") }
    var reader = Reader(spec)

    let modelName: String = try reader.take("model")
    switch modelName {
    case "mlp":
      let sizes: [Int] = try reader.take("sizes")
      model = .perceptron(layers: sizes.count - 1)
    case "quadratic": model = .quadratic
    case "conv":
      let filters: [Int] = try reader.take("filters")
      model = .convolutional(blocks: filters.count)
    default: throw .malformed("unknown model \(modelName)")
    }
    let activationName: String = try reader.take("activation", default: "tanh")
    guard let activation = Activation(rawValue: activationName) else {
      throw .malformed("unknown activation \(activationName)")
    }
    self.activation = activation
    let lossName: String = try reader.take("loss", default: "mse")
    switch lossName {
    case "mse": loss = .meanSquaredError
    case "cross_entropy": loss = .crossEntropy
    default: throw .malformed("unknown loss \(lossName)")
    }
    tasks = try reader.takeOptional("tasks")
    treatment = ReverseTreatment(
      window: try reader.takeOptional("truncate"),
      isFirstOrder: try reader.take("first_order", default: false))

    var inner = InnerSpecification()
    inner.steps = try reader.take("steps")
    var optimizer = Reader(try reader.take("optimizer"))
    (inner.optimizer, inner.transformations) = try GoldenSpecification.optimizer(&optimizer)
    try optimizer.finish("optimizer")
    if let schedule: [String: Any] = try reader.takeOptional("schedule") {
      inner.schedule = try GoldenSpecification.schedule(schedule)
    }
    self.inner = inner

    var rates = RateSpecification()
    (rates.granularity, rates.time) = try GoldenSpecification.term(&reader)
    for term: [String: Any] in try reader.take("offsets", default: []) {
      var reader = Reader(term)
      let (granularity, time) = try GoldenSpecification.term(&reader)
      try reader.finish("offsets")
      rates.offsets.append(RateOffset(granularity: granularity, time: time))
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
    _ reader: inout Reader
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

  /// The granularity and the time of a term of rates.
  private static func term(
    _ reader: inout Reader
  ) throws(GoldenCaseError) -> (Granularity, RateTime) {
    let granularities: [String: Granularity] = [
      "parameter": .parameter, "row": .outputUnit, "input": .inputUnit, "orbit": .orbit(),
      "tensor": .tensor, "layer": .layer, "global": .global,
    ]
    let word: String = try reader.take("granularity", default: "parameter")
    guard let granularity = granularities[word] else {
      throw .malformed("unknown granularity \(word)")
    }
    let knots: Int? = try reader.takeOptional("knots")
    let window: Int? = try reader.takeOptional("window")
    return (granularity, knots.map { .knots($0) } ?? window.map { .window($0) } ?? .constant)
  }

  private static func schedule(_ object: [String: Any]) throws(GoldenCaseError) -> any Schedule {
    var reader = Reader(object)
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

/// Takes typed values out of a JSON object and knows which were left.
private struct Reader {
  private var object: [String: Any]

  init(_ object: [String: Any]) { self.object = object }

  var keys: [String] { object.keys.sorted() }

  mutating func takeOptional<Value>(_ key: String) throws(GoldenCaseError) -> Value? {
    guard let found = object.removeValue(forKey: key) else { return nil }
    // Whole numbers serve as reals.
    if let value = found as? Value { return value }
    if let number = found as? NSNumber, let value = number.doubleValue as? Value { return value }
    throw .malformed("\(key) is \(found), not \(Value.self)")
  }

  mutating func take<Value>(_ key: String) throws(GoldenCaseError) -> Value {
    guard let value: Value = try takeOptional(key) else { throw .malformed("no \(key)") }
    return value
  }

  mutating func take<Value>(_ key: String, default value: Value) throws(GoldenCaseError) -> Value {
    try takeOptional(key) ?? value
  }

  func finish(_ place: String, ignoring ignored: Set<String> = []) throws(GoldenCaseError) {
    if let key = object.keys.sorted().first(where: { !ignored.contains($0) }) {
      throw .malformed("unknown key \(key) in \(place)")
    }
  }
}
