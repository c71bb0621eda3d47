import MetaLearning
import TensorPrograms

/// What rates of one network are on another: of other widths, depths or horizons.
///
/// What is shared is a geometric mean. Layers correspond by their index: between networks of different
/// depths the first stands for the first, the last for the last, and what lies between is on lines between
/// logarithms. Steps correspond in the same way.
struct RateTransfer {
  /// A network whose rates are known.
  struct Source {
    let path: String
    let parameters: ParameterLayout
    /// Effective rates; behind an axis of steps where `steps` is not nil.
    let rates: [Tensor]
    /// How many steps the rates are of; nil where they do not change.
    let steps: Int?
  }

  /// What parameters of the other network have in common with those of the first.
  enum Sharing: String, CaseIterable, Sendable {
    /// The same tensors, number by number.
    case parameter
    /// The same tensors, whose output units have rates each.
    case outputUnit
    /// A rate a tensor.
    case tensor
    /// A rate a layer.
    case layer
  }

  /// What becomes of rates where widths differ.
  enum Widths: String, CaseIterable, Sendable {
    /// They stay.
    case keep
    /// They follow the maximal update parametrization.
    case muP
  }

  private let source: Source
  private let sharing: Sharing
  private let widths: Widths

  init(from source: Source, by sharing: Sharing, widths: Widths) {
    (self.source, self.sharing, self.widths) = (source, sharing, widths)
  }

  /// Effective rates for a layout, [parameter shape] each or, where both networks' rates change over
  /// time, [rows of the layout, parameter shape].
  ///
  /// - Parameter optimizer: the other network's, for the widths.
  /// - Throws: `RateError` for networks whose parameters do not correspond.
  func rates(for layout: RateLayout, _ optimizer: any Optimizer) throws(RateError) -> [Tensor] {
    let rows = source.steps == nil ? nil : layout.rowSteps
    guard source.steps == nil || rows != nil else {
      throw unsupported(
        "rates that change over time, expected constant ones; or rates.time step, window or knots")
    }
    let scaling = widths == .muP ? try WidthScaling(optimizer, source.path) : nil
    var rates: [Tensor] = []
    for tensor in layout.parameters.paths.indices {
      let pair = try correspondence(of: tensor, in: layout.parameters)
      guard scaling == nil || pair.isExact else {
        throw unsupported(
          "widths muP beside another depth, expected as many layers; or widths keep")
      }
      let factor = scaling.map {
        $0.factor(
          from: source.parameters.fans(of: pair.first), to: layout.parameters.fans(of: tensor))
      }
      let own = layout.parameters.types[tensor]
      var numbers: [Double] = []
      for row in rows ?? [0] {
        let first = try values(pair.first, at: row, of: layout.steps)
        let second = pair.fraction == 0 ? first : try values(pair.second, at: row, of: layout.steps)
        let mean = zip(first, second).map {
          (factor ?? 1) * GeometricMean.between($0, $1, at: pair.fraction)
        }
        numbers += try spread(mean, over: own.shape, layout.parameters.paths[tensor])
      }
      let shape = rows.map { own.shape.prepending($0.count) } ?? own.shape
      rates.append(Tensor(numbers, TensorType(shape, own.scalar)))
    }
    return rates
  }

  // MARK: Correspondence

  /// Which tensors of the source one corresponds to.
  private struct Pair {
    let first: Int
    let second: Int
    /// Whether both networks have as many tensors of the kind.
    let isExact: Bool
    /// How far it is from the first to the second.
    let fraction: Double
  }

