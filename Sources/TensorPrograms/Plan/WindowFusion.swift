/// Finds products with the contents of windows: contents that only products read need not exist,
/// nor a product that is folded at once.
struct WindowFusion {
  private let uses: Uses

  private var program: Program { uses.program }

  init(_ uses: Uses) { self.uses = uses }

  /// Marks contents and folded products; returns the folded product of each fold that has one.
  func apply(to kinds: inout [EquationKind]) -> [Int: Int] {
    var folds: [Int: Int] = [:]
    for (position, equation) in program.equations.enumerated() {
      switch equation.primitive {
      case .patches where areContents(equation.outputs[0]): kinds[position] = .contents
      case .foldPatches:
        guard let product = foldedProduct(equation.inputs[0]) else { continue }
        kinds[product] = .absorbed
        folds[position] = product
      default: break
      }
    }
    return folds
  }

  /// Whether all who read some patches are products that can cut them out themselves.
  private func areContents(_ patches: Int) -> Bool {
    let elements = program.types[patches].shape.extents.last!
    guard !uses.isOutput(patches) else { return false }
    return uses.readers(of: patches).allSatisfy { reader in
      let equation = program.equations[reader]
      guard case .reshape(let shape) = equation.primitive,
        isBatch(shape, of: program.types[patches].shape), !uses.isOutput(equation.outputs[0])
      else { return false }
      return uses.readers(of: equation.outputs[0]).allSatisfy { reader in
        let product = program.equations[reader]
        guard case .product(let left, let right) = product.primitive,
          product.inputs[0] == equation.outputs[0], product.inputs[1] != equation.outputs[0],
          !(left && right)
        else { return false }
        // Contents narrower than the other operand's rows cost less to keep than to cut again.
        return elements >= program.types[product.outputs[0]].shape.extents.last!
      }
    }
  }

  /// The product whose result, read by nobody else, is what is folded.
  private func foldedProduct(_ operand: Int) -> Int? {
    let elements = program.types[operand].shape.extents.last!
    guard uses.isReadOnce(operand), let reshape = uses.equation(defining: operand),
      case .reshape = reshape.primitive, uses.isReadOnce(reshape.inputs[0]),
      let position = uses.position(defining: reshape.inputs[0])
    else { return nil }
    let product = program.equations[position]
    guard case .product(false, _) = product.primitive else { return nil }
    let shape = program.types[product.outputs[0]].shape
    guard isBatch(shape, of: program.types[operand].shape),
      elements >= program.types[product.inputs[0]].shape.extents.last!,
      !isContents(product.inputs[0])
    else { return nil }
    return position
  }

  /// Whether a shape is that of a batch of matrices, each with the contents of some images'
  /// windows, a window a row.
  private func isBatch(_ shape: Shape, of patches: Shape) -> Bool {
    shape.rank >= 2 && shape.extents.last! == patches.extents.last!
      && shape[shape.rank - 2] % (patches[1] * patches[2]) == 0
  }

  private func isContents(_ variable: Int) -> Bool {
    guard let reshape = uses.equation(defining: variable), case .reshape = reshape.primitive,
      case .patches? = uses.equation(defining: reshape.inputs[0])?.primitive
    else { return false }
    return true
  }
}
