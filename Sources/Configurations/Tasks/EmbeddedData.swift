import CEmbeddedData

/// Files inside the binary.
package enum EmbeddedData {
  /// The 1797 UCI digits as HDF5.
  package static var digits: [UInt8] { bytes(metarate_digits()) }

  /// The golden cases, in the order of their names.
  package static var goldenCases: [(name: String, bytes: [UInt8])] {
    (0..<metarate_golden_case_count()).map { position in
      let file = metarate_golden_case(position)
      return (String(cString: file.name), bytes(file))
    }
  }

  /// A program that notebooks are made of, by its name without `.py`.
  package static func pythonProgram(_ name: String) -> String {
    let program = bytes(metarate_python_program(name))
    precondition(!program.isEmpty, "there is no embedded program \(name)")
    return String(decoding: program, as: UTF8.self)
  }

  private static func bytes(_ file: metarate_embedded_file) -> [UInt8] {
    Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }
}
