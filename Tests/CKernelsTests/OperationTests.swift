import CKernels
import Foundation
import Testing

#if arch(x86_64) && os(Linux)
  typealias Widest = Float80
#else
  typealias Widest = Double
#endif

/// An elementwise function, its value in wider arithmetic, and the largest error allowed in units
/// in the last place. The errors were measured over all floats.
struct FunctionRow: CustomTestStringConvertible, Sendable {
  let name: String
  let operation: mr_operation
  let ulps: Double
  let inDouble: @Sendable (Double) -> Double
  let inWidest: @Sendable (Widest) -> Widest
  var testDescription: String { name }

  static let all: [FunctionRow] = [
    .init(name: "negate", operation: MR_NEGATE, ulps: 0, inDouble: { -$0 }, inWidest: { -$0 }),
    .init(
      name: "absolute", operation: MR_ABSOLUTE, ulps: 0, inDouble: { $0.magnitude },
      inWidest: { $0.magnitude }),
    .init(name: "sign", operation: MR_SIGN, ulps: 0, inDouble: sign, inWidest: sign),
    .init(name: "relu", operation: MR_RELU, ulps: 0, inDouble: relu, inWidest: relu),
    .init(
      name: "sqrt", operation: MR_SQRT, ulps: 0.5, inDouble: { $0.squareRoot() },
      inWidest: { $0.squareRoot() }),
    .init(
      name: "exp", operation: MR_EXP, ulps: 1.15, inDouble: { exp($0) }, inWidest: { exp($0) }),
    .init(
      name: "log", operation: MR_LOG, ulps: 0.9, inDouble: { log($0) }, inWidest: { log($0) }),
    .init(
      name: "tanh", operation: MR_TANH, ulps: 2, inDouble: { tanh($0) }, inWidest: { tanh($0) }),
    .init(
      name: "sigmoid", operation: MR_SIGMOID, ulps: 2,
      inDouble: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) },
      inWidest: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }),
    .init(
      name: "softplus", operation: MR_SOFTPLUS, ulps: 1.8,
      inDouble: { ($0 > 0 ? $0 : 0) + log1p(exp(-$0.magnitude)) },
      inWidest: { ($0 > 0 ? $0 : 0) + log1p(exp(-$0.magnitude)) }),
    .init(
      name: "sin", operation: MR_SIN, ulps: 1.1, inDouble: { sin($0) }, inWidest: { sin($0) }),
    .init(
      name: "cos", operation: MR_COS, ulps: 1.1, inDouble: { cos($0) }, inWidest: { cos($0) }),
    .init(
      name: "expm1", operation: MR_EXPM1, ulps: 1.7, inDouble: { expm1($0) },
      inWidest: { expm1($0) }),
    .init(
      name: "log1p", operation: MR_LOG1P, ulps: 1.3, inDouble: { log1p($0) },
      inWidest: { log1p($0) }),
    .init(
      name: "erf", operation: MR_ERF, ulps: 1.6, inDouble: { erf($0) }, inWidest: { erf($0) }),
  ]

  private static func relu<T: BinaryFloatingPoint>(_ x: T) -> T { x > 0 || x.isNaN ? x : 0 }
  private static func sign<T: BinaryFloatingPoint>(_ x: T) -> T { x > 0 ? 1 : x < 0 ? -1 : x }
}

/// The distance of y from the exact value in units in the last place of T; infinite where a special
/// value or the sign of a zero is wrong.
func error<T: BinaryFloatingPoint, R: BinaryFloatingPoint>(of y: T, from exact: R) -> Double {
  let rounded = T(exact)
  if rounded.isNaN { return y.isNaN ? 0 : .infinity }
  if exact.isInfinite { return y == rounded ? 0 : .infinity }
  if exact == 0 { return y == 0 && y.sign == rounded.sign ? 0 : .infinity }
  if y.isNaN { return .infinity }
  if y == rounded { return rounded.isInfinite ? 0 : scaled() }
  if rounded.isInfinite || y.isInfinite {
    // One of them overflowed: neighbors at most.
    return min(y.magnitude, rounded.magnitude) == T.greatestFiniteMagnitude ? 1 : .infinity
  }
  return scaled()

  func scaled() -> Double {
    let nearest = rounded.magnitude
    let below = R(nearest) > exact.magnitude ? nearest.nextDown : nearest
    return Double((R(y) - exact).magnitude / R(below.ulp))
  }
}

let specialArguments: [Double] = [
  0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0.5, -0.5, 2, 88.72, 88.73, -87.33, -87.34, -103.9,
  -104.1, 709.78, 709.79, -708.39, -708.4, -745.1, -745.2, 16.7, -16.7, 37, -37, 999_999, 1e6,
  -1_000_001, 1e22, -1e30, 3.4e38, 1e308, -1e308, .leastNonzeroMagnitude,
  -.leastNonzeroMagnitude, .leastNormalMagnitude, .leastNormalMagnitude.nextDown, 1e-45,
  1.1754943508222875e-38, .pi, .pi / 2, 1.4142135623730951, 0.7071067811865476,
]

/// All 2^32 floats with METARATE_EXHAUSTIVE=1, else one in so many.
let floatStride: UInt64 = {
  if ProcessInfo.processInfo.environment["METARATE_EXHAUSTIVE"] == "1" { return 1 }
  #if DEBUG
    return 200_003
  #else
    return 4001
  #endif
}()

