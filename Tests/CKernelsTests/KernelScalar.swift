import CKernels

/// The two float types of the kernels, so that one test serves both.
protocol KernelScalar: BitwiseCopyable, BinaryFloatingPoint, Sendable {
  static func runCluster(
    _ cluster: UnsafePointer<mr_cluster>, _ inputs: UnsafePointer<UnsafeRawPointer?>,
    _ outputs: UnsafePointer<UnsafeMutableRawPointer?>, _ start: Int64, _ end: Int64,
    _ scratch: UnsafeMutableRawPointer)
  static func sum(_ x: [Self], _ out: inout [Self], _ outer: Int, _ reduced: Int, _ inner: Int)
  static func max(_ x: [Self], _ out: inout [Self], _ outer: Int, _ reduced: Int, _ inner: Int)
  static func copy(
    _ x: UnsafePointer<Self>, _ out: UnsafeMutablePointer<Self>, _ shape: [Int64],
    _ xStrides: [Int64], _ outStrides: [Int64])
  static func multiply(
    _ how: UnsafePointer<mr_products>, _ part: UnsafePointer<mr_part>, _ left: [Self],
    _ right: [Self], _ addends: UnsafeRawPointer?, _ gates: UnsafeRawPointer?,
    _ result: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer)
  static func gather(_ x: [Self], _ indices: [Int32], _ out: inout [Self], _ row: Int)
  static func scatter(_ updates: [Self], _ indices: [Int32], _ out: inout [Self], _ row: Int)
  static func patches(_ how: UnsafePointer<mr_windows>, _ images: [Self], _ out: inout [Self])
  static func fold(_ how: UnsafePointer<mr_windows>, _ patches: [Self], _ out: inout [Self])
  static var windowProducts: WindowProductKernels { get }
  static func fill(_ out: inout [Self], with value: Self)
  static func firstNonfinite(_ x: [Self]) -> Int
  static func truncate(_ x: [Self]) -> [Int32]
  /// The first places in order of rows of so many elements.
  static func order(_ x: [Self], _ extent: Int, _ count: Int, descending: Bool) -> [Int32]
  /// The bits, for comparisons that tell -0 from 0.
  var pattern: UInt64 { get }
}

extension Float: KernelScalar {
  static func runCluster(
    _ cluster: UnsafePointer<mr_cluster>, _ inputs: UnsafePointer<UnsafeRawPointer?>,
    _ outputs: UnsafePointer<UnsafeMutableRawPointer?>, _ start: Int64, _ end: Int64,
    _ scratch: UnsafeMutableRawPointer
  ) {
    mr_run_cluster_f32(cluster, inputs, outputs, start, end, scratch)
  }
  static func sum(_ x: [Float], _ out: inout [Float], _ outer: Int, _ reduced: Int, _ inner: Int) {
    mr_sum_f32(x, &out, Int64(outer), Int64(reduced), Int64(inner))
  }
  static func max(_ x: [Float], _ out: inout [Float], _ outer: Int, _ reduced: Int, _ inner: Int) {
    mr_max_f32(x, &out, Int64(outer), Int64(reduced), Int64(inner))
  }
  static func copy(
    _ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ shape: [Int64],
    _ xStrides: [Int64], _ outStrides: [Int64]
  ) {
    mr_strided_copy_32(x, out, shape, xStrides, outStrides, Int32(shape.count))
  }
  static func multiply(
    _ how: UnsafePointer<mr_products>, _ part: UnsafePointer<mr_part>, _ left: [Float],
    _ right: [Float], _ addends: UnsafeRawPointer?, _ gates: UnsafeRawPointer?,
    _ result: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    mr_products_f32(how, part, left, right, addends, gates, result, scratch)
  }
  static func gather(_ x: [Float], _ indices: [Int32], _ out: inout [Float], _ row: Int) {
    mr_gather_rows_32(x, indices, &out, Int64(indices.count), Int64(row))
  }
  static func scatter(_ updates: [Float], _ indices: [Int32], _ out: inout [Float], _ row: Int) {
    mr_scatter_add_rows_f32(updates, indices, &out, Int64(indices.count), Int64(row))
  }
  static func patches(
    _ how: UnsafePointer<mr_windows>, _ images: [Float], _ out: inout [Float]
  ) {
    mr_patches_f32(how, images, &out)
  }
  static var windowProducts: WindowProductKernels {
    (mr_window_product_f32, mr_window_gradient_f32, mr_window_fold_f32)
  }
  static func fold(_ how: UnsafePointer<mr_windows>, _ patches: [Float], _ out: inout [Float]) {
    mr_fold_patches_f32(how, patches, &out)
  }
  static func fill(_ out: inout [Float], with value: Float) {
    mr_fill_32(&out, Int64(out.count), value.bitPattern)
  }
  static func firstNonfinite(_ x: [Float]) -> Int {
    Int(mr_first_nonfinite_f32(x, Int64(x.count)))
  }
  static func truncate(_ x: [Float]) -> [Int32] {
    var out = [Int32](repeating: 77, count: x.count)
    mr_convert_f32_i32(x, &out, Int64(x.count))
    return out
  }
  static func order(
    _ x: [Float], _ extent: Int, _ count: Int, descending: Bool
  ) -> [Int32] {
    let rows = x.count / extent
    var out = [Int32](repeating: -1, count: rows * count)
    var scratch = [UInt8](
      repeating: 0, count: mr_order_scratch_bytes_f32(Int64(extent), Int64(count)))
    mr_order_f32(
      x, &out, Int64(rows), Int64(extent), Int64(count), descending ? 1 : 0, &scratch)
    return out
  }
  var pattern: UInt64 { UInt64(bitPattern) }
}

