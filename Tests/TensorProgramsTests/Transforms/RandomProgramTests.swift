import Foundation
import TensorPrograms
import Testing

/// Ways of running random programs that must agree: simplified or not, planned or interpreted, at
/// once or compiled, batched or one by one, derivatives forward or backward.
@Suite struct RandomProgramTests {
  /// The largest difference relative to the size of the values; infinite where only one is finite.
  private func gap(_ found: [Tensor], _ expected: [[Double]]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { tensor, expected in
      let values = tensor.doubles
      guard values.count == expected.count else { return Double.infinity }
      let scale = max(1, expected.filter(\.isFinite).map(abs).max() ?? 0)
      return zip(values, expected).map { a, b in
        if a == b || (a.isNaN && b.isNaN) { return 0 }
        let error = abs(a - b) / scale
        return error.isNaN ? .infinity : error
      }.max() ?? 0
    }.max() ?? 0
  }

  private func check(
    _ what: String, _ seed: UInt64, _ error: Double, _ tolerance: Double, _ program: Program
  ) {
    if !(error <= tolerance) {
      Issue.record("\(what) of seed \(seed) is off by \(error) in\n\(program)")
    }
  }

  /// A program and its simplified and blocked forms are well-formed, and the executor does what the
  /// interpreter does, twice in a row with the same bits.
  private func run(
    _ what: String, _ seed: UInt64, _ program: Program, _ inputs: [Tensor]
  ) throws -> [Tensor] {
    try program.verify()
    let simplified = program.simplified()
    try simplified.verify()
    try simplified.withBlockedMaps().verify()
    let function = CompiledProgram(program)
    let results = function(inputs)
    if program.interpretedCost < 20_000 {
      let expected = Interpreter.run(program, inputs.map(\.doubles))
      check("\(what), executed", seed, gap(results, expected), 1e-7, program)
    }
    check("\(what), again", seed, gap(function(inputs), results.map(\.doubles)), 0, program)
    return results
  }

  @Test(arguments: 0..<16)
  func agree(_ part: Int) throws { try checkPrograms(part) }

  /// The same where clusters compute again whatever they can, however small.
  @Test(arguments: 16..<24)
  func agreeRecomputed(_ part: Int) throws {
    try Recomputation.$leastBytes.withValue(0) { try checkPrograms(part) }
  }

  private func checkPrograms(_ part: Int) throws {
    for seed in UInt64(part * 40)..<UInt64(part * 40 + 40) {
      var random = RandomProgram(seed: seed)
      let types = random.inputTypes()
      let program = random.program(types)
      let inputs = types.map { random.tensor($0) }
      let results = try run("the value", seed, program, inputs)
      let eager = replay(program, inputs)
      check("the value, at once", seed, gap(eager, results.map(\.doubles)), 1e-7, program)
      guard program.equationCount < 60 else { continue }
      try batched(seed, program, types, &random)
      let isTame = results.allSatisfy { $0.doubles.allSatisfy { abs($0) < 1e3 } }
      if isTame { try differentiated(seed, program, inputs, &random, order: 1) }
    }
  }

  /// vmap = loop.
  private func batched(
    _ seed: UInt64, _ program: Program, _ types: [TensorType], _ random: inout RandomProgram
  ) throws {
    let count = 1 + Int(seed % 3)
    let isBatched = types.indices.map { (seed >> UInt64($0)) % 3 != 0 }
    let inputs = zip(types, isBatched).map { random.tensor($1 ? $0.prepending(count) : $0) }
    let (whole, _) = trace(inputs.map(\.type)) { values in
      let (results, flags) = vmap(program, count: count, values, batched: isBatched)
      return zip(results, flags).map { $1 ? $0 : $0.repeated(count) }
    }
    let found = try run("the batch", seed, whole, inputs)
    let function = CompiledProgram(program)
    let rows = (0..<count).map { row in
      function(zip(inputs, isBatched).map { $1 ? $0[row] : $0 })
    }
    let expected = program.outputs.indices.map { output in
      rows.flatMap { $0[output].doubles }
    }
    check("the batch", seed, gap(found, expected), 1e-7, program)
  }

  /// ⟨c, J t⟩ = ⟨Jᵀ c, t⟩, for the program and, now and then, for its own pullback.
  private func differentiated(
    _ seed: UInt64, _ program: Program, _ inputs: [Tensor], _ random: inout RandomProgram,
    order: Int
  ) throws {
    let real = program.inputTypes.indices.filter { program.inputTypes[$0].scalar.isFloatingPoint }
    let seen = program.outputTypes.indices.filter {
      program.outputTypes[$0].scalar.isFloatingPoint
    }
    let cotangents = seen.map { random.tensor(program.outputTypes[$0]) }
    let tangents = real.map { random.tensor(program.inputTypes[$0]) }
    let (pullback, _) = trace(program.inputTypes + cotangents.map(\.type)) { values in
      let point = Array(values.prefix(program.inputs.count))
      var incoming = [Tensor?](repeating: nil, count: program.outputs.count)
      for (position, value) in zip(seen, values.dropFirst(point.count)) {
        incoming[position] = value
      }
      let gradients = vjp(program, point, active: point.indices.map(real.contains)).pull(incoming)
      return real.map { gradients[$0] ?? .zeros(point[$0].type) }
    }
    let (pushforward, _) = trace(program.inputTypes + tangents.map(\.type)) { values in
      let point = Array(values.prefix(program.inputs.count))
      var moving = [Tensor?](repeating: nil, count: point.count)
      for (position, value) in zip(real, values.dropFirst(point.count)) { moving[position] = value }
      let (results, dots) = jvp(program, point, tangents: moving)
      return seen.map { dots[$0] ?? .zeros(results[$0].type) }
    }
    let gradients = try run("pullback \(order)", seed, pullback, inputs + cotangents)
    let moved = try run("tangent \(order)", seed, pushforward, inputs + tangents)
    func dot(_ a: [Tensor], _ b: [Tensor]) -> (sum: Double, size: Double) {
      zip(a, b).reduce((0, 0)) { total, pair in
        zip(pair.0.doubles, pair.1.doubles).reduce(total) {
          ($0.0 + $1.0 * $1.1, $0.1 + abs($1.0 * $1.1))
        }
      }
    }
    let (forward, backward) = (dot(cotangents, moved), dot(tangents, gradients))
    if forward.sum.isFinite || backward.sum.isFinite {
      let error = abs(forward.sum - backward.sum) / max(1, forward.size, backward.size)
      check("forward = reverse \(order)", seed, error, 1e-9, program)
    }
    let small = pullback.simplified().equationCount < 120 && pullback.interpretedCost < 100_000
    if order < 2, seed % 2 == 0, small {
      try differentiated(seed, pullback, inputs + cotangents, &random, order: 2)
    }
  }
}
