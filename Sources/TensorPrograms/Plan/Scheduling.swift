import CKernels

/// How an equation reaches memory.
enum EquationKind {
  /// A number or array known beforehand.
  case constant
  /// Another name for its operand's memory, `offset` elements in.
  case alias(offset: Int)
  /// A repetition that its readers see through.
  case view
  /// The contents of windows, which products cut out of the images themselves.
  case contents
  /// A product that its reader's kernel computes.
  case absorbed
  /// Fused with others of its shape.
  case elementwise
  /// A kernel of its own.
  case single
}

/// A step of a schedule: positions of equations that run together.
enum ScheduledGroup {
  /// Elementwise equations over one shape, and behind them reductions of what they compute.
  case cluster([Int])
  case single(Int)
  /// A product whose result is folded to images, or added to something, or passes a relu or a gate,
  /// at once: the product, then its readers, each of which reads the one before it.
  case fused(product: Int, readers: [Int])

  /// All the positions.
  var positions: [Int] {
    switch self {
    case .cluster(let positions): positions
    case .single(let position): [position]
    case .fused(let product, let readers): [product] + readers
    }
  }
}

/// Orders a program's equations so that elementwise ones of a shape come together.
///
/// Takes turns: first everything ready that has a kernel of its own, then everything elementwise
/// that follows from values in memory without leaving its shape. Both in program order, so that
/// equal programs have equal plans.
struct Schedule {
  let uses: Uses
  private(set) var kinds: [EquationKind] = []
  private(set) var groups: [ScheduledGroup] = []

  var program: Program { uses.program }

  /// - Parameter carried: outputs that may overwrite inputs, as a loop's do.
  init(_ program: Program, carried: [Carried] = []) {
    uses = Uses(program)
    kinds = program.equations.map { Schedule.kind($0, program.types) }
    settleViews()
    let folded = WindowFusion(uses).apply(to: &kinds)
    let followed = ProductFusion(uses).apply(to: &kinds)
    order(folded.merging(followed) { fold, _ in fold })
    LateClusters(uses).apply(to: &groups)
    TrailingReductions(program).apply(to: &groups)
    var recomputation = Recomputation(
      uses, overwritten: Set(carried.map { program.inputs[$0.input] }),
      isView: { [self] in view($0) != nil })
    recomputation.apply(to: &groups)
  }

  private static func kind(_ equation: Equation, _ types: [TensorType]) -> EquationKind {
    switch equation.primitive {
    case .constant: return .constant
    case .reshape: return .alias(offset: 0)
    case .slice(let starts, let limits):
      let shape = types[equation.inputs[0]].shape
      // Contiguous where all axes but the first are whole.
      let isContiguous = shape.extents.indices.dropFirst().allSatisfy {
        starts[$0] == 0 && limits[$0] == shape[$0]
      }
      guard isContiguous, shape.rank > 0 else { return .single }
      return .alias(offset: starts[0] * shape.strides[0])
    case .broadcast: return .view
    case .unary, .binary, .compare, .select: return .elementwise
    default: return .single
    }
  }

  /// A view stays one only where every reader can see through it.
  private mutating func settleViews() {
    for output in program.outputs {
      if let position = view(output) { kinds[position] = .single }
    }
    for (reader, equation) in program.equations.enumerated() {
      for input in equation.inputs {
        guard let position = view(input) else { continue }
        switch kinds[reader] {
        case .elementwise: break
        case .single:
          if case .product = equation.primitive,
            Schedule.repeatsMatrix(program.equations[position], program.types)
          {
            break
          }
          kinds[position] = .single
        case .constant, .alias, .view, .contents, .absorbed: kinds[position] = .single
        }
      }
    }
  }

  /// The position of the repetition that a variable is, where its readers see through it.
  private func view(_ variable: Int) -> Int? {
    guard let position = uses.position(defining: variable), case .view = kinds[position]
    else { return nil }
    return position
  }

