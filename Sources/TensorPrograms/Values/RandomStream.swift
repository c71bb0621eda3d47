import Foundation

/// Ten rounds of Philox 4x32: four random words from a counter and a key.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
package enum Philox {
  package static func words(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>
  ) -> SIMD4<UInt32> {
    // Numbers of their own: vectors would be taken apart and put together in every round.
    var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
    var (left, right) = (key[0], key[1])
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) &* UInt64(a)
      let second = UInt64(0xCD9E_8D57) &* UInt64(c)
      (a, b, c, d) = (
        UInt32(truncatingIfNeeded: second >> 32) ^ b ^ left, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ d ^ right, UInt32(truncatingIfNeeded: first)
      )
      left &+= 0x9E37_79B9
      right &+= 0xBB67_AE85
    }
    return SIMD4(a, b, c, d)
  }
}

/// A stream of random numbers that depends only on a seed, a purpose and an index.
///
/// Streams of different purposes or indices are independent, so that drawing more numbers for one
/// use never changes another: batch orders stay what they were when a layer is added. Nothing
/// needs to be saved to continue: a stream is made again from its three names.
///
/// ```swift
/// var stream = RandomStream(seed: 3, purpose: "initial weights", index: 7)
/// let x = stream.normal()
/// ```
public struct RandomStream: Sendable, Equatable, RandomNumberGenerator {
  private let key: SIMD2<UInt32>
  private let index: UInt64
  private var block: UInt64 = 0
  /// The block's words in two pairs, low word first, and how many of the four are unused.
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var unused = 0

  /// The stream named by a seed, a purpose and an index.
  public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
    // FNV-1a over the purpose, then two rounds of a 64-bit finalizer with the seed.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let mixed = RandomStream.mix(RandomStream.mix(seed) ^ hash)
    key = SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    self.index = index
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if unused == 0 { refill() }
    // The low word of a pair comes first.
    let pair = unused > 2 ? first : second
    let isLow = unused % 2 == 0
    unused -= 1
    return UInt32(truncatingIfNeeded: isLow ? pair : pair >> 32)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if unused == 0 { refill() }
    guard unused % 2 == 0 else {
      let low = UInt64(nextWord())
      return UInt64(nextWord()) << 32 | low
    }
    defer { unused -= 2 }
    return unused > 2 ? first : second
  }

  private mutating func refill() {
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
    let words = Philox.words(counter: counter, key: key)
    first = UInt64(words[1]) << 32 | UInt64(words[0])
    second = UInt64(words[3]) << 32 | UInt64(words[2])
    block += 1
    unused = 4
  }

  /// A number uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number uniform in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A standard normal number (Box and Muller's transform, the cosine half).
  public mutating func normal() -> Double {
    let radius = (-2 * Foundation.log(1 - uniform())).squareRoot()
    return radius * Foundation.cos(2 * Double.pi * uniform())
  }

  /// An integer uniform in 0..<bound, without bias.
  public mutating func integer(below bound: Int) -> Int {
    // Lemire's method, with the numbers of the standard library's `next(upperBound:)`.
    require(bound > 0, "an integer below \(bound) is none")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let unfair = (0 &- bound) % bound
      while product.low < unfair { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(truncatingIfNeeded: product.high)
  }

  /// The numbers 0..<count in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }
}