  private func correspondence(
    of tensor: Int, in parameters: ParameterLayout
  ) throws(RateError) -> Pair {
    let path = parameters.paths[tensor]
    if sharing == .parameter || sharing == .outputUnit {
      guard let same = source.parameters.paths.firstIndex(of: path) else {
        throw unsupported(
          "no rates of \(path), expected the same tensors; by: tensor or by: layer transfers to "
            + "other depths")
      }
      return Pair(first: same, second: same, isExact: true, fraction: 0)
    }
    // Tensors of one role, such as weights, are counted by themselves: a last layer without a bias has
    // no place among biases.
    let role = path.role
    let (theirs, own) = (source.parameters.tensors(of: role), parameters.tensors(of: role))
    guard !theirs.isEmpty, let index = own.firstIndex(of: tensor) else {
      throw unsupported("no rates of any \(role), expected some for \(path)")
    }
    guard theirs.count != own.count else {
      return Pair(first: theirs[index], second: theirs[index], isExact: true, fraction: 0)
    }
    let place =
      own.count > 1 ? Double(index) / Double(own.count - 1) * Double(theirs.count - 1) : 0
    let below = min(Int(place), theirs.count - 1)
    return Pair(
      first: theirs[below], second: theirs[min(below + 1, theirs.count - 1)],
      isExact: false, fraction: place - Double(below))
  }

  // MARK: Values

  /// What is shared of a tensor's rates at a step of a run of so many: all of them, one an output unit, or
  /// one.
  private func values(_ tensor: Int, at step: Double, of total: Int) throws(RateError) -> [Double] {
    guard let steps = source.steps else { return try means(tensor, row: nil) }
    let place = total > 1 ? step / Double(total - 1) * Double(steps - 1) : 0
    let below = min(Int(place), steps - 1)
    let first = try means(tensor, row: below)
    guard place > Double(below) else { return first }
    return zip(first, try means(tensor, row: below + 1)).map {
      GeometricMean.between($0, $1, at: place - Double(below))
    }
  }

  private func means(_ tensor: Int, row: Int?) throws(RateError) -> [Double] {
    func numbers(_ index: Int) -> [Double] {
      (row.map { source.rates[index][$0] } ?? source.rates[index]).doubles
    }
    let own = numbers(tensor)
    let groups: [[Double]]
    switch sharing {
    case .parameter: return own
    case .outputUnit:
      let units = source.parameters.shapes[tensor].extents.last ?? 1
      groups = (0..<units).map { unit in
        stride(from: unit, to: own.count, by: units).map { own[$0] }
      }
    case .tensor: groups = [own]
    case .layer:
      let layer = source.parameters.paths[tensor].layer
      groups = [
        source.parameters.paths.indices.filter { source.parameters.paths[$0].layer == layer }
          .flatMap(numbers)
      ]
    }
    var means: [Double] = []
    for group in groups {
      do {
        means.append(try GeometricMean.of(group))
      } catch {
        throw unsupported(
          "rates of \(source.parameters.paths[tensor]) that have no geometric mean (\(error.found)), "
            + "expected rates above 0")
      }
    }
    return means
  }

  /// Shared values as rates of all parameters of a tensor.
  private func spread(
    _ values: [Double], over shape: Shape, _ path: ParameterPath
  ) throws(RateError) -> [Double] {
    switch sharing {
    case .parameter:
      guard values.count == shape.count else {
        throw unsupported(
          "\(values.count) rates of \(path), expected \(shape.count), of shape \(shape); by: tensor "
            + "or by: layer transfers to other widths")
      }
      return values
    case .outputUnit:
      let units = shape.extents.last ?? 1
      guard values.count == units else {
        throw unsupported(
          "\(values.count) output units of \(path), expected \(units); by: tensor or by: layer "
            + "transfers to other widths")
      }
      return (0..<shape.count).map { values[$0 % units] }
    case .tensor, .layer: return [Double](repeating: values[0], count: shape.count)
    }
  }

  private func unsupported(_ text: String) -> RateError {
    .unsupported("rates.initial, from \(source.path): found \(text)")
  }
}

extension ParameterPath {
  /// What a tensor is within its layer: `weight`, `query/bias`.
  fileprivate var role: String { components.dropFirst().joined(separator: "/") }
}

extension ParameterLayout {
  /// The tensors of a role, nearest the input first.
  fileprivate func tensors(of role: String) -> [Int] {
    paths.indices.filter { paths[$0].role == role }
  }
}
