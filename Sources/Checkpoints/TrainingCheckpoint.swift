import HDF5Files
import MetaLearning
import TensorPrograms

/// The names and types that a training state must have: what a configuration says of it.
public struct TrainingLayout: Sendable {
  /// The rates and what they are for.
  public let rates: RateLayout
  /// Names of the outer optimizer's slots.
  public let optimizerSlots: [String]
  /// Names of slots, of the outer optimizer and of the inner ones, that hold no negative number.
  fileprivate let nonnegativeSlots: Set<String>
  /// What is learned by hypergradients.
  public let learn: [LearnTarget]
  /// Whether all runs share initial weights.
  public let sharesInitialWeights: Bool
  /// The inner step's scalars, empty unless they are learned.
  public let scalars: ScalarLayout
  /// Inner runs that go on from step to step; nil where they begin anew.
  fileprivate let inner: InnerStates?

  /// The layout of the states of an outer loop over a problem.
  public init<Task: LearningTask>(
    _ problem: InnerProblem<Task>, specification: OuterSpecification
  ) {
    self.init(
      rates: problem.rates, specification: specification, scalars: problem.step.scalars,
      innerStates: InnerStates(problem, runs: specification.tasks),
      nonnegativeSlots: problem.specification.optimizer.nonnegativeSlots)
  }

  /// A layout of the given parts, of which a specification may need only some.
  public init(
    rates: RateLayout, specification: OuterSpecification, scalars: ScalarLayout = ScalarLayout(),
    innerStates: InnerStates? = nil, nonnegativeSlots: [String] = []
  ) {
    self.rates = rates
    optimizerSlots = specification.slotNames
    self.nonnegativeSlots = Set(specification.nonnegativeSlots + nonnegativeSlots)
    learn = specification.learning.targets
    sharesInitialWeights = specification.sharesInitialWeights
    self.scalars = learn.contains(.optimizerScalars) ? scalars : ScalarLayout()
    inner = specification.cadence == .restarted ? nil : innerStates
  }

  fileprivate var initialWeights: [(path: String, type: TensorType)] {
    sharesInitialWeights ? weights : []
  }

  fileprivate var weights: [(path: String, type: TensorType)] {
    zip(rates.parameters.paths, rates.parameters.types).map { ("\($0)", $1) }
  }

  fileprivate var scalarItems: [(path: String, type: TensorType)] {
    let scalar = rates.parameters.types.first?.scalar ?? .float32
    return scalars.names.map { ($0, TensorType(.scalar, scalar)) }
  }

  fileprivate var unconstrained: [(path: String, type: TensorType)] {
    zip(rates.names, rates.types).map { ("\($0)", $1) }
  }
}

/// The names and types of the inner states of runs that go on from one outer step to the next.
public struct InnerStates: Sendable {
  /// A state without meaning, [runs, …].
  fileprivate let example: TrainingState
  /// Names of its tensors.
  private let names: [ParameterPath]

  /// Those of so many runs of a problem.
  public init<Task: LearningTask>(_ problem: InnerProblem<Task>, runs: Int) {
    let state = problem.step.initialState(problem.template.tensors)
    example = state.mapTensors { .zeros($0.type.prepending(runs)) }
    names = state.names(
      weights: problem.parameters.paths, model: problem.template.state.paths)
  }

  fileprivate var items: [(path: String, type: TensorType)] {
    zip(names, example.tensors).map { ("\($0)", $1.type) }
  }
}

/// The tensors of one model: weights, in their layout's order, and what it keeps beside them.
public struct ModelTensors: Sendable {
  /// The weights.
  public var weights: [Tensor]
  /// What training passes keep, such as running statistics, and what it is called.
  public var state: [Tensor]
  /// Names of the state's tensors.
  public var statePaths: [ParameterPath]

  /// A model's.
  public init(_ model: some Trainable) {
    weights = model.tensors
    (state, statePaths) = (model.state.tensors, model.state.paths)
  }

  /// Weights alone.
  public init(weights: [Tensor]) {
    self.weights = weights
    (state, statePaths) = ([], [])
  }
}

