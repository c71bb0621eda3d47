import HDF5Files
import MetaLearning

/// Diagnostics of some outer steps as datasets: numbers beside the other scalars, and
/// `/diagnostics` with the adjoint's norm by outer and inner step. NaN stands where nothing was
/// measured.
struct DiagnosticsDatasets {
  private static let scalars:
    [(name: String, meaning: String, value: @Sendable (Diagnostics) -> Double)] = [
      (
        "adjoint_growth", "norm of the adjoint at the first moment over that at the last",
        { $0.adjointGrowth }
      ),
      (
        "sharpness",
        "greatest eigenvalue of A^1/2 H A^1/2 at the end of a run, A the applied rates",
        { $0.sharpness }
      ),
      (
        "stability_edge", "sharpness at which training becomes unstable on a quadratic",
        { $0.stabilityEdge ?? .nan }
      ),
      ("fraction_moved", "share of rates more than 1 % from their start", { $0.fractionMoved }),
      ("fraction_negative", "share of rates below 0", { $0.fractionNegative }),
      (
        "fraction_at_bound", "share of rates at a bound of their parameterization",
        { $0.fractionAtBound }
      ),
      (
        "share_within_orbits", "share of the squared hypergradient that lies within orbits",
        { $0.exchange?.share ?? .nan }
      ),
      (
        "share_exchanged", "the same where units are exchanged at random",
        { $0.exchange?.exchangedShare ?? .nan }
      ),
      (
        "exchange_p", "p-value of the test of exchange", { $0.exchange?.pValue ?? .nan }
      ),
    ]

  /// Names of `numbers`.
  static var names: [String] { scalars.map(\.name) }

  /// The scalars of one step; nil where they were not measured.
  static func numbers(_ diagnostics: Diagnostics?) -> [Double?] {
    scalars.map { scalar in
      diagnostics.map(scalar.value).flatMap { $0.isNaN ? nil : $0 }
    }
  }

  /// Adds the diagnostics of outer steps to a trajectory's tree.
  static func write(_ rows: [Diagnostics?], steps: [Int64], to tree: inout HDF5Tree) {
    for (name, meaning, value) in scalars {
      tree["/scalars/\(name)"] = HDF5Dataset(
        rows.map { $0.map(value) ?? .nan }, dimensions: ["outer_step"], isExtendable: true
      ).described(meaning)
    }
    guard let last = rows.lazy.compactMap({ $0 }).last else { return }
    tree["/diagnostics/outer_step"] = HDF5Dataset(
      steps, dimensions: ["outer_step"], isExtendable: true
    ).described("outer steps done")
    tree["/diagnostics/inner_step"] = HDF5Dataset(
      last.adjointSteps.map { Int64($0) }, dimensions: ["inner_step"]
    ).described("inner steps done at moments of validation run 0")
    func put(
      _ name: String, _ meaning: String, _ axis: String, _ width: Int,
      _ row: (Diagnostics) -> [Double]
    ) {
      tree["/diagnostics/\(name)"] = HDF5Dataset(
        rows.flatMap { diagnostics in
          let values = diagnostics.map(row) ?? []
          return values.count == width ? values : [Double](repeating: .nan, count: width)
        }, shape: [rows.count, width], dimensions: ["outer_step", axis], isExtendable: true
      ).described(meaning)
    }
    put(
      "adjoint_norms", "norm of the objective's derivative with respect to weights", "inner_step",
      last.adjointSteps.count
    ) {
      // One scale serves all rows: those of another one are left out.
      $0.adjointSteps == last.adjointSteps ? $0.adjointNorms : []
    }
    // The start alone has none.
    guard let tensors = rows.lazy.compactMap({ $0?.isHypergradientZero.count }).max(), tensors > 0
    else { return }
    put(
      "hypergradient_is_zero", "1 where the hypergradient of a tensor of numbers is 0",
      "rate_tensor",
      tensors
    ) {
      $0.isHypergradientZero.map { $0 ? 1 : 0 }
    }
  }

  /// The diagnostics of a trajectory's outer steps; none in files written before there were any.
  static func read(_ tree: HDF5Tree, count: Int) throws -> [Diagnostics?] {
    guard tree["/diagnostics/inner_step"] != nil else {
      return [Diagnostics?](repeating: nil, count: count)
    }
    func column(_ name: String) throws -> [Double] {
      try tree.elements(of: Double.self, at: "/scalars/\(name)", shape: [count])
    }
    let steps = try tree.elements(of: Int64.self, at: "/diagnostics/inner_step").map { Int($0) }
    let norms = try tree.elements(
      of: Double.self, at: "/diagnostics/adjoint_norms", shape: [count, steps.count])
    let zeros =
      tree["/diagnostics/hypergradient_is_zero"] == nil
      ? [] : try tree.elements(of: Double.self, at: "/diagnostics/hypergradient_is_zero")
    let tensors = count == 0 ? 0 : zeros.count / count
    let sharpness = try column("sharpness")
    let edges = try column("stability_edge")
    let moved = try column("fraction_moved")
    let negative = try column("fraction_negative")
    let bound = try column("fraction_at_bound")
    // Earlier files have no tests of exchange.
    let hasExchange = tree["/scalars/exchange_p"] != nil
    let exchange =
      try hasExchange
      ? ["share_within_orbits", "share_exchanged", "exchange_p"].map(column) : []
    return (0..<count).map { row in
      // Whatever else is measured, this one is a number.
      guard !moved[row].isNaN else { return nil }
      return Diagnostics(
        adjointSteps: steps,
        adjointNorms: Array(norms[row * steps.count..<(row + 1) * steps.count]),
        sharpness: sharpness[row], stabilityEdge: edges[row].isNaN ? nil : edges[row],
        fractionMoved: moved[row], fractionNegative: negative[row], fractionAtBound: bound[row],
        isHypergradientZero: zeros[row * tensors..<(row + 1) * tensors].filter { !$0.isNaN }
          .map { $0 == 1 },
        exchange: !hasExchange || exchange[2][row].isNaN
          ? nil
          : ExchangeTest(
            share: exchange[0][row], exchangedShare: exchange[1][row], pValue: exchange[2][row]))
    }
  }
}
