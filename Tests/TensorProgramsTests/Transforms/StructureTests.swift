import TensorPrograms
import Testing

/// Functions over structures, against numbers worked out by hand.
@Suite struct StructureTests {
  /// y = slope · x + offset, and curvature · x² where there is one.
  private struct Curve: ParameterStructure {
    var slope: Tensor
    var offset: Tensor
    var curvature: Tensor?

    func callAsFunction(_ x: Tensor) -> Tensor {
      let line = slope * x + offset
      return curvature.map { line + $0 * x * x } ?? line
    }

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try body(path / "slope", &slope)
      try body(path / "offset", &offset)
      try curvature.visit(path / "curvature", body)
    }
  }

  /// A structure inside another, beside a list.
  private struct Model: ParameterStructure {
    var curve: Curve
    var weights: [Tensor]

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try curve.visit(path / "curve", body)
      try weights.visit(path / "weights", body)
    }
  }

  private func number(_ value: Double) -> Tensor { Tensor([value], shape: []) }

  private func values(_ structure: some ParameterStructure) -> [[Double]] {
    structure.tensors.map(\.doubles)
  }

  @Test("a loop carries one structure over the rows of two others", arguments: [false, true])
  func scan(reversed: Bool) {
    let rows = Curve(slope: Tensor([1.0, 2, 3]), offset: Tensor([10.0, 20, 30]))
    let weights = [Tensor([2.0, 2, 1]), Tensor([1.0, 0, 2])]
    let (last, outputs) = Tensor.scan(
      Curve(slope: number(0.0), offset: number(1.0)), over: rows, weights, length: 3,
      reversed: reversed
    ) { state, row, weights in
      let next = Curve(
        slope: state.slope + row.slope * weights[0],
        offset: state.offset * weights[1] + row.offset)
      return (next, [next.slope, row.offset])
    }
    #expect(values(last) == (reversed ? [[9], [30]] : [[9], [70]]))
    #expect(values(outputs) == [reversed ? [9, 7, 3] : [2, 6, 9], [10, 20, 30]])
    #expect(last.curvature == nil)
  }

  @Test("members that are nil stay nil, and the others are what they are without them")
  func optionals() throws {
    let line = Curve(slope: number(2.0), offset: number(5.0))
    let parabola = Curve(slope: number(2.0), offset: number(5.0), curvature: number(4.0))
    #expect(line.paths.map(\.description) == ["slope", "offset"])
    #expect(parabola.paths.map(\.description) == ["slope", "offset", "curvature"])

    let (value, slopes) = valueAndGradient(at: line) { $0(number(3.0)) }
    #expect(value.scalar == 11 && slopes.curvature == nil && values(slopes) == [[3], [1]])
    let (curved, bends) = valueAndGradient(at: parabola) { $0(number(3.0)) }
    #expect(curved.scalar == 47 && values(bends) == [[3], [1], [9]])
    #expect(try #require(bends.curvature).scalar == 9)

    for curve in [line, parabola] {
      let (last, outputs) = Tensor.scan(curve, over: Tensor([1.0, 2]), length: 2) { curve, x in
        var next = curve
        next.offset = curve(x)
        return (next, next.curvature)
      }
      let bend = curve.curvature?.scalar ?? 0
      // 2 · 2 + (2 · 1 + 5 + bend) + 4 bend.
      #expect(last.offset.scalar == 11 + 5 * bend)
      #expect(outputs?.doubles == curve.curvature.map { [$0.scalar, $0.scalar] })
      let rows = curve.mapTensors { $0.repeated(3) }
      let found = Tensor.map(over: rows, Tensor([0.0, 1, 2]), length: 3) { curve, x in
        Model(curve: curve, weights: [curve(x)])
      }
      #expect(found.weights[0].doubles == [5, 7 + bend, 9 + 4 * bend])
      #expect(values(found.curve) == values(rows))
      #expect((found.curve.curvature == nil) == (curve.curvature == nil))
    }
  }

  @Test("a map stacks one of its results and sums the other")
  func mapAndSum() {
    let x = Tensor([1.0, 2, 3])
    let factor = number(2.0)
    let (stacked, summed) = Tensor.mapAndSum(over: x, [x * 10], length: 3) { x, others in
      (Curve(slope: x * factor, offset: x + others[0]), [x, x * x])
    }
    #expect(values(stacked) == [[2, 4, 6], [11, 22, 33]])
    #expect(values(summed) == [[6], [14]])
    #expect(Tensor.map(over: x, length: 3) { $0 * factor }.doubles == [2, 4, 6])
    #expect(values(Tensor.sum(over: x, length: 3) { [$0, $0 * $0] }) == [[6], [14]])
  }

  @Test("a pullback takes the value's structure to the point's")
  func vjps() {
    let point = Curve(slope: number(3.0), offset: number(4.0))
    let (value, pullback) = vjp(at: point) { point in
      [point.slope * point.offset, point.slope * point.slope]
    }
    #expect(values(value) == [[12], [9]])
    // 1 · offset + 10 · 2 slope, and 1 · slope.
    let slopes = pullback([number(1.0), number(10.0)])
    #expect(slopes.slope.scalar == 64 && slopes.offset.scalar == 3 && slopes.curvature == nil)
    #expect(values(pullback([number(0.0), number(1.0)])) == [[6], [0]])
  }

  @Test("one pass gives a value, what is computed besides, and the gradient of the value alone")
  func auxiliary() {
    let point = Curve(slope: number(3.0), offset: number(4.0))
    let (value, auxiliary, slopes) = valueAuxiliaryAndGradient(at: point) { point in
      (point.slope * point.offset, Model(curve: point, weights: [point.slope * 100]))
    }
    #expect(value.scalar == 12 && values(auxiliary) == [[3], [4], [300]])
    #expect(values(slopes) == [[4], [3]])
  }

  /// f = curvature · a² + slope · b + offset, and slope · a.
  @Test("a directional derivative along a structure in a structure")
  func jvps() {
    func model(_ slope: Double, _ offset: Double, _ curvature: Double, _ a: Double, _ b: Double)
      -> Model
    {
      Model(
        curve: Curve(slope: number(slope), offset: number(offset), curvature: number(curvature)),
        weights: [number(a), number(b)])
    }
    let (value, tangent) = jvp(at: model(2, 5, 3, 4, 7), along: model(1, 10, 100, 0.5, 0.25)) {
      let (curve, a, b) = ($0.curve, $0.weights[0], $0.weights[1])
      return [curve.curvature! * a * a + curve.slope * b + curve.offset, curve.slope * a]
    }
    // 3 · 16 + 2 · 7 + 5, and 2 · 4.
    #expect(values(value) == [[67], [8]])
    // 100 · 16 + 3 · 2 · 4 · 0.5 + 1 · 7 + 2 · 0.25 + 10, and 1 · 4 + 2 · 0.5.
    #expect(values(tangent) == [[1629.5], [5]])
  }

  @Test("tasks over two arguments, sharing what they use besides")
  func vmaps() {
    let curves = Curve(slope: Tensor([1.0, 2, 3]), offset: Tensor([0.0, 1, 2]))
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [3, 2])
    let shared = Tensor([10.0, 20])
    let found = vmap(over: curves, x) { curve, x in
      Model(curve: Curve(slope: x + shared, offset: curve(x.sum())), weights: [shared])
    }
    #expect(found.curve.slope.doubles == [11, 22, 13, 24, 15, 26])
    #expect(found.curve.slope.shape == [3, 2])
    #expect(found.curve.offset.doubles == [3, 15, 35])
    // What depends on no task is repeated.
    #expect(found.weights[0].doubles == [10, 20, 10, 20, 10, 20])
  }

  @Test("a function of two arguments is compiled for all that are like them")
  func compiled() {
    let function = compile(
      like: Curve(slope: number(0.0), offset: number(0.0), curvature: number(0.0)),
      [Tensor([0.0, 0])]
    ) { curve, x in
      Model(curve: Curve(slope: curve(x[0]), offset: curve.offset), weights: [x[0] * curve.slope])
    }
    let curve = Curve(slope: number(2.0), offset: number(5.0), curvature: number(4.0))
    let x = [Tensor([1.0, 3])]
    for scale in [1.0, 2] {
      let found = function(curve.mapTensors { $0 * scale }, x)
      #expect(found.curve.slope.doubles == [11 * scale, 47 * scale])
      #expect(found.curve.offset.scalar == 5 * scale && found.curve.curvature == nil)
      #expect(values(found.weights) == [[2 * scale, 6 * scale]])
    }
    #expect(values(function.tensors(curve, x)) == [[2], [5], [4], [1, 3]])
    #expect(function.program.inputTypes == function.tensors(curve, x).map(\.type))
    #expect(function.program.outputTypes.map(\.shape) == [[2], .scalar, [2]])
  }
}