/// A checkpoint's contents: the state of an outer loop, and what a reader wants to see beside it.
public struct TrainingCheckpoint: Sendable {
  /// Canonical JSON of the configuration.
  public var configuration: String
  /// JSON of times and host facts, which the content hash leaves out.
  public var provenance: String
  /// What every random number of the run follows from.
  public var seed: UInt64
  /// The state to go on from.
  public var state: OuterState
  /// Effective rates that learning started from.
  public var initialRates: [Tensor]
  /// A model for readers: that of the shared initial weights, or of one run trained with the rates.
  public var model: ModelTensors

  /// The text of the parameters' paths in their order, a line each.
  public static let order = "/config/parameter_order"
  /// How many training runs were left out as not finite; there where any was.
  private static let skippedRuns = "/progress/skipped_runs"
  /// The root's attribute that says which state a file holds.
  public static let stateAttribute = "state"
  /// The attribute of `/model` that says whose weights it holds.
  public static let weightsAttribute = "weights"
  /// What that attribute says of initial weights that all runs share.
  public static let sharedWeights = "initial"

  /// Whether the state is the best one, kept for readers, rather than one to go on from.
  private var isBest = false

  /// The best state of this one as a checkpoint of its own, for readers: it has no optimizer's
  /// state to go on with. Nil where no state is the best.
  ///
  /// - Parameter model: as for `init`, of the best state.
  public func best(model: (OuterState) -> ModelTensors) -> TrainingCheckpoint? {
    guard let best = state.best else { return nil }
    var copy = self
    copy.state = OuterState(
      step: best.step, learned: best.learned, best: best)
    copy.model = model(copy.state)
    copy.isBest = true
    return copy
  }

  /// A checkpoint of the given parts.
  public init(
    configuration: String, provenance: String, seed: UInt64, state: OuterState,
    initialRates: [Tensor], model: ModelTensors
  ) {
    self.configuration = configuration
    self.provenance = provenance
    self.seed = seed
    self.state = state
    self.initialRates = initialRates
    self.model = model
  }

  // MARK: Writing

