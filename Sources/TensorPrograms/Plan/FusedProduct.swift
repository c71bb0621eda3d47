/// A product and what its kernel does with it before anything is written: folds it to images, or
/// adds it to something and lets it pass a relu or a gate.
struct FusedProduct {
  let product: Equation
  let transposeLeft: Bool
  let transposeRight: Bool
  /// The fold, if any.
  private(set) var fold: Equation?
  /// What the product is added to.
  private(set) var addend: Int?
  private(set) var isRelu = false
  /// Where this is not positive, 0 is written.
  private(set) var gate: Int?
  /// What is written.
  let result: Int
  /// Operands whose place the result can have.
  private(set) var replaceable: [Int] = []

  /// - Parameter readers: positions of the equations that follow the product in its kernel.
  init(_ position: Int, _ readers: [Int], _ schedule: Schedule, _ lifetimes: Lifetimes) {
    let program = schedule.program
    product = program.equations[position]
    guard case .product(let left, let right) = product.primitive else {
      fatalError("\(product.primitive.name) is no product")
    }
    (transposeLeft, transposeRight) = (left, right)
    result = program.equations[readers.last ?? position].outputs[0]
    for reader in readers.map({ program.equations[$0] }) {
      switch reader.primitive {
      case .foldPatches: fold = reader
      case .binary(.add):
        addend = reader.inputs.first { [own = product.outputs[0]] in lifetimes.root($0) != own }
      case .unary(.relu): isRelu = true
      case .binary(.gate): gate = reader.inputs[0]
      default: fatalError("a product's kernel does no \(reader.primitive.name)")
      }
    }
    // An element's addend and gate are read before the element is written; a row that is added to
    // many is read again.
    let readAgain = (product.inputs + [addend].compactMap { $0 })
      .filter { schedule.repeated($0) != nil }.map { lifetimes.root($0) }
    replaceable = [addend, gate].compactMap { $0 }.filter {
      schedule.repeated($0) == nil && !readAgain.contains(lifetimes.root($0))
    }
  }
}
