// The kernels that compute or move numbers, clusters apart: plain bytes.

import CKernels

/// Products of `batch` matrices, perhaps added to others; a stride of 0 repeats an operand.
package struct MatrixProduct: Sendable {
  /// What products start from: `stride` elements from one to the next, `row` between rows, 0 where
  /// all of a product's rows are one.
  struct Addend: Sendable {
    var location: Location
    var stride: Int
    var row: Int
  }

  /// What the sums become before they are written.
  enum Finish: Sendable {
    case relu
    /// 0 where the element of these matrices, shaped like the results, is not positive.
    case gate(Location)
  }

  var scalar: ScalarType
  var rows: Int
  var columns: Int
  var inner: Int
  var transposeLeft: Bool
  var transposeRight: Bool
  var batch: Int
  var leftStride: Int
  var rightStride: Int
  var left: Location
  var right: Location
  var addend: Addend?
  var finish: Finish?
  var result: Location

  /// Multiplications and additions.
  var operations: Int { 2 * rows * columns * inner * batch }

  private var isRelu: Bool { if case .relu = finish { true } else { false } }

  /// Where gates lie, if any.
  var gates: Location? { if case .gate(let location) = finish { location } else { nil } }

  /// What the C kernel is told.
  var description: mr_products {
    mr_products(
      rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), count: Int64(batch),
      left_stride: Int64(leftStride), right_stride: Int64(rightStride),
      left_transposed: transposeLeft ? 1 : 0, right_transposed: transposeRight ? 1 : 0,
      addend_stride: Int64(addend?.stride ?? 0), addend_row: Int64(addend?.row ?? 0),
      relu: isRelu ? 1 : 0)
  }

  /// A share of the work: of several products some, of one some columns or rows of its result.
  func part(_ share: Share) -> mr_part {
    var part = mr_part(
      first_product: 0, end_product: Int64(batch), first_row: 0, end_row: Int64(rows),
      first_column: 0, end_column: Int64(columns))
    func cut(_ count: Int, _ multiple: Int) -> (Int64, Int64) {
      let range = share.range(of: count, inMultiplesOf: multiple)
      return (Int64(range.lowerBound), Int64(range.upperBound))
    }
    if batch >= share.count {
      (part.first_product, part.end_product) = cut(batch, 1)
    } else if columns >= Limits.tileColumns * share.count {
      (part.first_column, part.end_column) = cut(columns, Limits.tileColumns)
    } else {
      (part.first_row, part.end_row) = cut(rows, Limits.tileRows)
    }
    return part
  }

  /// The blocks, counted through all products, that are a share of a large product's work. OpenBLAS
  /// computes one at a time: its bits may depend on how many rows and columns it sees.
  func largeBlocks(_ share: Share) -> Range<Int> {
    share.range(of: batch * blocksOfRows * blocksOfColumns, inMultiplesOf: 1)
  }

  /// The product, the rows and the columns of one of these blocks.
  func largeBlock(_ block: Int) -> (product: Int, rows: Range<Int>, columns: Range<Int>) {
    let (strip, firstColumn) = block.quotientAndRemainder(dividingBy: blocksOfColumns)
    let (product, firstRow) = strip.quotientAndRemainder(dividingBy: blocksOfRows)
    let row = firstRow * MatrixProduct.largeRows
    let column = firstColumn * MatrixProduct.largeColumns
    return (
      product, row..<min(row + MatrixProduct.largeRows, rows),
      column..<min(column + MatrixProduct.largeColumns, columns)
    )
  }

  private var blocksOfRows: Int {
    (rows + MatrixProduct.largeRows - 1) / MatrixProduct.largeRows
  }
  private var blocksOfColumns: Int {
    (columns + MatrixProduct.largeColumns - 1) / MatrixProduct.largeColumns
  }

  private static let largeRows = 256
  private static let largeColumns = 1024

  /// Whether the product is for OpenBLAS, where that has kernels for this processor: its left
  /// operand leaves the caches.
  var isLarge: Bool {
    rows * inner * scalar.byteCount > MatrixProduct.largestLeftOperand
      && OpenBLAS.isOfThisProcessor
  }

  static let largestLeftOperand = 4 << 20

  var scratchBytes: Int {
    guard !isLarge else { return 0 }
    var description = description
    return mr_products_scratch_bytes(&description)
  }
}

/// A sum or maximum over the middle of three axes.
package struct Reduction: Sendable {
  enum Kind: Sendable { case sum, maximum }
  var kind: Kind
  var scalar: ScalarType
  var outer: Int
  var reduced: Int
  var inner: Int
  var operand: Location
  var result: Location
}

