import CKernels

/// A cluster in Swift's terms.
struct TestCluster {
  var code: [mr_instruction]
  var accesses: [mr_access]
  var outputValues: [UInt16]
  var shape: [Int]
  var slots: Int
  var reductions: [mr_reduction] = []
  /// Elements that reductions make one of.
  var row = 1

  var count: Int { shape.reduce(1, *) }

  /// One operation on contiguous inputs.
  init(_ operation: mr_operation, operands: Int, count: Int) {
    code = [.init(operation, to: operands, 0, operands > 1 ? 1 : 0, operands > 2 ? 2 : 0)]
    accesses = .init(repeating: .contiguous, count: operands)
    outputValues = [UInt16(operands)]
    shape = [count]
    slots = 1
  }

  init(
    _ code: [mr_instruction], accesses: [mr_access], outputs: [UInt16], shape: [Int], slots: Int
  ) {
    self.code = code
    self.accesses = accesses
    outputValues = outputs
    self.shape = shape
    self.slots = slots
  }

  /// Runs the ranges one after the other on arrays given by their pointers.
  func run<T: KernelScalar>(
    _ inputs: [UnsafePointer<T>], _ outputs: [UnsafeMutablePointer<T>], ranges: [Range<Int>]
  ) {
    let sizes = shape.map(Int64.init)
    code.withUnsafeBufferPointer { code in
      accesses.withUnsafeBufferPointer { accesses in
        outputValues.withUnsafeBufferPointer { outputValues in
          sizes.withUnsafeBufferPointer { sizes in
            let reduced = UnsafeMutablePointer<mr_reduction>.allocate(capacity: reductions.count)
            reduced.initialize(from: reductions, count: reductions.count)
            defer { reduced.deallocate() }
            var cluster = mr_cluster(
              code: code.baseAddress, code_count: Int32(code.count),
              accesses: accesses.baseAddress, input_count: Int32(accesses.count),
              output_values: outputValues.baseAddress, output_count: Int32(outputValues.count),
              reductions: reduced, reduction_count: Int32(reductions.count), row: Int64(row),
              shape: sizes.baseAddress, rank: Int32(sizes.count), slot_count: Int32(slots))
            let size = mr_cluster_scratch_bytes(&cluster, Int32(MemoryLayout<T>.size))
            // Misaligned on purpose, filled with NaN, and checked for overruns.
            let scratch = UnsafeMutableRawPointer.allocate(byteCount: size + 72, alignment: 64)
            scratch.initializeMemory(as: UInt8.self, repeating: 0xff, count: size + 72)
            defer { scratch.deallocate() }
            for range in ranges {
              T.runCluster(
                &cluster, inputs.map { UnsafeRawPointer($0) },
                outputs.map { UnsafeMutableRawPointer($0) }, Int64(range.lowerBound),
                Int64(range.upperBound), scratch + 8)
            }
            for byte in Array(0..<8) + Array(size + 8..<size + 72) {
              precondition(scratch.load(fromByteOffset: byte, as: UInt8.self) == 0xff)
            }
          }
        }
      }
    }
  }

  /// Runs the whole cluster, or the given ranges, on arrays of their own.
  ///
  /// `shift` moves all arrays by so many elements from an aligned address. Elements around the
  /// outputs are checked to be untouched.
  func run<T: KernelScalar>(
    _ inputs: [[T]], ranges: [Range<Int>]? = nil, shift: Int = 0
  ) -> [[T]] {
    let guardZone = 32
    let untouched = T(12345)
    func allocate(_ count: Int) -> UnsafeMutablePointer<T> {
      let total = count + shift + 2 * guardZone
      let base = UnsafeMutableRawPointer.allocate(
        byteCount: total * MemoryLayout<T>.stride, alignment: 64)
      let elements = base.bindMemory(to: T.self, capacity: total)
      elements.initialize(repeating: untouched, count: total)
      return elements
    }
    let sources = inputs.map { input in
      let base = allocate(input.count)
      for (i, value) in input.enumerated() { base[guardZone + shift + i] = value }
      return base
    }
    let sizes = outputValues.map { _ in count } + reductions.map { _ in count / row }
    let targets = sizes.map { allocate($0) }
    defer { for base in sources + targets { base.deallocate() } }
    run(
      sources.map { UnsafePointer($0 + guardZone + shift) },
      targets.map { $0 + guardZone + shift }, ranges: ranges ?? [0..<count])
    return zip(targets, sizes).map { base, count in
      for i in 0..<guardZone + shift { precondition(base[i] == untouched) }
      for i in 0..<guardZone { precondition(base[guardZone + shift + count + i] == untouched) }
      return (0..<count).map { base[guardZone + shift + $0] }
    }
  }
}

extension mr_instruction {
  init(_ operation: mr_operation, to destination: Int, _ a: Int, _ b: Int = 0, _ c: Int = 0) {
    self.init(
      operation: operation.rawValue, destination: UInt16(destination), a: UInt16(a), b: UInt16(b),
      c: UInt16(c))
  }
}

extension mr_access {
  static var contiguous: mr_access { mr_access(kind: Int32(MR_CONTIGUOUS), strides: axes([])) }
  static var scalar: mr_access { mr_access(kind: Int32(MR_SCALAR), strides: axes([])) }
  static func strided(_ strides: [Int]) -> mr_access {
    mr_access(kind: Int32(MR_STRIDED), strides: axes(strides))
  }

  private static func axes(_ s: [Int]) -> mr_axes {
    func at(_ i: Int) -> Int64 { i < s.count ? Int64(s[i]) : 0 }
    return mr_axes(numbers: (at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)))
  }
}