@Suite struct OperationTests {
  @Test(arguments: FunctionRow.all) func floatFunctions(row: FunctionRow) {
    let block = 1 << 16
    var next: UInt64 = 0
    var worst = 0.0
    var argument = Float.zero
    var arguments = specialArguments.map(Float.init)
    while !arguments.isEmpty {
      let results = TestCluster(row.operation, operands: 1, count: arguments.count)
        .run([arguments])[0]
      for (x, y) in zip(arguments, results) {
        let e = error(of: y, from: row.inDouble(Double(x)))
        if e > worst { (worst, argument) = (e, x) }
      }
      arguments.removeAll(keepingCapacity: true)
      while next < 1 << 32, arguments.count < block {
        arguments.append(Float(bitPattern: UInt32(next)))
        next += floatStride
      }
    }
    #expect(worst <= row.ulps, "at \(argument)")
  }

  @Test(arguments: FunctionRow.all) func doubleFunctions(row: FunctionRow) {
    var random = TestRandom(1)
    var arguments = specialArguments
    for _ in 0..<8000 {
      arguments.append(Double(bitPattern: random.next()))
      arguments.append(.random(in: -750...750, using: &random))
      arguments.append(.random(in: -4...4, using: &random))
      arguments.append(.random(in: -1e6...1e6, using: &random))
      // Near multiples of π/2, where a reduced angle loses most.
      arguments.append((.random(in: 0...6e5, using: &random) as Double).rounded() * .pi / 2)
      arguments.append(1 + .random(in: -1e-4...1e-4, using: &random))
    }
    let results = TestCluster(row.operation, operands: 1, count: arguments.count)
      .run([arguments])[0]
    var worst = 0.0
    var argument = 0.0
    for (x, y) in zip(arguments, results) {
      // The x87's own sine is only good for small angles; libm's covers all.
      let e = error(of: y, from: row.inWidest(Widest(x)))
      if e > worst { (worst, argument) = (e, x) }
    }
    #expect(worst <= row.ulps, "at \(argument)")
  }

  @Test func binaryAndTernary() {
    check(Float.self)
    check(Double.self)
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(2)
      let special = specialArguments.map { T($0) }
      var a: [T] = [], b: [T] = [], c: [T] = []
      for x in special {
        for y in special {
          a.append(x)
          b.append(y)
          c.append(special.randomElement(using: &random)!)
        }
      }
      let count = a.count
      let table: [(mr_operation, (T, T, T) -> T)] = [
        (MR_ADD, { a, b, _ in a + b }), (MR_SUBTRACT, { a, b, _ in a - b }),
        (MR_MULTIPLY, { a, b, _ in a * b }), (MR_DIVIDE, { a, b, _ in a / b }),
        (MR_MAXIMUM, { a, b, _ in a.isNaN || b.isNaN ? .nan : a > b ? a : b }),
        (MR_MINIMUM, { a, b, _ in a.isNaN || b.isNaN ? .nan : a < b ? a : b }),
        (MR_EQUAL, { a, b, _ in a == b ? 1 : 0 }), (MR_LESS, { a, b, _ in a < b ? 1 : 0 }),
        (MR_LESS_EQUAL, { a, b, _ in a <= b ? 1 : 0 }),
        (MR_GATE, { a, b, _ in a > 0 ? b : 0 }),
        (MR_SELECT, { a, b, c in a != 0 ? b : c }),
      ]
      for (operation, function) in table {
        let results = TestCluster(operation, operands: 3, count: count).run([a, b, c])[0]
        for i in 0..<count {
          let expected = function(a[i], b[i], c[i])
          #expect(
            results[i].pattern == expected.pattern || (results[i].isNaN && expected.isNaN),
            "\(operation.rawValue) of \(a[i]), \(b[i]), \(c[i])")
        }
      }
      // Fused where the CPU can, so only nearly equal.
      let x: [T] = random.array(1000), y: [T] = random.array(1000), z: [T] = random.array(1000)
      let sum = TestCluster(MR_MULTIPLY_ADD, operands: 3, count: 1000).run([x, y, z])[0]
      let rest = TestCluster(MR_MULTIPLY_SUBTRACT_FROM, operands: 3, count: 1000).run([x, y, z])[0]
      for i in 0..<1000 {
        #expect((sum[i] - (x[i] * y[i] + z[i])).magnitude <= 4 * T.ulpOfOne)
        #expect((rest[i] - (z[i] - x[i] * y[i])).magnitude <= 4 * T.ulpOfOne)
      }
    }
  }

  @Test func power() {
    let bases = specialArguments + [3, -3, 0.1, -0.1, 1e-300]
    let exponents = [2, 1, 0.5, -1, 0, 3, -2, 2.5, -0.5, .infinity, -.infinity, .nan, 7]
    for exponent in exponents {
      let b = [Double](repeating: exponent, count: bases.count)
      let results = TestCluster(MR_POWER, operands: 2, count: bases.count).run([bases, b])[0]
      for (base, result) in zip(bases, results) {
        let exact = Foundation.pow(Widest(base), Widest(exponent))
        #expect(error(of: result, from: exact) <= 1, "\(base) to the power \(exponent)")
      }
    }
    let floats = bases.map(Float.init)
    for exponent in exponents.map(Float.init) {
      let b = [Float](repeating: exponent, count: floats.count)
      let results = TestCluster(MR_POWER, operands: 2, count: floats.count).run([floats, b])[0]
      for (base, result) in zip(floats, results) {
        let exact = Foundation.pow(Double(base), Double(exponent))
        #expect(error(of: result, from: exact) <= 1, "\(base) to the power \(exponent)")
      }
    }
  }
}