  /// The tree of groups and datasets that is saved.
  public func tree(_ layout: TrainingLayout) -> HDF5Tree {
    var tree = HDF5Tree()
    tree["/config/json"] = HDF5Dataset(text: configuration)
    tree["/provenance/json"] = HDF5Dataset(text: provenance)
    let parameters = layout.rates.parameters
    tree[Self.order] = HDF5Dataset(
      text: parameters.paths.map { "\($0)\n" }.joined())
    tree[group: "/"].attributes[Self.stateAttribute] = .string(
      (isBest ? LearnedState.best : .last).rawValue)
    // What all runs share is read from here again when a run goes on.
    put(
      layout.sharesInitialWeights ? state.learned.initialWeights : model.weights, layout.weights,
      under: "/model", into: &tree)
    for (path, tensor) in zip(model.statePaths, model.state) {
      tree["/model_state/\(path)"] = HDF5Dataset(tensor)
    }
    tree[group: "/model"].attributes[Self.weightsAttribute] = .string(
      layout.sharesInitialWeights
        ? Self.sharedWeights
        : state.inner == nil
          ? "trained in validation run 0" : "of training run 0, which goes on")
    let paths = parameters.paths.map(\.description)
    put(layout.rates.expanded(state.learned.rates), paths, under: "/rates", into: &tree)
    put(initialRates, paths, under: "/rates_initial", into: &tree)
    put(state.learned.rates, layout.unconstrained, under: "/rates_raw", into: &tree)
    let specification = layout.rates.specification
    tree[group: "/rates_raw"].attributes = [
      "parameterization": .string("\(specification.parameterization)"),
      "granularity": .string("\(specification.granularity)"),
      "time": .string("\(specification.time)"),
    ]
    if !specification.offsets.isEmpty {
      tree[group: "/rates_raw"].attributes["terms"] = .string(
        layout.rates.termTexts.map { "\($0.name): \($0.text)\n" }.joined())
    }
    for (path, orbits) in zip(paths, layout.rates.orbits ?? []) {
      tree["/rates_orbits/\(path)"] = HDF5Dataset(orbits)
    }
    put(state.learned.scalars, layout.scalarItems, under: "/scalars_raw", into: &tree)
    put(
      layout.scalars.effective(state.learned.scalars), layout.scalarItems, under: "/scalars",
      into: &tree)
    if let inner = state.inner, let items = layout.inner?.items {
      put(inner.tensors, items, under: "/inner_optimizer", into: &tree)
    }
    for slot in state.optimizer.slots {
      let group = "/outer_optimizer/\(slot.name)"
      put(slot.value.rates, layout.unconstrained, under: "\(group)/rates", into: &tree)
      put(slot.value.initialWeights, layout.weights, under: "\(group)/model", into: &tree)
      put(slot.value.scalars, layout.scalarItems, under: "\(group)/scalars", into: &tree)
    }
    tree["/random/seed"] = HDF5Dataset(scalar: Int64(bitPattern: seed))
    tree["/progress/outer_step"] = HDF5Dataset(scalar: Int64(state.step))
    if let released = state.released {
      tree["/progress/released_terms"] = HDF5Dataset(scalar: Int64(released.terms))
      tree["/progress/released_after"] = HDF5Dataset(scalar: Int64(released.step))
    }
    if state.skippedRuns > 0 {
      tree[Self.skippedRuns] = HDF5Dataset(scalar: Int64(state.skippedRuns))
    }
    if let best = state.best {
      tree[BestDatasets.step] = HDF5Dataset(scalar: Int64(best.step))
      tree[BestDatasets.objective] = HDF5Dataset(scalar: best.objective)
      put(
        layout.rates.expanded(best.learned.rates), paths, under: BestDatasets.rates, into: &tree)
      put(
        best.learned.rates, layout.unconstrained, under: BestDatasets.unconstrainedRates,
        into: &tree)
      put(
        best.learned.initialWeights, layout.initialWeights, under: BestDatasets.model, into: &tree)
      put(
        best.learned.scalars, layout.scalarItems, under: BestDatasets.unconstrainedScalars,
        into: &tree)
      put(
        layout.scalars.effective(best.learned.scalars), layout.scalarItems,
        under: BestDatasets.scalars,
        into: &tree)
    }
    CheckpointDescriptions.add(to: &tree, parameters)
    return tree
  }

  /// Puts tensors under their names; none where there are none.
  private func put(
    _ tensors: [Tensor], _ layout: [(path: String, type: TensorType)], under group: String,
    into tree: inout HDF5Tree
  ) {
    if tensors.isEmpty { return }
    put(tensors, layout.map(\.path), under: group, into: &tree)
  }

  private func put(
    _ tensors: [Tensor], _ paths: [String], under group: String, into tree: inout HDF5Tree
  ) {
    precondition(
      tensors.count == paths.count,
      "\(tensors.count) tensors for the \(paths.count) places under \(group)")
    for (tensor, path) in zip(tensors, paths) { tree["\(group)/\(path)"] = HDF5Dataset(tensor) }
  }

  // MARK: Reading

  /// Whether `/model` has initial weights that all runs share.
  public static func hasSharedWeights(_ tree: HDF5Tree) -> Bool {
    tree[group: "/model"].attributes[weightsAttribute] == .string(sharedWeights)
  }

  /// The bits of a run's seed; nil where a file does not say.
  public static func seed(of tree: HDF5Tree) -> Int64? {
    try? tree.elements(of: Int64.self, at: "/random/seed", shape: [])[0]
  }

  /// Whether a file holds the best state alone, which nothing goes on from.
  public static func holdsBestAlone(_ tree: HDF5Tree) -> Bool {
    tree[group: "/"].attributes[stateAttribute] == .string(LearnedState.best.rawValue)
  }

