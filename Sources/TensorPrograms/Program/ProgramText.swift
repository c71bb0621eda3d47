extension Primitive {
  /// The name of the text form.
  package var name: String {
    switch self {
    case .constant: "constant"
    case .unary(let operation): "\(operation)"
    case .binary(let operation): "\(operation)"
    case .compare(let comparison): "\(comparison)"
    case .select: "select"
    case .convert: "convert"
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .broadcast: "broadcast"
    case .slice: "slice"
    case .pad: "pad"
    case .concatenate: "concatenate"
    case .gather: "gather"
    case .scatterAdd: "scatterAdd"
    case .patches: "patches"
    case .foldPatches: "foldPatches"
    case .sum: "sum"
    case .reduceMaximum: "reduceMaximum"
    case .product: "product"
    case .order: "order"
    case .cholesky: "cholesky"
    case .triangularSolve: "triangularSolve"
    case .stopGradient: "stopGradient"
    case .scan: "scan"
    case .checkpointedReverse: "checkpointedReverse"
    case .map: "map"
    }
  }

  /// What stands in brackets behind the name; empty where the result's type says it all.
  fileprivate var attributes: [String] {
    switch self {
    case .constant(.splat(let value), _): ["\(value)"]
    case .constant(.array, _): ["array"]
    case .unary, .binary, .compare, .select, .convert, .reshape, .cholesky, .stopGradient: []
    case .transpose(let order): ["order \(list(order))"]
    case .broadcast(_, let axes): ["axes \(list(axes))"]
    case .slice(let starts, let limits): ["from \(list(starts))", "to \(list(limits))"]
    case .pad(let low, let high): ["low \(list(low))", "high \(list(high))"]
    case .concatenate(let axis): ["axis \(axis)"]
    case .gather(let batch): batch == 0 ? [] : ["batch \(batch)"]
    case .scatterAdd(let batch, let rows): ["rows \(rows)"] + (batch == 0 ? [] : ["batch \(batch)"])
    case .patches(let windows), .foldPatches(let windows, _, _):
      [
        "window \(list([windows.height, windows.width]))", "stride \(windows.stride)",
        "padding \(list([windows.verticalPadding, windows.horizontalPadding]))",
      ]
    case .sum(let axes), .reduceMaximum(let axes): ["axes \(list(axes))"]
    case .product(let left, let right):
      (left ? ["left transposed"] : []) + (right ? ["right transposed"] : [])
    case .order(let count, let descending): ["count \(count)"] + (descending ? ["descending"] : [])
    case .triangularSolve(let lower, let transposed):
      [lower ? "lower" : "upper"] + (transposed ? ["transposed"] : [])
    case .scan(let scan):
      [
        "length \(scan.length)", "constants \(scan.constants)", "carries \(scan.carries)",
        "\(scan.policy)",
      ] + (scan.reversed ? ["reversed"] : [])
    case .checkpointedReverse(let sweep):
      [
        "length \(sweep.length)", "constants \(sweep.constants)", "carries \(sweep.carries)",
        "slices \(sweep.slices)", "adjoints \(sweep.adjoints)", "snapshots \(sweep.snapshots)",
      ] + (sweep.reversed ? ["reversed"] : [])
    case .map(let map):
      [
        "length \(map.length)", "constants \(map.constants)",
        "outputs \(map.outputs.map(\.rawValue).joined(separator: " "))",
      ] + (map.block.map { ["block \($0)"] } ?? [])
    }
  }

  fileprivate var body: Program? { loop?.body }

  private func list(_ numbers: [Int]) -> String {
    "(" + numbers.map(String.init).joined(separator: " ") + ")"
  }
}

extension Program: CustomStringConvertible {
  /// The text form, whose grammar stands at `Program`.
  package var description: String { lines(indentation: "").joined(separator: "\n") + "\n" }

  private func lines(indentation: String) -> [String] {
    func typed(_ variables: [Int]) -> String {
      variables.map { "%\($0): \(types[$0])" }.joined(separator: ", ")
    }
    func plain(_ variables: [Int]) -> String {
      variables.map { "%\($0)" }.joined(separator: ", ")
    }
    var lines = [indentation + "(\(typed(inputs))) {"]
    for equation in equations {
      let attributes = equation.primitive.attributes
      var line = indentation + "  \(typed(equation.outputs)) = \(equation.primitive.name)"
      if !attributes.isEmpty { line += "[\(attributes.joined(separator: ", "))]" }
      if !equation.inputs.isEmpty { line += " \(plain(equation.inputs))" }
      lines.append(line)
      if let body = equation.primitive.body {
        lines += body.lines(indentation: indentation + "    ")
      }
    }
    lines.append(indentation + "  return \(plain(outputs))")
    lines.append(indentation + "}")
    return lines
  }
}
