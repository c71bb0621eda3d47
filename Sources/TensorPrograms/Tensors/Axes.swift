// How axes are named: from the first, or, where negative, from behind the last.

extension Tensor {
  /// The axis that a number names: itself, or counted from behind where it is negative.
  func axis(_ number: Int, of rank: Int? = nil) -> Int {
    let rank = rank ?? self.rank
    require(
      -rank <= number && number < rank,
      "axis \(number) of \(type): axes are \(-rank)..<\(rank)")
    return number < 0 ? number + rank : number
  }

  /// The axes that numbers name, in ascending order; all where there are none.
  func sortedAxes(_ numbers: [Int]?, of rank: Int? = nil) -> [Int] {
    guard let numbers else { return Array(0..<self.rank) }
    let axes = numbers.map { axis($0, of: rank) }.sorted()
    require(
      zip(axes, axes.dropFirst()).allSatisfy(<), "axes \(numbers) of \(type) name one axis twice")
    return axes
  }
}
