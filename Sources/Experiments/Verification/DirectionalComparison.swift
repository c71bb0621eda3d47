import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// A gradient's derivatives along named directions of length 1, each beside central differences of
/// the function that it is said to be the gradient of.
package struct DirectionalComparison: Sendable {
  /// One direction.
  package struct Row: Sendable {
    /// The direction's name.
    package let name: String
    /// The gradient times the direction.
    package let found: Double
    /// The same derivative by differences.
    package let expected: DifferencePlateau
    /// What the one says of the other.
    package let verdict: AgreementVerdict
    /// The distance between the two.
    package var error: Double { abs(found - expected.slope) }
  }

  /// The directions' rows, in the order of `UnitDirection.all`.
  package let rows: [Row]
  /// The function's value at the point and its rounding there.
  private let rounding: FunctionRounding
  /// The numbers that the function is of.
  private let count: Int
  private let isDouble: Bool

  /// Compares at some point.
  ///
  /// - Parameters:
  ///   - gradient: the gradient that is checked, tensors like those of `point`.
  ///   - names: one for each tensor.
  ///   - seed: names the streams of all that is random.
  ///   - function: the function at any point.
  package init(
    _ gradient: [Tensor], named names: [String], at point: [Tensor], seed: UInt64,
    of function: ([Tensor]) -> Double
  ) {
    isDouble = point.allSatisfy { $0.type.scalar == .float64 }
    count = point.reduce(0) { $0 + $1.shape.count }
    rounding = FunctionRounding(at: point, isDouble: isDouble, seed: seed, of: function)
    let norm = globalNorm(gradient)
    // What the derivative along a random direction is like.
    let typical = norm.isFinite ? norm / Double(count).squareRoot() : 0
    let rounding = rounding
    let tolerance = Self.tolerance(isDouble)
    rows = UnitDirection.all(of: gradient, named: names, seed: seed).map { direction in
      let found = zip(gradient, direction.tensors).reduce(0) { sum, pair in
        sum + zip(pair.0.doubles, pair.1.doubles).reduce(0) { $0 + $1.0 * $1.1 }
      }
      // A derivative that happens to be small is still made of numbers that are not.
      let scale = max(typical, found.isFinite ? abs(found) : 0)
      let expected = DifferencePlateau(noise: rounding.deviation, scale: scale) { distance in
        function(zip(point, direction.tensors).map { $0 + distance * $1 })
      }
      let verdict = Self.verdict(found, expected, scale: scale, tolerance: tolerance)
      return Row(
        name: direction.name, found: found, expected: expected,
        verdict: rounding.isSmall ? verdict : .cannotTell)
    }
  }

  /// - Parameter scale: the size that the derivative is known by: its own, or a random one's.
  private static func verdict(
    _ found: Double, _ expected: DifferencePlateau, scale: Double, tolerance: Double
  ) -> AgreementVerdict {
    let (slope, uncertainty) = (abs(expected.slope), expected.uncertainty)
    let size = max(scale, slope)
    if abs(found - expected.slope) <= uncertainty + tolerance * size {
      // Where nothing at all depends on the numbers, both are 0.
      let tells = uncertainty <= DifferencePlateau.useless * size || found == expected.slope
      return tells ? .agree : .cannotTell
    }
    // A slope that only steps below rounding see looks like none, and not like another one.
    let isSlope = uncertainty <= DifferencePlateau.useless * slope
    let isNone = uncertainty <= 1e-3 * scale
    return isSlope || isNone ? .differ : .cannotTell
  }

  /// The tolerance for the gradient's own rounding, relative to derivatives.
  private static func tolerance(_ isDouble: Bool) -> Double { isDouble ? 1e-6 : 1e-2 }

  /// What the rows say together: that the gradient is wrong where one of them does, and that it is
  /// right where at least half of them do.
  package var verdict: AgreementVerdict {
    if !of(.differ).isEmpty { return .differ }
    return 2 * of(.agree).count >= rows.count ? .agree : .cannotTell
  }

  private func of(_ verdict: AgreementVerdict) -> [Row] { rows.filter { $0.verdict == verdict } }

  /// What directions and steps are, and the rows.
  ///
  /// - Parameter method: the word for how the gradient was computed.
  package func text(by method: String) -> String {
    let table = Table(
      [
        .left("direction"), .right(method), .right("differences"), .right("error"),
        .right("relative"), .right("step"), .right("spread"), .right("rounding"), .left(""),
      ],
      rows: rows.map { row in
        let (found, expected) = (row.found, row.expected)
        return [
          row.name, String(format: "%.9g", found), String(format: "%.9g", expected.slope),
          Self.power(row.error),
          expected.slope == 0 ? "—" : Self.power(row.error / abs(expected.slope)),
          Self.power(expected.step), Self.power(expected.spread), Self.power(expected.rounding),
          row.verdict.rawValue,
        ]
      })
    func line(_ column: String, _ meaning: String) -> String {
      "  " + column.padding(toLength: max(11, method.count), withPad: " ", startingAt: 0) + "  "
        + meaning + "\n"
    }
    return """
      Derivatives of the objective F at the unconstrained rates r along directions d of length 1: the
      hypergradient's own, that of its part in one tensor, and random ones, independent normal
      numbers for \(Format.count(count, "rate")).

      """
        + line(method, "the hypergradient times d")
        + line(
          "differences", "(F(r + hd) − F(r − hd)) / 2h at a step h of 1, 0.3, 0.1 and so on")
        + line(
          "spread", "how far the next longer and all shorter steps are from it beyond rounding")
        + line("rounding", "of it, 4 ε / √2 h; ε is how much F scatters over moves of last digits:")
        + line(
          "", "here \(Self.power(rounding.deviation)), and F is \(Format.number(rounding.value))")
        + "\n" + table.text
  }

  /// What the rows say, in words.
  ///
  /// - Parameter isExact: whether the gradient is said to be more than an estimate.
  package func conclusion(isExact: Bool = true) -> String {
    let (other, unknown) = (of(.differ).count, of(.cannotTell).count)
    var lines = [
      "\(of(.agree).count) of \(Format.count(rows.count, "direction")) agree: errors within spread, "
        + "rounding and a tolerance of \(Self.power(Self.tolerance(isDouble)))"
    ]
    if other > 0 {
      lines.append("\(other) differ: errors are larger than these together")
      if isExact && !isDouble {
        lines.append("in single precision the sweep may have lost as much; precision=double tells")
      }
    }
    if unknown > 0 {
      let reason =
        !rounding.value.isFinite || rounding.value == 0
        ? "F is \(Format.number(rounding.value)) there, which has no size that rounding could be held against"
        : rounding.isSmall
          ? "spread and rounding are above a tenth of the derivative"
          : "rounding is above a hundredth of F"
      let advice =
        isDouble
        ? "--against forward, for few rates, needs no differences"
        : "precision=double has less of both"
      lines.append("\(unknown) cannot tell: \(reason); \(advice)")
    }
    return lines.joined(separator: "\n")
  }

  private static func power(_ value: Double) -> String { String(format: "%.0e", value) }
}
