import Foundation

/// A small reproducible generator (SplitMix64; Steele, Lea and Flood 2014).
struct SeededStream: RandomNumberGenerator {
  private var state: UInt64

  /// The stream of a seed.
  init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A standard normal value, by Box and Muller.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }

  /// An exponential value less its mean: skewed, around 0.
  mutating func centredExponential() -> Double {
    -log(1 - Double.random(in: 0..<1, using: &self)) - 1
  }
}

/// Whether two numbers agree to a relative precision, or are the same infinity.
func agrees(_ first: Double, _ second: Double, within precision: Double = 1e-12) -> Bool {
  first == second || abs(first - second) <= precision * max(1, abs(first), abs(second))
}
