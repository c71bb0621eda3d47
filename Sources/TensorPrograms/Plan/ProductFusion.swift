/// Finds sums of a product and something that lies in memory, and products and such sums that pass
/// a relu or a gate: the product starts from the one and ends with the other, and what would be
/// read, changed and written again never leaves the registers.
struct ProductFusion {
  private let uses: Uses

  private var program: Program { uses.program }

  init(_ uses: Uses) { self.uses = uses }

  /// Marks what readers absorb; returns what each reader absorbs, a product or another reader.
  func apply(to kinds: inout [EquationKind]) -> [Int: Int] {
    var absorbed: [Int: Int] = [:]
    func absorb(_ position: Int, into reader: Int) {
      kinds[position] = .absorbed
      kinds[reader] = .single
      absorbed[reader] = position
    }
    for (position, equation) in program.equations.enumerated() {
      guard case .elementwise = kinds[position] else { continue }
      switch equation.primitive {
      case .binary(.add) where equation.inputs[0] != equation.inputs[1]:
        // Of two products the later one adds to the earlier one.
        for (term, addend) in [(1, 0), (0, 1)] {
          guard let product = product(equation.inputs[term], kinds, absorbed),
            absorbed[product] == nil,
            isAddend(equation.inputs[addend], to: program.equations[product], kinds)
          else { continue }
          absorb(product, into: position)
          break
        }
      case .unary(.relu):
        guard let product = product(equation.inputs[0], kinds, absorbed) else { continue }
        absorb(product, into: position)
      case .binary(.gate):
        guard let product = product(equation.inputs[1], kinds, absorbed),
          isInMemory(equation.inputs[0], kinds)
        else { continue }
        absorb(product, into: position)
      default: break
      }
    }
    return absorbed
  }

  /// The product, or sum with one, that a variable is, perhaps reshaped, if nobody else reads it
  /// and its kernel can do more.
  private func product(
    _ variable: Int, _ kinds: [EquationKind], _ absorbed: [Int: Int]
  ) -> Int? {
    guard uses.isReadOnce(variable), let position = uses.position(defining: variable)
    else { return nil }
    let equation = program.equations[position]
    switch equation.primitive {
    case .reshape: return product(equation.inputs[0], kinds, absorbed)
    case .binary(.add) where absorbed[position] != nil: return position
    case .product(let left, _):
      let operand = program.types[equation.inputs[0]]
      let columns = program.types[variable].shape.extents.last!
      guard case .single = kinds[position], left || columns > 1,
        operand.byteCount <= MatrixProduct.largestLeftOperand,
        !isContents(equation.inputs[0], kinds)
      else { return nil }
      return position
    default: return nil
    }
  }

  /// Whether a product's kernel can start from a variable: matrices in memory, or a row of them
  /// repeated, one for all or one for each.
  private func isAddend(
    _ variable: Int, to product: Equation, _ kinds: [EquationKind]
  ) -> Bool {
    guard let position = uses.position(defining: variable) else { return true }
    let equation = program.equations[position]
    switch kinds[position] {
    case .single: return true
    case .alias: return isAddend(equation.inputs[0], to: product, kinds)
    case .view:
      guard case .broadcast(let shape, let axes) = equation.primitive, axes.last == shape.rank - 1,
        shape.extents.last! == program.types[product.outputs[0]].shape.extents.last!
      else { return false }
      return axes.count == 1
        || Array(0..<shape.rank - 2) + [shape.rank - 1] == axes
          && shape == program.types[product.outputs[0]].shape
    case .constant, .contents, .absorbed, .elementwise: return false
    }
  }

  /// Whether a variable is a matrix in memory.
  private func isInMemory(_ variable: Int, _ kinds: [EquationKind]) -> Bool {
    guard let position = uses.position(defining: variable) else { return true }
    switch kinds[position] {
    case .single, .elementwise: return true
    case .alias: return isInMemory(program.equations[position].inputs[0], kinds)
    case .constant, .view, .contents, .absorbed: return false
    }
  }

  private func isContents(_ variable: Int, _ kinds: [EquationKind]) -> Bool {
    guard let reshape = uses.equation(defining: variable), case .reshape = reshape.primitive,
      let position = uses.position(defining: reshape.inputs[0]), case .contents = kinds[position]
    else { return false }
    return true
  }
}
