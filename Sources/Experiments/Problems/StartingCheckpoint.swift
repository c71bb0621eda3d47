import Checkpoints
import Configurations
import HDF5Files
import MetaLearning
import Settings
import TensorPrograms

/// A checkpoint whose rates, weights or scalars something starts from.
struct StartingCheckpoint {
  private let path: String
  private let tree: HDF5Tree
  private let state: LearnedState

  /// Rates that a file may have, of all steps and parameters.
  private static let mostNumbers = 1 << 27

  /// Reads a file and proves its seal.
  init(_ reference: CheckpointReference) throws {
    try self.init(try CheckpointFile.read(reference.file), reference)
  }

  /// A file that was read and whose seal is proven.
  init(_ tree: HDF5Tree, _ reference: CheckpointReference) throws {
    path = reference.file
    self.tree = tree
    state = reference.state
    guard state == .best || !isBestFile else {
      throw DataError.unsuitable(
        path: path, found: "the best state alone",
        expected: "the last one, as \"state: last\" asks for: name a file checkpoint-….h5")
    }
  }

  private var isBestFile: Bool { TrainingCheckpoint.holdsBestAlone(tree) }

  /// Whether the best state is asked for and there is one; else the last one has to do.
  private var takesBest: Bool { state == .best && tree[BestDatasets.step] != nil }

  /// Which state is taken, in words.
  var stateText: String {
    let step = tree[takesBest ? BestDatasets.step : "/progress/outer_step"]?.convertedToDouble()
    let text = step?.first.flatMap { Int(exactly: $0) }.map { ", outer step \($0)" } ?? ""
    if takesBest || isBestFile { return "its best state by validation\(text)" }
    return "its last state\(text)"
      + (state == .best ? ", as no state of it is known to be the best by validation" : "")
  }

  /// The rates' unconstrained tensors, where they were learned as the same terms of the same
  /// parameters; nil elsewhere.
  func unconstrainedRates(_ layout: RateLayout) throws -> [Tensor]? {
    let group =
      takesBest && !tree.datasets(under: BestDatasets.unconstrainedRates).isEmpty
      ? BestDatasets.unconstrainedRates : "/rates_raw"
    let own = try configuration
    let hasKnots = if case .knots = layout.specification.time { true } else { false }
    // Effective rates say all there is of other bases.
    guard hasKnots || !layout.specification.offsets.isEmpty,
      own.rates.hasTerms(of: layout.specification),
      Set(tree.datasets(under: group).map(\.path)) == Set(layout.names.map(\.description))
    else { return nil }
    let tensors = try take(
      layout.names.map(\.description), under: group, as: layout.types.first?.scalar ?? .float32)
    return tensors.map(\.type) == layout.types ? tensors : nil
  }

  /// Effective rates for a layout, by rows of its time: each row of the file's own time that a step
  /// reads, where the two have different times.
  func rates(startingFor layout: RateLayout) throws -> [Tensor] {
    let rates = try rates(layout.parameters, as: layout.parameters.types.first?.scalar ?? .float32)
    let own = try configuration
    let time = RateLayout(
      own.rates, parameters: layout.parameters, steps: own.inner.steps
    ).time
    guard time != .constant, time != layout.time, rates.count == layout.parameters.count else {
      return rates
    }
    let steps = own.inner.steps
    // Knots may stand for any number of steps, of which each parameter gets a number.
    let most = Self.mostNumbers / max(1, layout.parameters.shapes.reduce(0) { $0 + $1.count })
    guard steps <= most else {
      throw DataError.unsuitable(
        path: path, found: "rates of \(steps) steps", expected: "at most \(most) of this model")
    }
    var (rows, width) = (rates, 1)
    switch time {
    case .window(let own): width = own
    case .knots where rates.allSatisfy({ $0.rank > 0 && $0.shape[0] != steps }):
      rows = try betweenKnots(rates, time, layout.parameters, of: steps)
    case .constant, .step, .knots: break
    }
    let bySteps = (0..<steps).map { $0 / width }
    if let tensor = rows.first(where: { $0.rank == 0 || $0.shape[0] <= bySteps.last ?? 0 }) {
      throw DataError.unsuitable(
        path: path, found: "rates of shape \(tensor.shape)",
        expected: "those of \(steps) steps, as its configuration says")
    }
    guard case .window(let wanted) = layout.time else {
      return rows.map { tensor in .stack(bySteps.map { tensor[$0] }) }
    }
    return try rows.map { tensor in
      try .stack(
        stride(from: 0, to: steps, by: wanted).map { first in
          let rows = bySteps[first..<min(first + wanted, steps)]
          guard
            rows.allSatisfy({
              $0 == rows.first || tensor[$0].doubles == tensor[rows.first!].doubles
            })
          else {
            throw DataError.unsuitable(
              path: path, found: "rates that change within windows of \(wanted) steps",
              expected: "rates.time step, or the windows that they were learned with")
          }
          return tensor[rows.first!]
        })
    }
  }

