import Experiments
import TensorPrograms
import Testing

@Suite("Rates that leave more coarsely")
struct ExportedGranularityTests {
  private let rates = Tensor([1, 4, 2, 8, 4, 16], TensorType([3, 2], .float64))

  private func agrees(_ found: Tensor, _ expected: [Double], _ shape: Shape) -> Bool {
    found.shape == shape
      && zip(found.doubles, expected).allSatisfy { abs($0 - $1) <= 1e-14 * abs($1) }
  }

  @Test("means are geometric: of units, whose axis stays, and of tensors, which have none")
  func means() throws {
    let own = try ExportedGranularity.parameter.mean(of: rates, hasTime: false)
    #expect(own.doubles == rates.doubles)
    let outputs = try ExportedGranularity.outputUnit.mean(of: rates, hasTime: false)
    #expect(agrees(outputs, [2, 8], [1, 2]))
    let inputs = try ExportedGranularity.inputUnit.mean(of: rates, hasTime: false)
    #expect(agrees(inputs, [2, 4, 8], [3, 1]))
    let one = try ExportedGranularity.tensor.mean(of: rates, hasTime: false)
    #expect(agrees(one, [4], []))
  }

  @Test("each step has means of its own")
  func time() throws {
    let timed = Tensor([1, 4, 2, 8, 3, 3], TensorType([3, 2], .float64))
    let means = try ExportedGranularity.tensor.mean(of: timed, hasTime: true)
    #expect(agrees(means, [2, 4, 3], [3]))
  }

  @Test("rates that are all the same are their own mean, 0 and negative ones too")
  func equal() throws {
    for value in [0.0, -0.3, 0.1] {
      let same = Tensor(repeating: value, TensorType([2, 3], .float64))
      #expect(try ExportedGranularity.tensor.mean(of: same, hasTime: false).doubles == [value])
    }
  }

  @Test("of different signs there is no geometric mean", arguments: [0.0, -1, .nan])
  func refused(_ other: Double) {
    let mixed = Tensor([1, other], TensorType([2], .float64))
    #expect(throws: GeometricMean.Refusal.self) {
      _ = try ExportedGranularity.tensor.mean(of: mixed, hasTime: false)
    }
  }
}
