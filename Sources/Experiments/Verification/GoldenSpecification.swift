import Foundation
import MetaLearning

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
    let granularity: String = try reader.take("granularity", default: "parameter")
    switch granularity {
    case "parameter": rates.granularity = .parameter
    case "row": rates.granularity = .row
    case "tensor": rates.granularity = .tensor
    case "layer": rates.granularity = .layer
    case "global": rates.granularity = .global
    default: throw .malformed("unknown granularity \(granularity)")
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

  private static func optimizer(
    _ reader: inout Reader
  ) throws(GoldenCaseError) -> (OptimizerSpecification, [GradientTransformation]) {
    let name: String = try reader.take("name")
    guard let kind = OptimizerKind(rawValue: name) else {
      throw .malformed("unknown optimizer \(name)")
    }
    var specification = OptimizerSpecification(kind)
    specification.momentum = try reader.take("momentum", default: specification.momentum)
    specification.decay = try reader.take("decay", default: specification.decay)
    specification.beta1 = try reader.take("beta1", default: specification.beta1)
    specification.beta2 = try reader.take("beta2", default: specification.beta2)
    specification.weightDecay = try reader.take("weight_decay", default: specification.weightDecay)
    specification.epsilon = try reader.take("epsilon", default: specification.epsilon)
    specification.epsilonRoot = try reader.takeOptional("epsilon_root")
    var clips: [GradientTransformation] = []
    if let limit: Double = try reader.takeOptional("clip_global_norm") {
      clips.append(.globalNorm(limit: limit))
    }
    if let limit: Double = try reader.takeOptional("clip_value") {
      clips.append(.value(limit: limit))
    }
    return (specification, clips)
  }

  private static func schedule(_ object: [String: Any]) throws(GoldenCaseError) -> Schedule {
    var reader = Reader(object)
    let name: String = try reader.take("name")
    let schedule: Schedule
    switch name {
    case "constant": schedule = .constant
    case "cosine": schedule = .cosine(final: try reader.take("final"))
    case "exponential": schedule = .exponential(decay: try reader.take("decay"))
    case "warmup": schedule = .warmup(steps: try reader.take("steps"))
    default: throw .malformed("unknown schedule \(name)")
    }
    try reader.finish("schedule")
    return schedule
  }
}

/// Takes typed values out of a JSON object and knows which were left.
private struct Reader {
  private var object: [String: Any]

  init(_ object: [String: Any]) { self.object = object }

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
