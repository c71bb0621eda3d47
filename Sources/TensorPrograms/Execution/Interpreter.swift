/// Runs programs one element at a time, in double and rounded to each value's type: slow, obvious,
/// and the oracle that the executor is tested against.
package enum Interpreter {
  /// The outputs of a program for the given inputs, row by row.
  package static func run(_ program: Program, _ inputs: [[Double]]) -> [[Double]] {
    var values = [[Double]](repeating: [], count: program.types.count)
    for (variable, input) in zip(program.inputs, inputs) { values[variable] = input }
    for equation in program.equations {
      let results = evaluate(
        equation.primitive, equation.inputs.map { values[$0] },
        equation.inputs.map { program.types[$0] }, equation.outputs.map { program.types[$0] })
      for (variable, result) in zip(equation.outputs, results) { values[variable] = result }
    }
    return program.outputs.map { values[$0] }
  }

  private static func evaluate(
    _ primitive: Primitive, _ x: [[Double]], _ types: [TensorType], _ results: [TensorType]
  ) -> [[Double]] {
    let shape = results.first?.shape ?? .scalar
    /// One result element at a time, from its index.
    func each(_ element: ([Int]) -> Double) -> [[Double]] {
      [indices(of: shape).map { results[0].scalar.rounded(element($0)) }]
    }
    func at(_ operand: Int, _ index: [Int]) -> Double {
      x[operand][zip(index, types[operand].shape.strides).reduce(0) { $0 + $1.0 * $1.1 }]
    }
    func elementwise(_ primitive: ElementwisePrimitive) -> [[Double]] {
      [
        (0..<shape.count).map { i in
          primitive(x.map { $0[i] }, in: results[0].scalar)
        }
      ]
    }
    switch primitive {
    case .constant(.splat(let value), let type):
      return [[Double](repeating: type.scalar.rounded(value), count: shape.count)]
    case .constant(.array(let buffer), let type): return [buffer.doubles(type.scalar)]
    case .unary(let operation): return elementwise(.unary(operation))
    case .binary(let operation): return elementwise(.binary(operation))
    case .compare(let comparison): return elementwise(.compare(comparison))
    case .select: return elementwise(.select)
    case .convert(let scalar): return [x[0].map { scalar.rounded($0) }]
    case .reshape, .stopGradient: return [x[0]]
    case .transpose(let order):
      return each { index in
        var source = index
        for (position, axis) in order.enumerated() { source[axis] = index[position] }
        return at(0, source)
      }
    case .broadcast(_, let axes): return each { index in at(0, axes.map { index[$0] }) }
    case .slice(let starts, _): return each { index in at(0, zip(index, starts).map { $0 + $1 }) }
    case .pad(let low, _):
      return each { index in
        let source = zip(index, low).map { $0 - $1 }
        let isInside = zip(source, types[0].shape.extents).allSatisfy { 0 <= $0 && $0 < $1 }
        return isInside ? at(0, source) : 0
      }
    case .concatenate(let axis):
      return each { index in
        var source = index
        var operand = 0
        while source[axis] >= types[operand].shape[axis] {
          source[axis] -= types[operand].shape[axis]
          operand += 1
        }
        return at(operand, source)
      }
    case .gather(let batch):
      return each { index in
        let row = Int(at(1, Array(index.prefix(batch + 1))))
        return at(0, index.prefix(batch) + [row] + index.dropFirst(batch + 1))
      }
    case .scatterAdd(let batch, _):
      var sums = [Double](repeating: 0, count: shape.count)
      for index in indices(of: types[0].shape) {
        let row = Int(at(1, Array(index.prefix(batch + 1))))
        let target = index.prefix(batch) + [row] + index.dropFirst(batch + 1)
        sums[zip(target, shape.strides).reduce(0) { $0 + $1.0 * $1.1 }] += at(0, index)
      }
      return [sums.map { results[0].scalar.rounded($0) }]
    case .patches(let windows):
      return each { index in
        let source = windows.pixel(of: index, channels: types[0].shape[3])
        let isInside = zip(source, types[0].shape.extents).allSatisfy { 0 <= $0 && $0 < $1 }
        return isInside ? at(0, source) : 0
      }
    case .foldPatches(let windows, _, _):
      var sums = [Double](repeating: 0, count: shape.count)
      for index in indices(of: types[0].shape) {
        let target = windows.pixel(of: index, channels: shape[3])
        guard zip(target, shape.extents).allSatisfy({ 0 <= $0 && $0 < $1 }) else { continue }
        sums[zip(target, shape.strides).reduce(0) { $0 + $1.0 * $1.1 }] += at(0, index)
      }
      return [sums.map { results[0].scalar.rounded($0) }]
    case .sum(let axes):
      return each { index in terms(index, axes, types[0].shape).map { at(0, $0) }.reduce(0, +) }
    case .reduceMaximum(let axes):
      return each { index in terms(index, axes, types[0].shape).map { at(0, $0) }.max()! }
    case .product(let left, let right):
      let rank = shape.rank
      let inner = types[0].shape[rank - (left ? 2 : 1)]
      return each { index in
        let (batch, row, column) = (index.prefix(rank - 2), index[rank - 2], index[rank - 1])
        return (0..<inner).reduce(0) { sum, k in
          sum + at(0, batch + (left ? [k, row] : [row, k]))
            * at(1, batch + (right ? [column, k] : [k, column]))
        }
      }
    case .order(let count, let descending):
      let extent = types[0].shape.extents.last ?? 1
      return [
        stride(from: 0, to: x[0].count, by: max(extent, 1)).flatMap { first in
          order(Array(x[0][first..<first + extent]), descending).prefix(count).map(Double.init)
        }
      ]
    case .cholesky:
      return [
        eachMatrix(x[0], shape) { choleskyFactor($0, shape[shape.rank - 1]) }
          .map { results[0].scalar.rounded($0) }
      ]
    case .triangularSolve(let lower, let transposed):
      return [solutions(x, types, lower, transposed).map { results[0].scalar.rounded($0) }]
    case .scan(let scan): return run(scan, x)
    case .checkpointedReverse(let sweep): return run(sweep, x)
    case .map(let map): return run(map, x)
    }
  }

  private static func order(_ keys: [Double], _ descending: Bool) -> [Int] {
    keys.indices.sorted { first, second in
      let (a, b) = (keys[first], keys[second])
      if a < b || a > b { return descending ? a > b : a < b }
      return a.isNaN == b.isNaN ? first < second : b.isNaN
    }
  }

  private static func eachMatrix(
    _ x: [Double], _ shape: Shape, _ function: ([Double]) -> [Double]
  ) -> [Double] {
    let size = shape.extents.suffix(2).reduce(1, *)
    return stride(from: 0, to: x.count, by: max(size, 1)).flatMap {
      function(Array(x[$0..<$0 + size]))
    }
  }

  private static func choleskyFactor(_ matrix: [Double], _ extent: Int) -> [Double] {
    var factor = [Double](repeating: 0, count: matrix.count)
    for row in 0..<extent {
      for column in 0...row {
        let known = (0..<column).reduce(0.0) {
          $0 + factor[row * extent + $1] * factor[column * extent + $1]
        }
        let rest = matrix[row * extent + column] - known
        factor[row * extent + column] =
          row == column ? rest.squareRoot() : rest / factor[column * extent + column]
      }
    }
    return factor
  }

  private static func solutions(
    _ x: [[Double]], _ types: [TensorType], _ lower: Bool, _ transposed: Bool
  ) -> [Double] {
    let rank = types[0].shape.rank
    let (extent, columns) = (types[0].shape[rank - 1], types[1].shape[rank - 1])
    var result = x[1]
    guard extent * columns > 0 else { return result }
    for matrix in 0..<result.count / (extent * columns) {
      func element(_ row: Int, _ column: Int) -> Double {
        x[0][(matrix * extent + (transposed ? column : row)) * extent + (transposed ? row : column)]
      }
      let forwards = lower != transposed
      for step in 0..<extent {
        let row = forwards ? step : extent - 1 - step
        for column in 0..<columns {
          func place(_ row: Int) -> Int { (matrix * extent + row) * columns + column }
          let known = (forwards ? 0..<row : row + 1..<extent).reduce(0.0) {
            $0 + element(row, $1) * result[place($1)]
          }
          result[place(row)] = (result[place(row)] - known) / element(row, row)
        }
      }
    }
    return result
  }

  private static func run(_ scan: Scan, _ x: [[Double]]) -> [[Double]] {
    var carries = Array(x[scan.constants..<scan.constants + scan.carries])
    let slices = x.dropFirst(scan.constants + scan.carries)
    var rows = [[[Double]]](
      repeating: [[Double]](repeating: [], count: scan.length), count: scan.outputs)
    for step in 0..<scan.length {
      let row = scan.reversed ? scan.length - 1 - step : step
      let results = run(
        scan.body, x.prefix(scan.constants) + carries + slices.map { slice(row, scan.length, $0) })
      carries = Array(results.prefix(scan.carries))
      for (output, result) in results.dropFirst(scan.carries).enumerated() {
        rows[output][row] = result
      }
    }
    return carries + rows.map { $0.flatMap { $0 } }
  }

  private static func run(_ sweep: CheckpointedReverse, _ x: [[Double]]) -> [[Double]] {
    let first = sweep.constants + sweep.carries
    let last = sweep.adjointStart + sweep.adjoints
    let order = (0..<sweep.length).map { sweep.reversed ? sweep.length - 1 - $0 : $0 }
    func rows(_ range: Range<Int>, _ row: Int) -> [[Double]] {
      range.map { slice(row, sweep.length, x[$0]) }
    }
    let fixed = Array(x.prefix(sweep.constants))
    var states = [Array(x[sweep.constants..<first])]
    for row in order {
      states.append(
        run(sweep.advance, fixed + states[states.count - 1] + rows(first..<sweep.adjointStart, row))
      )
    }
    var adjoints = Array(x[sweep.adjointStart..<last])
    var stacked = [[[Double]]](
      repeating: [[Double]](repeating: [], count: sweep.length), count: sweep.outputs)
    for (step, row) in order.enumerated().reversed() {
      let results = run(
        sweep.adjoint,
        fixed + states[step] + rows(first..<sweep.adjointStart, row) + adjoints
          + rows(last..<x.count, row))
      adjoints = Array(results.prefix(sweep.adjoints))
      for (output, result) in results.dropFirst(sweep.adjoints).enumerated() {
        stacked[output][row] = result
      }
    }
    return adjoints + stacked.map { $0.flatMap { $0 } }
  }

  private static func run(_ map: MapLoop, _ x: [[Double]]) -> [[Double]] {
    require(map.block == nil, "the interpreter runs maps task by task")
    var results: [[Double]] = []
    for row in 0..<map.length {
      let inputs =
        x.prefix(map.constants) + x.dropFirst(map.constants).map { slice(row, map.length, $0) }
      let outputs = run(map.body, Array(inputs))
      if row == 0 {
        results = outputs
      } else {
        for (position, output) in outputs.enumerated() {
          switch map.outputs[position] {
          case .stacked: results[position] += output
          case .summed: results[position] = zip(results[position], output).map { $0 + $1 }
          }
        }
      }
    }
    return results
  }

  private static func slice(_ row: Int, _ rows: Int, _ values: [Double]) -> [Double] {
    let width = values.count / max(rows, 1)
    return Array(values[row * width..<(row + 1) * width])
  }

  /// All indices of a shape, row by row.
  private static func indices(of shape: Shape) -> [[Int]] {
    var all: [[Int]] = shape.count == 0 ? [] : [[]]
    for extent in shape.extents { all = all.flatMap { index in (0..<extent).map { index + [$0] } } }
    return all
  }

  /// The operand's indices that a reduction brings to one result index.
  private static func terms(_ index: [Int], _ axes: [Int], _ shape: Shape) -> [[Int]] {
    var all: [[Int]] = [[]]
    var kept = index.makeIterator()
    for axis in 0..<shape.rank {
      if axes.contains(axis) {
        all = all.flatMap { prefix in (0..<shape[axis]).map { prefix + [$0] } }
      } else {
        let value = kept.next()!
        all = all.map { $0 + [value] }
      }
    }
    return all
  }
}
