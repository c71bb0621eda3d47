import Foundation
import TensorPrograms

/// What simulated scores vary by, with mean 0 and standard deviation 1.
package enum SimulatedErrors: String, CaseIterable, Sendable {
  case normal
  /// Exponential: skewness 2.
  case exponential
  /// Log-normal, of a normal with standard deviation 1: skewness 6.
  case logNormal = "log-normal"
  /// Student's t with three degrees of freedom, whose fourth moment is infinite.
  case student3 = "Student-3"

  /// Whether errors are as likely as their opposites.
  var isSymmetric: Bool { self == .normal || self == .student3 }

  func draw(_ stream: inout RandomStream) -> Double {
    switch self {
    case .normal: return stream.normal()
    case .exponential: return -log(1 - stream.uniform()) - 1
    case .logNormal:
      let (mean, variance) = (exp(0.5), exp(2.0) - exp(1.0))
      return (exp(stream.normal()) - mean) / variance.squareRoot()
    case .student3:
      // Its variance is 3, which cancels the 3 under the sum of squares.
      let squares = (0..<3).reduce(0.0) { sum, _ in
        let x = stream.normal()
        return sum + x * x
      }
      return stream.normal() / squares.squareRoot()
    }
  }
}