  /// Rates at each step from those at knots: what lies between is on lines behind the parameterization.
  /// Of frozen tensors, whose rates are 0 at all knots, there is nothing behind.
  private func betweenKnots(
    _ rates: [Tensor], _ time: RateTime, _ parameters: ParameterLayout, of steps: Int
  ) throws -> [Tensor] {
    let moving = rates.indices.filter { index in rates[index].doubles.contains { $0 != 0 } }
    let own = ParameterLayout(
      NamedTensors(
        moving.map { ("\(parameters.paths[$0])", Tensor.zeros(parameters.types[$0])) }))
    let lines = RateLayout(
      RateSpecification(
        granularity: .parameter, time: time,
        parameterization: try configuration.rates.parameterization),
      parameters: own, steps: steps)
    var rows = zip(rates, parameters.types).map { tensor, type in
      Tensor.zeros(TensorType(type.shape.prepending(steps), tensor.scalarType))
    }
    guard !moving.isEmpty else { return rows }
    let found = lines.expanded(
      try lines.unconstrained(givingEffective: moving.map { rates[$0] }), of: steps)
    for (index, tensor) in zip(moving, found) { rows[index] = tensor }
    return rows
  }

  /// Its network and rates, whatever task it is of.
  ///
  /// - Parameter names: the tensors in the model's order; nil for the order that the file has them in.
  func network(_ names: [String]? = nil) throws -> RateTransfer.Source {
    let own = try configuration
    let names =
      try names ?? TrainingCheckpoint.parameterOrder(of: tree)
      ?? tree.datasets(under: "/model").map(\.path)
    let model = try names.map { name in
      (name: name, tensor: try tree.dataset(at: "/model/\(name)").tensor(at: name))
    }
    let named = model.map { axes(of: $0.name, rank: $0.tensor.rank).map { Axis($0) } }
    let parameters = ParameterLayout(
      NamedTensors(model).naming(Dictionary(uniqueKeysWithValues: zip(names, named))))
    let steps = own.inner.steps
    let changes =
      RateLayout(own.rates, parameters: parameters, steps: steps).time != .constant
    // A row a step, whatever rows were learned: windows, or lines between knots.
    let rows = RateLayout(
      RateSpecification(granularity: .parameter, time: changes ? .step : .constant),
      parameters: parameters, steps: steps)
    return RateTransfer.Source(
      path: path, parameters: parameters, rates: try rates(startingFor: rows),
      steps: changes ? steps : nil)
  }

  /// What a tensor's axes run over; of files that do not say, what its name and rank say.
  private func axes(of name: String, rank: Int) -> [String] {
    let text = tree["/model/\(name)"]?.attributes["axes"]?.stringValue
    let axes = (text?.split(separator: ",") ?? []).map { String($0.trimmingPrefix(" ")) }
    if axes.count == rank { return axes }
    guard name.hasSuffix("weight") else { return [] }
    switch rank {
    case 2: return ["input", "output"]
    case 4: return ["kernel_row", "kernel_column", "input", "output"]
    default: return []
    }
  }

