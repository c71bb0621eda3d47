import TensorPrograms
import Testing

@Suite struct RandomStreamTests {
  /// Known answers published with the Random123 library.
  @Test(arguments: [
    (
      SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func knownAnswers(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>, _ expected: SIMD4<UInt32>) {
    #expect(Philox.words(counter: counter, key: key) == expected)
  }

  @Test func namesDecideTheStream() {
    func first(_ seed: UInt64, _ purpose: String, _ index: UInt64) -> UInt64 {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index)
      return stream.next()
    }
    #expect(first(1, "a", 0) == first(1, "a", 0))
    let others = [first(1, "a", 0), first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)]
    #expect(Set(others).count == others.count)
  }

  @Test func distributionsHaveTheirMoments() {
    var stream = RandomStream(seed: 5, purpose: "moments")
    let normals = (0..<100_000).map { _ in stream.normal() }
    let mean = normals.reduce(0, +) / 1e5
    let variance = normals.reduce(0) { $0 + $1 * $1 } / 1e5
    #expect(abs(mean) < 0.015 && abs(variance - 1) < 0.02)
    let order = stream.permutation(1000)
    #expect(order.sorted() == Array(0..<1000) && order != Array(0..<1000))
  }

  @Test("words, pairs of words and integers come from one sequence")
  func mixes() {
    var words = RandomStream(seed: 5, purpose: "mixed")
    let sequence = (0..<64).map { _ in words.nextWord() }
    var mixed = RandomStream(seed: 5, purpose: "mixed")
    var found: [UInt32] = []
    for round in 0..<12 {
      for _ in 0..<round % 4 { found.append(mixed.nextWord()) }
      let pair = mixed.next()
      found += [UInt32(truncatingIfNeeded: pair), UInt32(truncatingIfNeeded: pair >> 32)]
    }
    #expect(found == Array(sequence.prefix(found.count)))
    var (ours, theirs) = (mixed, mixed)
    for bound in [1, 2, 7, 899, 1 << 40, Int.max, Int.max / 3 * 2] {
      for _ in 0..<50 {
        let expected = theirs.next(upperBound: UInt64(bound))
        #expect(UInt64(ours.integer(below: bound)) == expected)
      }
    }
  }
}
