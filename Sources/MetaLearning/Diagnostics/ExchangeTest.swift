import TensorPrograms

/// Whether learning tells exchangeable parameters apart: a permutation test of the hypergradients
/// of some runs.
///
/// Where exchanging units changes neither the law of initial weights, nor the loss, nor the law of
/// the data, and updates are equivariant, hypergradients at rates that are equal within orbits have
/// the same law after each run's units are exchanged at random. So the share of the mean
/// hypergradient's square that lies within orbits, as deviations from orbits' means, is one of many
/// draws of equal standing, and its rank gives an exact p-value.
public struct ExchangeTest: Sendable, Equatable {
  /// The share of the squared norm of the mean hypergradient that lies within orbits; 0 where the
  /// hypergradient is zero.
  public let share: Double
  /// The mean of that share where units are exchanged: what noise gives.
  public let exchangedShare: Double
  /// How likely exchanged units give as large a share.
  public let pValue: Double

  /// What a test found.
  public init(share: Double, exchangedShare: Double, pValue: Double) {
    (self.share, self.exchangedShare, self.pValue) = (share, exchangedShare, pValue)
  }

  /// The test of hypergradients at rates that are equal within orbits; nil where there is nothing
  /// to test: units of which there are two, two runs, and finite numbers.
  ///
  /// - Parameters:
  ///   - hypergradients: of each run, [runs, …] for each parameter tensor.
  ///   - layout: the parameters and which of their units are exchanged.
  ///   - draws: how often units are exchanged.
  ///   - generator: exchanges them.
  public init?(
    _ hypergradients: [Tensor], _ layout: RateLayout, draws: Int = 199,
    generator: inout RandomStream
  ) {
    let tensors = zip(layout.parameters.shapes, layout.parameters.axes).map {
      ExchangedTensor($0, $1, layout.symmetry)
    }
    let values = hypergradients.map(\.doubles)
    let runs = hypergradients.first?.shape[0] ?? 0
    let units = Dictionary(tensors.flatMap(\.units), uniquingKeysWith: { one, _ in one })
    let names = units.keys.sorted()
    guard runs > 1, units.values.contains(where: { $0 > 1 }),
      hypergradients.allSatisfy({ $0.summary.isFinite })
    else { return nil }

    /// The share where each run's units are in an order of its own.
    func share(_ isExchanged: Bool) -> Double {
      var sums = tensors.map { [Double](repeating: 0, count: $0.count) }
      for run in 0..<runs {
        var orders: [String: [Int]] = [:]
        if isExchanged {
          for name in names { orders[name] = Array(0..<units[name]!).shuffled(using: &generator) }
        }
        for index in tensors.indices {
          tensors[index].add(values[index], run: run, orders, to: &sums[index])
        }
      }
      let squares = zip(tensors, sums).map { $0.squares(of: $1) }
      let (within, all) = squares.reduce((0, 0)) { ($0.0 + $1.within, $0.1 + $1.all) }
      return all > 0 ? within / all : 0
    }
    self.share = share(false)
    let exchanged = (0..<draws).map { _ in share(true) }
    exchangedShare = exchanged.reduce(0, +) / Double(max(1, draws))
    // Sums in another order differ by rounding.
    let least = self.share * (1 - 1e-12)
    pValue = Double(1 + exchanged.count { $0 >= least }) / Double(1 + draws)
  }
}

/// One parameter tensor whose units can be exchanged.
private struct ExchangedTensor {
  let count: Int
  /// How many there are of each of its exchangeable units.
  let units: [String: Int]
  private let orbits: Orbits
  private let parts: [(name: String?, count: Int)]

  init(_ shape: Shape, _ axes: [Axis], _ symmetry: RateSymmetry) {
    count = shape.count
    parts = Orbits.parts(shape, axes, symmetry)
    units = Dictionary(
      parts.compactMap { part in part.name.map { ($0, part.count) } },
      uniquingKeysWith: { one, _ in one })
    orbits = Orbits(of: shape, axes, symmetry)
  }

  /// Adds a run's numbers in another order of units.
  func add(
    _ values: [Double], run: Int, _ orders: [String: [Int]], to sums: inout [Double]
  ) {
    // Where each parameter's number comes from, part by part.
    var sources = [run * count]
    var stride = count
    for part in parts {
      stride /= part.count
      let order = part.name.flatMap { orders[$0] }
      sources = sources.flatMap { source in
        (0..<part.count).map { source + (order?[$0] ?? $0) * stride }
      }
    }
    for (index, source) in sources.enumerated() { sums[index] += values[source] }
  }

  /// The sum of squares of some numbers, and that of their deviations from their orbits' means.
  func squares(of values: [Double]) -> (within: Double, all: Double) {
    var (sums, sizes) = (
      [Double](repeating: 0, count: orbits.count), [Double](repeating: 0, count: orbits.count)
    )
    for (orbit, value) in zip(orbits.ofParameters, values) {
      sums[Int(orbit)] += value
      sizes[Int(orbit)] += 1
    }
    let all = values.reduce(0) { $0 + $1 * $1 }
    let within = zip(orbits.ofParameters, values).reduce(0) { sum, item in
      let rest = item.1 - sums[Int(item.0)] / sizes[Int(item.0)]
      return sum + rest * rest
    }
    return (within, all)
  }
}