  private var configuration: RunConfiguration {
    get throws {
      try RunConfiguration(
        json: TrainingCheckpoint.configuration(of: tree), name: path, in: .standard)
    }
  }

  /// Effective rates for the tensors of a layout, [rows of time,] parameter shape.
  func rates(_ parameters: ParameterLayout, as scalar: ScalarType) throws -> [Tensor] {
    try requireTensors(of: parameters, under: "/rates", "rates")
    guard takesBest else { return try take(parameters, under: "/rates", as: scalar) }
    if !tree.datasets(under: BestDatasets.rates).isEmpty {
      return try take(parameters, under: BestDatasets.rates, as: scalar)
    }
    // Release 0.1.0 kept the best state's unconstrained numbers alone.
    let configuration = try configuration
    let own = configuration.scalarType
    let layout = RateLayout(
      configuration.rates,
      parameters: ParameterLayout(
        NamedTensors(
          zip(parameters.paths, parameters.shapes).map {
            ("\($0)", Tensor.zeros(TensorType($1, own)))
          })), steps: configuration.inner.steps)
    var unconstrained: [Tensor] = []
    for (name, type) in zip(layout.names, layout.types) {
      let place = "\(BestDatasets.unconstrainedRates)/\(name)"
      unconstrained.append(try tree.dataset(at: place).tensor(of: type, at: place))
    }
    return layout.expanded(unconstrained).map { Tensor($0.doubles, TensorType($0.shape, scalar)) }
  }

  /// Initial weights that the file's runs shared, for the tensors of a layout.
  func weights(_ parameters: ParameterLayout, as scalar: ScalarType) throws -> [Tensor] {
    guard hasSharedWeights else {
      throw DataError.unsuitable(
        path: path, found: "runs that drew their own initial weights",
        expected: "a checkpoint of runs that share them: outer.learn with initialWeights, or "
          + "outer.initialWeights=fixed")
    }
    let group = takesBest ? BestDatasets.model : "/model"
    try requireTensors(of: parameters, under: group, "initial weights")
    let weights = try take(parameters, under: group, as: scalar)
    for (weight, (name, type)) in zip(weights, zip(parameters.paths, parameters.types))
    where weight.type != type {
      throw DataError.unsuitable(
        path: path, found: "initial weights of \(name) of shape \(weight.shape)",
        expected: "shape \(type.shape), as the model has")
    }
    return weights
  }

  /// The weights that a file has for readers, whosever they are: `weightsText` says it.
  func readersWeights(_ names: [String]) throws -> [Tensor] {
    try names.map { name in
      let place = "\(weightsGroup)/\(name)"
      return try tree.dataset(at: place).tensor(at: place)
    }
  }

  /// Whose weights the readers' are.
  var weightsText: String {
    let said = tree[group: "/model"].attributes[TrainingCheckpoint.weightsAttribute]?.stringValue
    let whose =
      hasSharedWeights ? "initial weights, which all runs share" : "weights \(said ?? "of a run")"
    let isOfLast = takesBest && !isBestFile && weightsGroup == "/model" && !hasSharedWeights
    return whose + (isOfLast ? ", by the last state" : "")
  }

  private var weightsGroup: String {
    takesBest && !tree.datasets(under: BestDatasets.model).isEmpty ? BestDatasets.model : "/model"
  }

  /// Whether the file has learned values of some scalars.
  func hasScalars(_ layout: ScalarLayout) -> Bool {
    let found = Set(tree.datasets(under: "/scalars").map(\.path))
    return !layout.names.isEmpty && found.isSuperset(of: layout.names)
  }