/// Elements moved between two regular layouts; strides in elements.
package struct StridedCopy: Sendable {
  let elementBytes: Int
  let count: Int
  let rank: Int
  let isContiguous: Bool
  let shape: mr_axes
  let operandStrides: mr_axes
  let resultStrides: mr_axes
  let operand: Location
  let result: Location

  /// A copy over at most `Limits.axes` axes that are longer than one; the others are left out.
  init(
    elementBytes: Int, shape: [Int], operandStrides: [Int], resultStrides: [Int],
    operand: Location, result: Location
  ) {
    let axes = shape.indices.filter { shape[$0] != 1 }
    func inline(_ numbers: [Int]) -> mr_axes { mr_axes(axes.map { numbers[$0] }) }
    self.elementBytes = elementBytes
    count = shape.reduce(1, *)
    rank = axes.count
    isContiguous =
      axes.isEmpty
      || axes.count == 1 && operandStrides[axes[0]] == 1 && resultStrides[axes[0]] == 1
    self.shape = inline(shape)
    self.operandStrides = inline(operandStrides)
    self.resultStrides = inline(resultStrides)
    self.operand = operand
    self.result = result
  }
}

/// One number everywhere.
package struct Fill: Sendable {
  var scalar: ScalarType
  var value: Double
  var count: Int
  var result: Location
}

/// Elements converted to another type.
package struct Conversion: Sendable {
  var from: ScalarType
  var to: ScalarType
  var count: Int
  var operand: Location
  var result: Location
}

/// Rows gathered or added by indices, for each of `batch` tables of `tableRows` rows.
package struct RowMove: Sendable {
  var scalar: ScalarType
  var batch: Int
  var tableRows: Int
  var count: Int
  var rowElements: Int
  var rows: Location
  var indices: Location
  var result: Location
}

/// The first places of each row's elements in order.
package struct Ordering: Sendable {
  var scalar: ScalarType
  var rows: Int
  /// Elements of a row.
  var extent: Int
  /// Places of a row that are asked for.
  var count: Int
  var descending: Bool
  var operand: Location
  var result: Location

  var scratchBytes: Int {
    scalar == .float32
      ? mr_order_scratch_bytes_f32(Int64(extent), Int64(count))
      : mr_order_scratch_bytes_f64(Int64(extent), Int64(count))
  }
}

/// Cholesky factors of `batch` matrices.
package struct Factorization: Sendable {
  var scalar: ScalarType
  var batch: Int
  var extent: Int
  var operand: Location
  var result: Location
}

/// Solutions of `batch` triangular systems.
package struct TriangularSolve: Sendable {
  var scalar: ScalarType
  var batch: Int
  var extent: Int
  /// Right sides of a system.
  var columns: Int
  var lower: Bool
  var transposed: Bool
  var matrix: Location
  var right: Location
  var result: Location
}

/// Images cut into the contents of windows or, where it folds, these added up to images.
package struct WindowMove: Sendable {
  var folds: Bool
  var scalar: ScalarType
  var layout: mr_windows
  var operand: Location
  var result: Location
}

/// A product with the contents of windows, which never holds more of them than a block.
package struct WindowProduct: Sendable {
  enum Kind: Sendable {
    /// result = contents · right, `first` being the images.
    case product
    /// result = contentsᵀ · right, `first` being the images.
    case gradient
    /// Images from contents = left · right, `first` being the left operand.
    case fold
  }
  var kind: Kind
  var scalar: ScalarType
  /// Of one product; there are `batch`, whose operands and results lie one behind the other.
  var description: mr_window_products
  var batch: Int
  /// Whether all have the same right operand.
  var sharesRight: Bool
  var first: Location
  var right: Location
  var result: Location

  /// Elements of one window.
  var elements: Int {
    let windows = description.windows
    return Int(windows.window_height * windows.window_width * windows.channels)
  }
  /// Windows of a product's images.
  var count: Int {
    Int(description.windows.images * description.windows.rows * description.windows.columns)
  }

  /// Multiplications and additions.
  var operations: Int { 2 * batch * count * elements * Int(description.columns) }

  /// Elements of a product's images.
  var pixels: Int {
    let windows = description.windows
    return Int(windows.images * windows.height * windows.width * windows.channels)
  }

  var scratchBytes: Int {
    var description = description
    return mr_window_products_scratch_bytes(&description, Int32(scalar.byteCount))
  }
}
