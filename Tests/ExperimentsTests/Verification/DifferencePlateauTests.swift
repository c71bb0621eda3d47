import Experiments
import Foundation
import TensorPrograms
import Testing

@Suite("Central differences over steps")
struct DifferencePlateauTests {
  private func plateau(
    noise: Double, _ scale: Double = 1, of function: (Double) -> Double
  ) -> DifferencePlateau {
    DifferencePlateau(noise: noise, scale: scale, of: function)
  }

  private static let curves: [(name: String, slope: Double, at: @Sendable (Double) -> Double)] = [
    ("a line", 3, { 2 + 3 * $0 }),
    ("a parabola", 3, { 2 + 3 * $0 + 50 * $0 * $0 }),
    ("a sine", 1, { sin($0) }),
    ("a fast sine", 1000, { sin(1000 * $0) }),
    ("a constant", 0, { _ in 2 }),
    // A kink that long steps cross, and an end that they pass.
    ("a kink", 1, { $0 + max(0, $0 - 1e-3) }),
    ("a logarithm", 100, { log($0 + 0.01) }),
  ]

  @Test("the slope is found within what is said of it", arguments: curves.indices)
  func slopes(_ index: Int) {
    let curve = Self.curves[index]
    let found = plateau(noise: 0x1p-52, of: curve.at)
    #expect(abs(found.slope - curve.slope) <= found.uncertainty + 1e-12, "\(curve.name): \(found)")
    #expect(found.uncertainty <= 1e-5 * max(1, abs(curve.slope)), "\(curve.name): \(found)")
  }

  /// Rounding is random here, so that quotients of short steps agree now and then by chance.
  @Test("rounding is no slope", arguments: [1e-12, 1e-6, 1e-2])
  func rounding(_ noise: Double) {
    var stream = RandomStream(seed: 1, purpose: "rounding")
    let trials = 400
    let covered = (0..<trials).count { _ in
      let found = plateau(noise: noise) { sin(3 * $0) + noise * stream.normal() }
      return abs(found.slope - 3) <= found.uncertainty
    }
    #expect(covered >= trials - 2, "\(covered) of \(trials)")
  }

  @Test("the shorter a step, the more rounding there is")
  func steps() {
    let found = plateau(noise: 1e-9) { sin($0) }
    #expect(abs(found.rounding - 4e-9 / (2.0.squareRoot() * found.step)) < 1e-18)
    #expect(DifferencePlateau.steps.contains(found.step))
    let noisier = plateau(noise: 1e-4) { sin($0) }
    #expect(noisier.step > found.step && noisier.uncertainty > found.uncertainty)
  }

  /// As of runs at the edge of stability: long steps see a function that stays within bounds.
  @Test("a slope that only short steps see is found or not denied", arguments: [1e4, 1e8, 1e12])
  func rough(_ slope: Double) {
    let found = plateau(noise: 1e-6, slope) { sin(slope * $0) }
    #expect(abs(found.slope - slope) <= found.uncertainty + 1e-6 * slope, "\(found)")
  }

  @Test("what is finite nowhere has no slope")
  func nowhere() {
    let found = plateau(noise: 1e-16) { _ in .nan }
    #expect(found.slope.isNaN && found.uncertainty == .infinity)
  }
}