extension Double: KernelScalar {
  static func runCluster(
    _ cluster: UnsafePointer<mr_cluster>, _ inputs: UnsafePointer<UnsafeRawPointer?>,
    _ outputs: UnsafePointer<UnsafeMutableRawPointer?>, _ start: Int64, _ end: Int64,
    _ scratch: UnsafeMutableRawPointer
  ) {
    mr_run_cluster_f64(cluster, inputs, outputs, start, end, scratch)
  }
  static func sum(
    _ x: [Double], _ out: inout [Double], _ outer: Int, _ reduced: Int, _ inner: Int
  ) {
    mr_sum_f64(x, &out, Int64(outer), Int64(reduced), Int64(inner))
  }
  static func max(
    _ x: [Double], _ out: inout [Double], _ outer: Int, _ reduced: Int, _ inner: Int
  ) {
    mr_max_f64(x, &out, Int64(outer), Int64(reduced), Int64(inner))
  }
  static func copy(
    _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ shape: [Int64],
    _ xStrides: [Int64], _ outStrides: [Int64]
  ) {
    mr_strided_copy_64(x, out, shape, xStrides, outStrides, Int32(shape.count))
  }
  static func multiply(
    _ how: UnsafePointer<mr_products>, _ part: UnsafePointer<mr_part>, _ left: [Double],
    _ right: [Double], _ addends: UnsafeRawPointer?, _ gates: UnsafeRawPointer?,
    _ result: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    mr_products_f64(how, part, left, right, addends, gates, result, scratch)
  }
  static func gather(_ x: [Double], _ indices: [Int32], _ out: inout [Double], _ row: Int) {
    mr_gather_rows_64(x, indices, &out, Int64(indices.count), Int64(row))
  }
  static func scatter(_ updates: [Double], _ indices: [Int32], _ out: inout [Double], _ row: Int) {
    mr_scatter_add_rows_f64(updates, indices, &out, Int64(indices.count), Int64(row))
  }
  static func patches(
    _ how: UnsafePointer<mr_windows>, _ images: [Double], _ out: inout [Double]
  ) {
    mr_patches_f64(how, images, &out)
  }
  static var windowProducts: WindowProductKernels {
    (mr_window_product_f64, mr_window_gradient_f64, mr_window_fold_f64)
  }
  static func fold(_ how: UnsafePointer<mr_windows>, _ patches: [Double], _ out: inout [Double]) {
    mr_fold_patches_f64(how, patches, &out)
  }
  static func fill(_ out: inout [Double], with value: Double) {
    mr_fill_64(&out, Int64(out.count), value.bitPattern)
  }
  static func firstNonfinite(_ x: [Double]) -> Int {
    Int(mr_first_nonfinite_f64(x, Int64(x.count)))
  }
  static func truncate(_ x: [Double]) -> [Int32] {
    var out = [Int32](repeating: 77, count: x.count)
    mr_convert_f64_i32(x, &out, Int64(x.count))
    return out
  }
  static func order(
    _ x: [Double], _ extent: Int, _ count: Int, descending: Bool
  ) -> [Int32] {
    let rows = x.count / extent
    var out = [Int32](repeating: -1, count: rows * count)
    var scratch = [UInt8](
      repeating: 0, count: mr_order_scratch_bytes_f64(Int64(extent), Int64(count)))
    mr_order_f64(
      x, &out, Int64(rows), Int64(extent), Int64(count), descending ? 1 : 0, &scratch)
    return out
  }
  var pattern: UInt64 { bitPattern }
}

/// A small repeatable generator (SplitMix64).
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func array<T: KernelScalar>(_ count: Int, _ range: ClosedRange<Double> = -2...2) -> [T] {
    (0..<count).map { _ in T(Double.random(in: range, using: &self)) }
  }
}

/// How, two operands, the result, a range of images or columns, scratch.
typealias WindowProductKernel = (
  UnsafePointer<mr_window_products>?, UnsafeRawPointer?, UnsafeRawPointer?,
  UnsafeMutableRawPointer?, Int64, Int64, UnsafeMutableRawPointer?
) -> Void
typealias WindowProductKernels = (
  product: WindowProductKernel, gradient: WindowProductKernel, fold: WindowProductKernel
)
