/// What one step of a loop hands to the next: an output of its body and the input that it becomes,
/// by their positions.
package struct Carried: Sendable, Hashable {
  package let output: Int
  package let input: Int

  package init(output: Int, input: Int) {
    self.output = output
    self.input = input
  }
}

extension Program {
  /// Which inputs of a loop's body have a property that spreads from step to step: the marked ones,
  /// and what is carried once any step gives it the property.
  ///
  /// - Parameter reach: the variables of the body that have it in a step whose marked inputs do.
  package func inputs(
    marked: [Bool], spreadingBy carried: [Carried], reach: ([Bool]) -> [Bool]
  ) -> [Bool] {
    closed(marked) { marks in
      let reached = reach(marks)
      return carried.filter { reached[outputs[$0.output]] }.map(\.input)
    }
  }

  /// Which outputs of a loop's body matter: the marked ones, and what is carried to a step in which
  /// it decides one that matters.
  package func outputs(marked: [Bool], wantedBy carried: [Carried]) -> [Bool] {
    closed(marked) { marks in
      let needed = variables(neededFor: marks)
      return carried.filter { needed[inputs[$0.input]] }.map(\.output)
    }
  }
}

/// Marks with all that follow from them: those at the positions that `following` gives are set
/// until it gives no other.
private func closed(_ marks: [Bool], _ following: ([Bool]) -> [Int]) -> [Bool] {
  var marks = marks
  while true {
    let new = following(marks).filter { !marks[$0] }
    if new.isEmpty { return marks }
    for position in new { marks[position] = true }
  }
}
