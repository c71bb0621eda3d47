import CKernels
import Testing

@Suite struct ProductTests {
  private struct Form {
    var rows: Int
    var columns: Int
    var inner: Int
    var count = 1
    var isLeftShared = false
    var isRightShared = false
    var transposeLeft = false
    var transposeRight = false
    var addend = Addend.none
    var isRelu = false

    /// What is added: nothing, a matrix a product, or one row a product.
    enum Addend: CaseIterable { case none, matrices, rows }

    var addendRow: Int { addend == .rows ? 0 : columns }
    var addendStride: Int { addend == .rows ? columns : rows * columns }

    var c: mr_products {
      mr_products(
        rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), count: Int64(count),
        left_stride: isLeftShared ? 0 : Int64(rows * inner),
        right_stride: isRightShared ? 0 : Int64(inner * columns),
        left_transposed: transposeLeft ? 1 : 0, right_transposed: transposeRight ? 1 : 0,
        addend_stride: Int64(addendStride), addend_row: Int64(addendRow),
        relu: isRelu ? 1 : 0)
    }
  }

  /// - Parameters:
  ///   - rowCut, columnCut: where the result is cut into parts that are computed one by one.
  ///   - isInPlace: whether the result is written over the addends.
  private func multiply<T: KernelScalar>(
    _ form: Form, _ left: [T], _ right: [T], _ addends: [T]? = nil, gates: [T]? = nil,
    rowCut: Int = 0, columnCut: Int = 0, isInPlace: Bool = false
  ) -> [T] {
    var form = form.c
    let count = Int(form.rows * form.columns * form.count)
    var result = [T](repeating: 77, count: count + 1)
    if isInPlace, let addends { result.replaceSubrange(0..<count, with: addends) }
    let bytes = mr_products_scratch_bytes(&form)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes + 8, alignment: 4)
    defer { scratch.deallocate() }
    let hasGates = gates != nil
    // A mark behind the scratch's end.
    scratch.storeBytes(of: 0x5A, toByteOffset: bytes, as: UInt8.self)
    for product in 0..<form.count {
      for rows in [0..<Int64(rowCut), Int64(rowCut)..<form.rows] {
        for columns in [0..<Int64(columnCut), Int64(columnCut)..<form.columns] {
          var part = mr_part(
            first_product: product, end_product: product + 1, first_row: rows.lowerBound,
            end_row: rows.upperBound, first_column: columns.lowerBound,
            end_column: columns.upperBound)
          result.withUnsafeMutableBytes { result in
            let result = result.baseAddress!
            func multiply(_ addends: UnsafeRawPointer?, _ gates: UnsafeRawPointer?) {
              T.multiply(&form, &part, left, right, addends, gates, result, scratch)
            }
            (addends ?? []).withUnsafeBytes { given in
              let addends = addends == nil ? nil : given.baseAddress
              (gates ?? []).withUnsafeBytes { gates in
                multiply(
                  isInPlace ? UnsafeRawPointer(result) : addends,
                  hasGates ? gates.baseAddress : nil)
              }
            }
          }
        }
      }
    }
    #expect(result.popLast() == 77, "nothing is written behind the result")
    #expect(scratch.load(fromByteOffset: bytes, as: UInt8.self) == 0x5A)
    return result
  }

  @Test(arguments: ["f32", "f64"]) func agreeWithTheNaiveLoop(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(21)
      let extents = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 24, 31, 33, 40, 65, 100]
      var forms = (0..<1500).map { _ in
        Form(
          rows: extents.randomElement(using: &random)!,
          columns: extents.randomElement(using: &random)!,
          inner: (extents + [130, 700]).randomElement(using: &random)!,
          count: Int.random(in: 1...4, using: &random))
      }
      forms.removeAll { $0.rows * $0.columns * $0.inner * $0.count > 200_000 }
      // Packed, in one block of rows or several, in one piece of the inner axis or several.
      for (m, n, k) in [(32, 256, 64), (45, 257, 390), (700, 256, 65), (513, 3, 200)] {
        forms += Array(repeating: Form(rows: m, columns: n, inner: k), count: 6)
      }
      for var form in forms {
        form.isLeftShared = Bool.random(using: &random)
        form.isRightShared = Bool.random(using: &random)
        form.transposeLeft = Bool.random(using: &random)
        form.transposeRight = Bool.random(using: &random)
        let (m, n, k) = (form.rows, form.columns, form.inner)
        form.addend = Form.Addend.allCases.randomElement(using: &random)!
        let addends: [T]? =
          form.addend == .none ? nil : random.array(form.addendStride * form.count)
        let left: [T] = random.array(m * k * (form.isLeftShared ? 1 : form.count))
        let right: [T] = random.array(k * n * (form.isRightShared ? 1 : form.count))
        let found = multiply(form, left, right, addends)
        for index in 0..<form.count {
          let (a, b) = (
            form.isLeftShared ? 0 : index * m * k, form.isRightShared ? 0 : index * k * n
          )
          for i in 0..<m {
            for j in 0..<n {
              let start =
                addends.map { Double($0[index * form.addendStride + i * form.addendRow + j]) } ?? 0
              var (sum, scale) = (start, start.magnitude)
              for p in 0..<k {
                let x = Double(left[a + (form.transposeLeft ? p * m + i : i * k + p)])
                let y = Double(right[b + (form.transposeRight ? j * k + p : p * n + j)])
                sum += x * y
                scale += (x * y).magnitude
              }
              let bound = scale * Double(T.ulpOfOne) * Double(k + 1)
              let error = (Double(found[index * m * n + i * n + j]) - sum).magnitude
              guard error <= bound else {
                Issue.record("\(form): [\(index), \(i), \(j)] is off by \(error)")
                return
              }
            }
          }
        }
      }
    }
  }

  /// A relu and a gate change each element at the end, wherever parts are cut.
  @Test(arguments: ["f32", "f64"]) func finishedElements(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(23)
      for (m, n, k) in [
        (10, 40, 40), (13, 10, 33), (9, 3, 5), (64, 1, 100), (33, 64, 70), (33, 40, 500),
      ] {
        for transposeLeft in [false, true] where n > 1 || transposeLeft {
          for addend in Form.Addend.allCases {
            var form = Form(rows: m, columns: n, inner: k, transposeLeft: transposeLeft)
            form.count = 2
            form.addend = addend
            var left: [T] = random.array(2 * m * k)
            left[k] = .nan
            let right: [T] = random.array(2 * k * n)
            let addends: [T]? = addend == .none ? nil : random.array(form.addendStride * 2)
            var gates: [T] = random.array(2 * m * n)
            gates[0] = 0
            gates[1] = .nan
            let plain = multiply(form, left, right, addends)
            let gated = zip(plain, gates).map { $1 > 0 ? $0 : 0 }
            let positive = plain.map { $0 <= 0 ? 0 : $0 }
            #expect(plain.contains { $0.isNaN } && plain.contains { $0 < 0 })
            func equal(_ found: [T], _ expected: [T]) -> Bool {
              zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
            }
            for (row, column) in [(0, 0), (5, 0), (m / 2, n / 2), (0, min(n, 32))] {
              for isInPlace in addend == .matrices ? [false, true] : [false] {
                form.isRelu = false
                let found = multiply(
                  form, left, right, addends, gates: gates, rowCut: row, columnCut: column,
                  isInPlace: isInPlace)
                let isGated = equal(found, gated)
                #expect(isGated, "\(form) gated, cut at \(row), \(column)")
                form.isRelu = true
                let relu = multiply(
                  form, left, right, addends, rowCut: row, columnCut: column,
                  isInPlace: isInPlace)
                let isPositive = equal(relu, positive)
                #expect(isPositive, "\(form) cut at \(row), \(column)")
              }
            }
          }
        }
      }
    }
  }

  /// Products cut into parts have the bits of one call.
  @Test func bitsDependOnRowAndColumnAlone() {
    var random = TestRandom(22)
    for (m, n, k) in [
      (10, 40, 40), (64, 128, 128), (13, 10, 33), (64, 1, 100), (33, 64, 700), (700, 40, 400),
      (75, 300, 70), (701, 257, 390),
    ] {
      for transposeLeft in [false, true] {
        for transposeRight in [false, true] {
          let left: [Float] = random.array(m * k)
          let right: [Float] = random.array(k * n)
          var form = Form(
            rows: m, columns: n, inner: k, transposeLeft: transposeLeft,
            transposeRight: transposeRight)
          for addend in Form.Addend.allCases {
            form.addend = addend
            let addends: [Float]? = addend == .none ? nil : random.array(form.addendStride)
            let whole = multiply(form, left, right, addends)
            for (row, column) in [(1, 0), (5, 0), (m / 2, n / 2), (0, min(n, 32)), (8, n)] {
              #expect(
                multiply(form, left, right, addends, rowCut: row, columnCut: column) == whole,
                "\(form) cut at row \(row) and column \(column)")
            }
            if addend == .matrices {
              #expect(multiply(form, left, right, addends, isInPlace: true) == whole)
            }
          }
        }
      }
    }
  }
}
