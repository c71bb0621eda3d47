// Kernels of products and of windows.

import CKernels

extension KernelWriter {
  /// A product and what its kernel does with it.
  mutating func write(_ fused: FusedProduct) {
    if let fold = fused.fold {
      writeFold(fused, fold)
    } else if !writeContents(fused) {
      writeMatrices(fused)
    }
  }

  private mutating func writeMatrices(_ fused: FusedProduct) {
    let inputs = fused.product.inputs
    let type = program.types[fused.product.outputs[0]]
    let left = program.types[inputs[0]].shape
    let rank = left.rank
    var product = MatrixProduct(
      scalar: type.scalar, rows: type.shape[rank - 2], columns: type.shape[rank - 1],
      inner: left[rank - (fused.transposeLeft ? 2 : 1)], transposeLeft: fused.transposeLeft,
      transposeRight: fused.transposeRight, batch: left.extents.dropLast(2).reduce(1, *),
      leftStride: batchStride(inputs[0]), rightStride: batchStride(inputs[1]),
      left: places[inputs[0]], right: places[inputs[1]],
      addend: fused.addend.map {
        addend($0, rows: type.shape[rank - 2], columns: type.shape[rank - 1])
      },
      finish: fused.isRelu ? .relu : fused.gate.map { .gate(places[$0]) },
      result: places[fused.result])
    if !fused.transposeLeft, product.rightStride == 0,
      product.leftStride == product.rows * product.inner,
      product.addend.map({ $0.row > 0 || $0.stride == 0 }) ?? true
    {
      // One right operand for all: the left ones are one tall matrix.
      product.rows *= product.batch
      product.batch = 1
    }
    append(Kernel.product, product)
  }

  /// How a product finds what it starts from: whole matrices or, of a view, a row for all or for
  /// each.
  private func addend(_ variable: Int, rows: Int, columns: Int) -> MatrixProduct.Addend {
    guard let (source, _) = schedule.repeated(variable) else {
      return MatrixProduct.Addend(location: places[variable], stride: rows * columns, row: columns)
    }
    return MatrixProduct.Addend(
      location: places[variable],
      stride: program.types[source].shape.count == columns ? 0 : columns, row: 0)
  }

  /// Elements from one matrix of a batch to the next; 0 where one is repeated.
  private func batchStride(_ variable: Int) -> Int {
    schedule.repeated(variable) == nil
      ? program.types[variable].shape.extents.suffix(2).reduce(1, *) : 0
  }

  // MARK: Windows

  mutating func writeWindows(_ windows: Windows, _ equation: Equation, folds: Bool) {
    let type = program.types[equation.outputs[0]]
    let (operand, result) = (program.types[equation.inputs[0]].shape, type.shape)
    let (images, patches) = folds ? (result, operand) : (operand, result)
    append(
      Kernel.windows,
      WindowMove(
        folds: folds, scalar: type.scalar, layout: layout(windows, images, patches),
        operand: places[equation.inputs[0]], result: places[equation.outputs[0]]))
  }

  private func layout(
    _ windows: Windows, _ images: Shape, _ patches: Shape, parts: Int = 1
  ) -> mr_windows {
    mr_windows(
      images: Int64(images[0] / parts), height: Int64(images[1]), width: Int64(images[2]),
      channels: Int64(images[3]), window_height: Int64(windows.height),
      window_width: Int64(windows.width), stride: Int64(windows.stride),
      top: Int64(windows.verticalPadding), left: Int64(windows.horizontalPadding),
      rows: Int64(patches[1]), columns: Int64(patches[2]))
  }

  /// The images that a product's result is folded to.
  private mutating func writeFold(_ fused: FusedProduct, _ fold: Equation) {
    guard case .foldPatches(let windows, _, _) = fold.primitive else {
      fatalError("\(fold.primitive.name) folds no product")
    }
    let images = program.types[fold.outputs[0]].shape
    let patches = program.types[fold.inputs[0]].shape
    let left = program.types[fused.product.inputs[0]].shape
    writeWindowProduct(
      fused, .fold, windows, images, patches, columns: left.extents.last!,
      batch: left.extents.dropLast(2).reduce(1, *))
  }

  /// A product with contents that it cuts out itself; false where its left operand is something
  /// else.
  private mutating func writeContents(_ fused: FusedProduct) -> Bool {
    guard let reshape = schedule.uses.equation(defining: fused.product.inputs[0]),
      case .reshape = reshape.primitive,
      let position = schedule.uses.position(defining: reshape.inputs[0]),
      case .contents = schedule.kinds[position],
      case .patches(let windows) = program.equations[position].primitive
    else { return false }
    let images = program.types[program.equations[position].inputs[0]].shape
    let result = program.types[fused.result].shape
    writeWindowProduct(
      fused, fused.transposeLeft ? .gradient : .product, windows, images,
      program.types[reshape.inputs[0]].shape, columns: result.extents.last!,
      batch: result.extents.dropLast(2).reduce(1, *))
    return true
  }

  private mutating func writeWindowProduct(
    _ fused: FusedProduct, _ kind: WindowProduct.Kind, _ windows: Windows, _ images: Shape,
    _ patches: Shape, columns: Int, batch: Int
  ) {
    let inputs = fused.product.inputs
    append(
      Kernel.windowProduct,
      WindowProduct(
        kind: kind, scalar: program.types[fused.result].scalar,
        description: mr_window_products(
          windows: layout(windows, images, patches, parts: batch), columns: Int64(columns),
          right_transposed: fused.transposeRight ? 1 : 0),
        batch: batch, sharesRight: batchStride(inputs[1]) == 0, first: places[inputs[0]],
        right: places[inputs[1]], result: places[fused.result]))
  }
}