  /// The parameters' paths in the order in which the model visits them; nil in files of release
  /// 0.1.0, which do not say.
  public static func parameterOrder(of tree: HDF5Tree) throws(HDF5Error) -> [String]? {
    guard tree[order] != nil else { return nil }
    return String(decoding: try tree.elements(of: UInt8.self, at: order), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  /// The configuration inside a checkpoint, before anything else of it is used.
  public static func configuration(of tree: HDF5Tree) throws(HDF5Error) -> String {
    String(decoding: try tree.elements(of: UInt8.self, at: "/config/json"), as: UTF8.self)
  }

  /// The state in a tree; everything is checked against the layout before any of it is returned.
  ///
  /// - Parameters:
  ///   - tree: the checkpoint's.
  ///   - layout: what the configuration says of the state.
  ///   - seed: what the run's random numbers follow from.
  public static func state(
    of tree: HDF5Tree, _ layout: TrainingLayout, seed: UInt64
  ) throws(HDF5Error) -> OuterState {
    try requireAgreement(tree, layout, seed: seed)
    let targets = layout.learn
    var slots: [OptimizerState<Learned>.Slot] = []
    for name in layout.optimizerSlots {
      let group = "/outer_optimizer/\(name)"
      let value = Learned(
        rates: targets.contains(.rates)
          ? try take(layout.unconstrained, under: "\(group)/rates", from: tree) : [],
        initialWeights: targets.contains(.initialWeights)
          ? try take(layout.weights, under: "\(group)/model", from: tree) : [],
        scalars: try take(layout.scalarItems, under: "\(group)/scalars", from: tree))
      slots.append(.init(name, value))
    }
    var best: OuterState.Best?
    if tree[BestDatasets.step] != nil {
      best = OuterState.Best(
        step: try integer(tree, BestDatasets.step),
        objective: try number(tree, BestDatasets.objective),
        learned: Learned(
          rates: try take(
            layout.unconstrained, under: BestDatasets.unconstrainedRates, from: tree),
          initialWeights: try take(
            layout.initialWeights, under: BestDatasets.model, from: tree),
          scalars: try take(
            layout.scalarItems, under: BestDatasets.unconstrainedScalars, from: tree)))
    }
    // Numbers of orbits belong to a partition, which another release might make otherwise.
    for (path, own) in zip(layout.rates.parameters.paths, layout.rates.orbits ?? []) {
      let place = "/rates_orbits/\(path)"
      guard let there = tree[place], there.convertedToDouble() != own.doubles else { continue }
      throw HDF5Error(
        .mismatch, "use", at: place, found: "other orbits of parameters than this release finds",
        expected: "the same; resume with the release that wrote the file")
    }
    let released =
      tree["/progress/released_terms"] == nil
      ? nil
      : OuterState.Release(
        terms: try integer(
          tree, "/progress/released_terms", atMost: layout.rates.termTexts.count),
        step: try integer(tree, "/progress/released_after"))
    return OuterState(
      step: try integer(tree, "/progress/outer_step"),
      learned: Learned(
        rates: try take(layout.unconstrained, under: "/rates_raw", from: tree),
        initialWeights: try take(layout.initialWeights, under: "/model", from: tree),
        scalars: try take(layout.scalarItems, under: "/scalars_raw", from: tree)),
      inner: try innerStates(of: tree, layout), optimizer: OptimizerState(slots),
      released: released,
      skippedRuns: tree[skippedRuns] == nil ? 0 : try integer(tree, skippedRuns), best: best)
  }

  /// Refuses what no run can have come to, whatever its seal says: a state that says two things of itself,
  /// or sums of squares below 0.
  private static func requireAgreement(
    _ tree: HDF5Tree, _ layout: TrainingLayout, seed: UInt64
  ) throws(HDF5Error) {
    func refuse(_ path: String, _ found: String, _ expected: String) -> HDF5Error {
      HDF5Error(.invalid, "use", at: path, found: found, expected: expected)
    }
    guard !holdsBestAlone(tree) else {
      throw refuse("/", "the best state alone", "the last one, to go on from")
    }
    let step = try integer(tree, "/progress/outer_step")
    // Coarse rates suit weights of any shape: another table may have more classes.
    for (path, type) in layout.weights {
      guard let rates = tree["/rates/\(path)"] else { continue }
      let weights = type.shape.extents
      guard rates.shape == weights || Array(rates.shape.dropFirst()) == weights else {
        throw HDF5Error(
          .mismatch, "use", at: "/rates/\(path)", found: "the shape \(rates.shape)",
          expected: "\(weights), as weights have now; have the data or the model changed?")
      }
    }
    let attributes = tree[group: "/"].attributes
    let named =
      attributes[CheckpointFolder.outerStepAttribute]
      ?? attributes[CheckpointFolder.formerStepAttribute]
    if let named, named != .integer(Int64(step)) {
      throw refuse(
        "/progress/outer_step", "\(step)",
        "\(named.integerValue.map(String.init) ?? "a number"), as the file says of itself")
    }
    if tree["/random/seed"] != nil {
      let found = UInt64(
        bitPattern: try tree.elements(of: Int64.self, at: "/random/seed", shape: [])[0])
      guard found == seed else {
        throw refuse("/random/seed", "\(found)", "\(seed), as the configuration says")
      }
    }
    for path in [BestDatasets.step, "/progress/released_after"] where tree[path] != nil {
      _ = try integer(tree, path, atMost: step)
    }
    if tree[BestDatasets.step] != nil {
      let objective = try number(tree, BestDatasets.objective)
      guard objective.isFinite else {
        throw refuse(BestDatasets.objective, "\(objective)", "a finite number")
      }
    }
    // The slot comes first in a path: weights may have any name.
    for group in ["/outer_optimizer", "/inner_optimizer"] {
      for (path, dataset) in tree.datasets(under: group)
      where layout.nonnegativeSlots.contains(String(path.prefix { $0 != "/" })) {
        if let bad = dataset.convertedToDouble().first(where: { $0 < 0 }) {
          throw refuse("\(group)/\(path)", "the value \(bad)", "no negative numbers")
        }
      }
    }
  }

  /// The states of runs that go on; nil for runs that were about to begin anew.
  private static func innerStates(
    of tree: HDF5Tree, _ layout: TrainingLayout
  ) throws(HDF5Error) -> TrainingState? {
    guard let inner = layout.inner,
      inner.items.contains(where: { tree["/inner_optimizer/\($0.path)"] != nil })
    else { return nil }
    return inner.example.replacingTensors(
      try take(inner.items, under: "/inner_optimizer", from: tree))
  }

  /// Whether a tree says that learning started from other rates than the given ones.
  public static func startedElsewhere(
    _ tree: HDF5Tree, _ layout: TrainingLayout, _ initialRates: [Tensor]
  ) -> Bool {
    zip(layout.rates.parameters.paths, initialRates).contains { path, rates in
      tree["/rates_initial/\(path)"].map { $0.bytes != HDF5Dataset(rates).bytes } ?? false
    }
  }

  private static func take(
    _ layout: [(path: String, type: TensorType)], under group: String, from tree: HDF5Tree
  ) throws(HDF5Error) -> [Tensor] {
    var tensors: [Tensor] = []
    for item in layout {
      let path = "\(group)/\(item.path)"
      tensors.append(try tree.dataset(at: path).tensor(of: item.type, at: path))
    }
    return tensors
  }

  private static func integer(
    _ tree: HDF5Tree, _ path: String, atMost most: Int = .max
  ) throws(HDF5Error) -> Int {
    let value = try tree.elements(of: Int64.self, at: path, shape: [])[0]
    guard (0...most).contains(Int(value)) else {
      throw HDF5Error(
        .invalid, "use", at: path, found: "\(value)",
        expected: most == .max ? "0 or more" : "0 to \(most)")
    }
    return Int(value)
  }

  private static func number(_ tree: HDF5Tree, _ path: String) throws(HDF5Error) -> Double {
    try tree.elements(of: Double.self, at: path, shape: [])[0]
  }
}