  /// Values of the given scalars.
  func scalars(_ layout: ScalarLayout, as scalar: ScalarType) throws -> [Tensor] {
    let found = tree.datasets(under: "/scalars").map(\.path)
    let names = layout.names
    guard !names.isEmpty, Set(names).isSubset(of: found) else {
      throw DataError.unsuitable(
        path: path,
        found: found.isEmpty ? "no learned scalars" : "the scalars \(found.listed)",
        expected: names.isEmpty
          ? "none, as this inner step has none: remove inner.scalars"
          : "\(names.listed), as the inner step has")
    }
    func scalars(under group: String, as scalar: ScalarType) throws -> [Tensor] {
      let scalars = try take(names, under: group, as: scalar)
      if let other = scalars.first(where: { $0.shape != .scalar }) {
        throw DataError.unsuitable(
          path: path, found: "\(other.shape) in \(group)", expected: "single numbers")
      }
      return scalars
    }
    guard takesBest else { return try scalars(under: "/scalars", as: scalar) }
    if !tree.datasets(under: BestDatasets.scalars).isEmpty {
      return try scalars(under: BestDatasets.scalars, as: scalar)
    }
    let unconstrained = try scalars(under: BestDatasets.unconstrainedScalars, as: .float64)
    return layout.effective(unconstrained).map { Tensor($0.doubles, TensorType(.scalar, scalar)) }
  }

  /// Whether the file's runs share initial weights, and whether those were learned.
  private var hasSharedWeights: Bool {
    TrainingCheckpoint.hasSharedWeights(tree)
  }

  /// What the file has learned besides rates: keys of a configuration that would use it.
  var learnedBesidesRates: [(what: String, key: String)] {
    let text = (try? TrainingCheckpoint.configuration(of: tree)) ?? ""
    let learn = (try? ConfigurationNode(yaml: text) { _, _ in .defaultValue })?["outer"]?["learn"]
    let learnsWeights = learn?.words.contains(LearnTarget.initialWeights.rawValue) ?? false
    return
      (learnsWeights && hasSharedWeights
      ? [("learned initial weights", "outer.initialWeights")] : [])
      + (tree.datasets(under: "/scalars").isEmpty
        ? [] : [("learned scalars", "inner.scalars")])
  }

  private func requireTensors(
    of parameters: ParameterLayout, under group: String, _ what: String
  ) throws {
    let found = Set(tree.datasets(under: group).map(\.path))
    if let missing = parameters.paths.first(where: { !found.contains("\($0)") }) {
      throw DataError.unsuitable(
        path: path, found: "no \(what) for \(missing)",
        expected: "\(what) for \(parameters.paths.map(\.description).listed)"
          + (what == "rates"
            ? "; rates.initial.by: tensor or layer takes them to another model" : ""))
    }
    let wanted = Set(parameters.paths.map(\.description))
    if let extra = found.subtracting(wanted).min() {
      throw DataError.unsuitable(
        path: path, found: "\(what) for \(extra), which this model does not have",
        expected: "\(what) for \(parameters.paths.map(\.description).listed)")
    }
  }

  private func take(
    _ parameters: ParameterLayout, under group: String, as scalar: ScalarType
  ) throws -> [Tensor] {
    try take(parameters.paths.map(\.description), under: group, as: scalar)
  }

  private func take(
    _ names: [String], under group: String, as scalar: ScalarType
  ) throws -> [Tensor] {
    try names.map { name in
      let dataset = try tree.dataset(at: "\(group)/\(name)")
      let values = dataset.convertedToDouble()
      if let bad = values.first(where: { !$0.isFinite }) {
        throw DataError.unsuitable(
          path: path, found: "\(bad) in \(group)/\(name)", expected: "finite numbers")
      }
      return Tensor(values, TensorType(Shape(dataset.shape), scalar))
    }
  }
}

extension [String] {
  /// With commas between.
  fileprivate var listed: String { joined(separator: ", ") }
}
