import Foundation
import TensorPrograms

/// Something about a run that its reader should know, in words.
public struct DiagnosticWarning: Sendable, Equatable {
  /// What it is about: equal for a warning that is repeated at a later step.
  public let subject: String
  /// What was found, and what to do.
  public let text: String
}

extension Diagnostics {
  /// A run over which the adjoint grows by more than this is chaotic.
  private static var chaoticGrowth: Double { 1e3 }

  /// What is out of order.
  ///
  /// - Parameter names: those of the rates' unconstrained tensors.
  public func warnings(names: [ParameterPath]) -> [DiagnosticWarning] {
    [growth, edge, bound, negative, orbits].compactMap { $0 } + zeros(names)
  }

  private var growth: DiagnosticWarning? {
    guard let first = adjointNorms.first, let last = adjointNorms.last, let end = adjointSteps.last,
      isChaotic
    else { return nil }
    return DiagnosticWarning(
      subject: "adjoint growth",
      text: "the derivative with respect to the weights grows like chaos, from "
        + "\(rounded(last)) at inner step \(end) to \(rounded(first)) at the first: the "
        + "hypergradient is mostly noise; lower the rates, shorten inner.steps, clip gradients, or "
        + "choose the estimator truncated or evolution")
  }

  /// Whether most segments, not a single one, make the adjoint grow.
  private var isChaotic: Bool {
    guard adjointNorms.allSatisfy(\.isFinite) else { return true }
    let pairs = zip(adjointNorms, adjointNorms.dropFirst())
    let growing = pairs.count { $0 > $1 }
    return adjointGrowth > Diagnostics.chaoticGrowth && 4 * growing >= 3 * (adjointNorms.count - 1)
  }

  private var edge: DiagnosticWarning? {
    guard let stabilityEdge, sharpness > stabilityEdge else { return nil }
    return DiagnosticWarning(
      subject: "sharpness",
      text:
        "rates times curvature are \(rounded(sharpness)) at the end of a run, above the edge of "
        + "stability \(rounded(stabilityEdge)): training jumps back and forth along the sharpest "
        + "direction; lower the rates there, add a warm-up, or clip gradients")
  }

  private var orbits: DiagnosticWarning? {
    guard let exchange else { return nil }
    let isUndecided = exchange.pValue > 0.05
    return DiagnosticWarning(
      subject: "exchangeable parameters, \(isUndecided ? "noise" : "signal")",
      text:
        "\(percent(exchange.share)) of the squared hypergradient lies between parameters that fresh "
        + "weights exchange, and \(percent(exchange.exchangedShare)) where their units are exchanged at "
        + "random (p = \(rounded(exchange.pValue))): "
        + (isUndecided
          ? "these runs show no more than noise in the differences between exchangeable parameters; one "
            + "rate an orbit, or a decay of what is finer, is the safer choice"
          : "they differ in more than noise, so that rates of single parameters have something to learn")
    )
  }

  private var bound: DiagnosticWarning? {
    guard fractionAtBound > 0.5 else { return nil }
    return DiagnosticWarning(
      subject: "rates at a bound",
      text: "\(percent(fractionAtBound)) of the rates are at a bound of their parameterization, "
        + "where they hardly learn: widen the bound, change rates.parameterization, or lower the "
        + "outer rate")
  }

  private var negative: DiagnosticWarning? {
    guard fractionNegative > 0.25 else { return nil }
    return DiagnosticWarning(
      subject: "negative rates",
      text: "\(percent(fractionNegative)) of the rates are negative and climb the training loss: "
        + "where that is not wanted, set rates.parameterization to log or softplus, or lower the "
        + "outer rate")
  }

  private func zeros(_ names: [ParameterPath]) -> [DiagnosticWarning] {
    zip(names, isHypergradientZero).filter(\.1).map { name, _ in
      DiagnosticWarning(
        subject: "zero hypergradient of \(name)",
        text: "the whole hypergradient of \(name) is exactly zero, so that its rates are not "
          + "learned: its units may be dead, as relu units with negative inputs are, or the "
          + "truncated window may not reach the steps that it trains")
    }
  }
}

/// Three digits, as a warning needs.
private func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

private func percent(_ fraction: Double) -> String { "\(Int((100 * fraction).rounded())) %" }
