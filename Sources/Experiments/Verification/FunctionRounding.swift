import TensorPrograms

/// How exactly a function of many numbers is known at a point, measured: how much second differences
/// scatter over moves of some last digits, whose own curvature is far below. That is the function's
/// rounding, however much its steps amplify it, and the rounding of the points where it is evaluated.
struct FunctionRounding: Sendable {
  /// The function at the point.
  let value: Double
  /// The standard deviation of its rounding, at least the last digit of `value`.
  let deviation: Double

  /// False where differences of the function say nothing: rounding is then no small addition to
  /// something smooth, as where training is chaotic.
  var isSmall: Bool { deviation <= 0.01 * abs(value) }

  /// How many last digits a number moves by at most: enough for other rounding on the way.
  private static let digits = 64.0
  private static let moves = 12

  /// Measures around the point.
  ///
  /// - Parameter seed: names the stream by which numbers move.
  init(
    at point: [Tensor], isDouble: Bool, seed: UInt64, of function: ([Tensor]) -> Double
  ) {
    let ulp = isDouble ? Double.ulpOfOne : Double(Float.ulpOfOne)
    // Zeros have no last digit; where there is nothing else, they move by those of 1.
    let areZero = point.allSatisfy { $0.doubles.allSatisfy { $0 == 0 } }
    let middle = function(point)
    let squares = (0..<Self.moves).map { index in
      var stream = RandomStream(seed: seed, purpose: "last digits", index: UInt64(index))
      let move = point.map { tensor in
        tensor.doubles.map { number in
          stream.uniform(-1, 1) * Self.digits * ulp * (areZero ? 1 : abs(number))
        }
      }
      func moved(_ sign: Double) -> Double {
        function(
          zip(point, move).map { tensor, move in
            Tensor(zip(tensor.doubles, move).map { $0 + sign * $1 }, tensor.type)
          })
      }
      let second = moved(1) - 2 * middle + moved(-1)
      return second * second
    }
    value = middle
    // Three roundings, one of them twice: a variance of 1 + 4 + 1.
    let variance = squares.reduce(0, +) / Double(6 * Self.moves)
    deviation = max(variance.squareRoot(), ulp * abs(middle))
  }
}
