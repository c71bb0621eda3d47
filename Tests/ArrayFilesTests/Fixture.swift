import ArrayFiles
import Files

/// Files that other programs wrote: `Fixtures/make_fixtures.py` made them.
enum Fixture {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return try RegularFile.read("/\(folder)/Fixtures/\(name)", limit: 1 << 20)
  }

  /// 0, 1, 2 … 5 in the form [2, 3], as the fixtures' script makes it of each type.
  static let numbers: [(name: String, numbers: [Double])] = {
    let counts = (0..<6).map(Double.init)
    return [
      ("bool", [1, 0, 1, 0, 1, 0]), ("uint8", counts.map { $0 + 250 }),
      ("int8", counts.map { $0 - 3 }),
      ("uint16", counts.map { $0 + 65530 }), ("int16", counts.map { $0 - 3 }),
      ("uint32", counts.map { $0 + 4_294_967_290 }), ("int32", counts.map { $0 - 3 }),
      ("uint64", counts.map { 0x1p53 - 8 + $0 }), ("int64", counts.map { $0 - 0x1p40 }),
      ("float16", [0, -0.5, 65504, 0x1.01p-24 / 1.00390625, .infinity, 0.333251953125]),
      ("float32", counts.map { Double(Float($0) / 3) }), ("float64", counts.map { $0 / 3 }),
    ]
  }()
}

/// The message of what a function throws.
func message(_ body: () throws -> Void) -> String? {
  do { try body() } catch { return "\(error)" }
  return nil
}