  /// What a variable repeats, where its readers see through the repetition.
  func repeated(_ variable: Int) -> (source: Int, axes: [Int])? {
    guard let position = view(variable),
      case .broadcast(_, let axes) = program.equations[position].primitive
    else { return nil }
    return (program.equations[position].inputs[0], axes)
  }

  /// How a variable, perhaps a view, is read over an iteration space.
  func access(to variable: Int, over shape: Shape) -> mr_access {
    func access(_ kind: Int, _ strides: mr_axes = mr_axes()) -> mr_access {
      mr_access(kind: Int32(kind), strides: strides)
    }
    guard let (source, axes) = repeated(variable) else {
      return access(shape.count == 1 ? MR_SCALAR : MR_CONTIGUOUS)
    }
    let operand = program.types[source].shape
    if operand.count == 1 { return access(MR_SCALAR) }
    var strides = [Int](repeating: 0, count: shape.rank)
    for (axis, stride) in zip(axes, operand.strides) { strides[axis] = stride }
    return access(MR_STRIDED, mr_axes(strides))
  }

  /// Whether a repetition repeats one whole matrix.
  static func repeatsMatrix(_ equation: Equation, _ types: [TensorType]) -> Bool {
    guard case .broadcast(let shape, let axes) = equation.primitive else { return false }
    return axes == [shape.rank - 2, shape.rank - 1]
  }

  /// - Parameter absorbed: what each equation whose kernel computes a product too absorbs: the
  ///   product, or an equation that does.
  private mutating func order(_ absorbed: [Int: Int]) {
    struct Space: Hashable {
      let shape: Shape
      let scalar: ScalarType
    }
    var inMemory = [Bool](repeating: false, count: program.types.count)
    for input in program.inputs { inMemory[input] = true }
    var remaining = Array(program.equations.indices)

    func group(_ position: Int) -> ScheduledGroup {
      var readers: [Int] = []
      var first = position
      while let earlier = absorbed[first] {
        readers.insert(first, at: 0)
        first = earlier
      }
      return readers.isEmpty ? .single(position) : .fused(product: first, readers: readers)
    }
    func isReady(_ equation: Equation) -> Bool { equation.inputs.allSatisfy { inMemory[$0] } }
    func markOutputs(_ equation: Equation) {
      for output in equation.outputs { inMemory[output] = true }
    }

    while !remaining.isEmpty {
      remaining.removeAll { position in
        let equation = program.equations[position]
        guard isReady(equation) else { return false }
        switch kinds[position] {
        case .elementwise: return false
        case .single: groups.append(group(position))
        case .constant, .alias, .view, .contents, .absorbed: break
        }
        markOutputs(equation)
        return true
      }
      var clusters: [[Int]] = []
      var open: [Space: Int] = [:]
      var clusterOf: [Int: Int] = [:]
      remaining.removeAll { position in
        guard case .elementwise = kinds[position] else { return false }
        let equation = program.equations[position]
        let type = program.types[equation.outputs[0]]
        let space = Space(shape: type.shape, scalar: type.scalar)
        let cluster = open[space]
        let fits = equation.inputs.allSatisfy { input in
          inMemory[input] || (cluster != nil && clusterOf[input] == cluster)
        }
        guard fits else { return false }
        if let cluster, clusters[cluster].count < Limits.clusterEquations {
          clusters[cluster].append(position)
          clusterOf[equation.outputs[0]] = cluster
        } else if cluster == nil || equation.inputs.allSatisfy({ inMemory[$0] }) {
          clusters.append([position])
          open[space] = clusters.count - 1
          clusterOf[equation.outputs[0]] = clusters.count - 1
        } else {
          return false
        }
        return true
      }
      for cluster in clusters {
        groups.append(.cluster(cluster))
        for position in cluster { markOutputs(program.equations[position]) }
      }
    }
  }
}
