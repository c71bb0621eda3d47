import TensorPrograms
import Testing

/// Where time goes: who is called how often, and what each call does.
@Suite struct ProfileTests {
  private typealias Line = Profile.Line

  private func profile(_ function: CompiledProgram, _ inputs: [Tensor]) -> Profile {
    let profile = function.profile(inputs, runs: 3)
    #expect(profile.results.map(\.doubles) == function(inputs).map(\.doubles))
    #expect(profile.lines.allSatisfy { $0.milliseconds >= 0 })
    return profile
  }

  @Test("a scan of 7 steps runs its map 7 times, and that each block's kernels", arguments: [8, 9])
  func calls(tasks: Int) throws {
    let type = TensorType([6, 6], .float64)
    let function = compile([type, type.prepending(tasks)]) { x in
      let last = Tensor.scan(x[0], length: 7) { state in
        let product = Tensor.sum(over: x[1], length: tasks) { $0.product(state).tanh() }
        return (product * 0.1, NoTensors())
      }.carry
      return [last]
    }
    var numbers = Numbers("profile")
    let inputs = function.inputTypes.map { numbers.tensor($0.shape) }
    let profile = profile(function, inputs)
    func line(_ start: String) throws -> Line {
      try #require(profile.lines.first { $0.text.hasPrefix(start) })
    }
    let (scan, map) = (try line("scan"), try line("map"))
    #expect(scan.calls == 1 && scan.place.isEmpty && scan.kind == .loops)
    #expect(map.calls == 7 && map.place == ["scan"] && map.depth == 1)
    let inside = profile.lines.filter { $0.kind == .products }
    #expect(inside.allSatisfy { $0.depth == 2 })
    #expect(inside.map(\.calls) == (tasks == 8 ? [7 * 8] : [7 * 4, 7]))
    // Whatever the blocks are, a step multiplies all tasks' matrices.
    #expect(inside.reduce(0) { $0 + $1.work } == 7 * tasks * 2 * 6 * 6 * 6)
  }

  @Test("products count operations, others the bytes that they read and write")
  func work() throws {
    let types = [TensorType([3, 5], .float32), TensorType([5, 7], .float32)]
    let product = compile(types) { [$0[0].product($0[1])] }
    let line = try #require(profile(product, types.map { Tensor(repeating: 2, $0) }).lines.first)
    #expect(line.kind == .products && line.work == 2 * 3 * 5 * 7 && line.calls == 1)
    #expect(product.planText.hasPrefix("  " + line.text))

    // A row that is read for each of 64 is read once.
    let operands = [TensorType([64, 32], .float32), TensorType([32], .float32)]
    let cluster = compile(operands) { x in
      [(x[0] * x[1].broadcast(to: [64, 32], axes: [1])).tanh()]
    }
    let lines = profile(cluster, operands.map { Tensor(repeating: 0.5, $0) }).lines
    #expect(lines.map(\.kind) == [.clusters])
    #expect(lines[0].work == (64 * 32 + 32 + 64 * 32) * 4)
  }

  @Test("a sweep's step and pullback are told apart, and times add up to the run's")
  func places() throws {
    let type = TensorType([40, 40], .float64)
    let function = compile([type]) { x in
      gradient(at: x) { x in
        Tensor.scan(x[0], length: 12, policy: .binomial(snapshots: 3)) { state in
          (state.product(x[0]).tanh(), NoTensors())
        }.carry.sum()
      }
    }
    var numbers = Numbers("sweep")
    let profile = profile(function, [numbers.tensor([40, 40])])
    let sweep = try #require(profile.lines.first { $0.text.hasPrefix("sweep") })
    #expect(sweep.calls == 1)
    let pullbacks = profile.lines.filter { $0.place.contains("pullback") }
    #expect(!pullbacks.isEmpty && pullbacks.allSatisfy { $0.calls == 12 })
    let total = profile.lines.reduce(0) { $0 + $1.milliseconds }
    #expect(total <= profile.seconds * 1000 * 1.001)
  }
}
