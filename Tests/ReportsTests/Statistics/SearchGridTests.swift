import Foundation
import Reports
import Testing

@Suite("Search grids")
struct SearchGridTests {
  @Test("a logarithmic grid has equal ratios and exact ends")
  func logarithmic() {
    let grid = SearchGrid.logarithmic(from: 1e-3, to: 10, count: 5)
    #expect(grid.first == 1e-3 && grid.last == 10)
    for (found, expected) in zip(grid, [1e-3, 1e-2, 1e-1, 1, 10]) {
      #expect(agrees(found / expected, 1))
    }
    #expect(SearchGrid.logarithmic(from: 4, to: 9, count: 1) == [6])
    let falling = SearchGrid.logarithmic(from: 8, to: 2, count: 3)
    #expect(falling.first == 8 && agrees(falling[1], 4) && falling.last == 2)
  }

  @Test("quasi-random pairs fill every cell of a grid, where random ones leave a third empty")
  func evenness() {
    for seed in 0..<20 {
      var generator = SeededStream(seed: UInt64(seed))
      let pairs = SearchGrid.quasiRandomPairs(
        count: 64, first: 1e-4...1, second: 1e-2...100, generator: &generator)
      // Cells of a quarter of each range: 16, with 4 points each on average.
      var counts = [Int: Int]()
      for pair in pairs {
        #expect((1e-4...1).contains(pair.first) && (1e-2...100).contains(pair.second))
        let column = min(3, Int(log10(pair.first / 1e-4)))
        let row = min(3, Int(log10(pair.second / 1e-2)))
        counts[column * 4 + row, default: 0] += 1
      }
      #expect(counts.count == 16 && counts.values.allSatisfy { (2...6).contains($0) })
    }
  }

  @Test("quasi-random points fill every cell of a cube")
  func points() {
    for seed in 0..<20 {
      var generator = SeededStream(seed: UInt64(seed))
      let points = SearchGrid.quasiRandomPoints(count: 108, dimensions: 3, generator: &generator)
      // Cells of a third of each side: 27, with 4 points each on average.
      var counts = [Int: Int]()
      for point in points {
        #expect(point.count == 3 && point.allSatisfy { (0..<1).contains($0) })
        counts[point.reduce(0) { 3 * $0 + Int(3 * $1) }, default: 0] += 1
      }
      #expect(counts.count == 27 && counts.values.allSatisfy { (1...8).contains($0) })
    }
  }

  @Test("pairs depend on the generator alone, and a longer search continues a shorter one")
  func reproducible() {
    func pairs(_ count: Int, seed: UInt64) -> [Double] {
      var generator = SeededStream(seed: seed)
      return SearchGrid.quasiRandomPairs(
        count: count, first: 1...2, second: 3...4, generator: &generator
      ).flatMap { [$0.first, $0.second] }
    }
    #expect(pairs(8, seed: 1) == pairs(8, seed: 1))
    #expect(pairs(8, seed: 1) != pairs(8, seed: 2))
    #expect(Array(pairs(16, seed: 1).prefix(16)) == pairs(8, seed: 1))
    #expect(pairs(0, seed: 1).isEmpty)
  }

  @Test("a linear grid has equal distances and exact ends")
  func linear() {
    #expect(SearchGrid.linear(from: 0, to: 1, count: 5) == [0, 0.25, 0.5, 0.75, 1])
    #expect(SearchGrid.linear(from: -0.1, to: 0.3, count: 3).last == 0.3)
    #expect(SearchGrid.linear(from: 2, to: 4, count: 1) == [3])
  }

  @Test("in one dimension the steps are the golden ratio's, in two the plastic number's")
  func harmoniousNumbers() {
    for (dimensions, roots) in [
      (1, [1.618_033_988_749_895]), (2, [1.324_717_957_244_746, 1.754_877_666_246_693]),
    ] {
      var generator = SeededStream(seed: 3)
      let points = SearchGrid.quasiRandomPoints(
        count: 2, dimensions: dimensions, generator: &generator)
      for (index, root) in roots.enumerated() {
        let step = points[1][index] - points[0][index]
        #expect(agrees(step < 0 ? step + 1 : step, 1 / root))
      }
    }
  }

  @Test("in any number of dimensions each coordinate is even, and so are pairs of coordinates")
  func manyDimensions() {
    for dimensions in 1...6 {
      var generator = SeededStream(seed: UInt64(dimensions))
      let points = SearchGrid.quasiRandomPoints(
        count: 256, dimensions: dimensions, generator: &generator)
      #expect(points.allSatisfy { $0.count == dimensions && $0.allSatisfy((0..<1).contains) })
      for axis in 0..<dimensions {
        var counts = [Int](repeating: 0, count: 16)
        for point in points { counts[Int(point[axis] * 16)] += 1 }
        // 16 on average; random ones would have a standard deviation of 4.
        #expect(counts.allSatisfy { (9...24).contains($0) }, "\(dimensions), \(axis): \(counts)")
        for other in 0..<axis {
          let cells = Set(points.map { Int($0[axis] * 4) * 4 + Int($0[other] * 4) })
          #expect(cells.count == 16, "\(dimensions): \(axis), \(other)")
        }
      }
    }
  }

  @Test("an optimum on the edge of a grid")
  func gridEdge() {
    let grid = [0.1, 0.3, 1]
    #expect(SearchGrid.isOnEdge(0.1, of: grid) && SearchGrid.isOnEdge(1, of: grid))
    #expect(!SearchGrid.isOnEdge(0.3, of: grid))
    #expect(SearchGrid.isOnEdge(0.3, of: [0.3]))
  }

  @Test("an optimum near the edge of a range, which is then widened there")
  func rangeEdge() {
    let range = 1e-4...1.0
    #expect(SearchGrid.edge(of: range, near: 2e-4) == .lower)
    #expect(SearchGrid.edge(of: range, near: 0.5) == .upper)
    #expect(SearchGrid.edge(of: range, near: 1e-2) == nil)
    #expect(SearchGrid.edge(of: range, near: 0.3) == nil)
    #expect(SearchGrid.edge(of: range, near: 0.3, margin: 0.2) == .upper)
    #expect(SearchGrid.widened(range, at: .upper, by: 10) == 1e-4...10)
    #expect(SearchGrid.widened(range, at: .lower, by: 10) == 1e-5...1)
  }
}
