import ArrayFiles
import Files
import Testing

@Suite("NumPy's files")
struct NumPyTests {
  @Test(
    "reads arrays of every type, stored and deflated", arguments: ["stored.npz", "deflated.npz"])
  func reads(name: String) throws {
    let arrays = try NPZ.decode(try Fixture.bytes(name))
    for (name, numbers) in Fixture.numbers {
      guard case .numbers(let array) = arrays[name] else {
        Issue.record("no array \(name)")
        continue
      }
      #expect(array.shape == [2, 3])
      #expect(array.type.rawValue == name)
      #expect(array.convertedToDouble() == numbers, "\(name)")
    }
    let thirds = NumberArray((0..<6).map { Double($0) / 3 }, shape: [2, 3])
    #expect(arrays["big"] == .numbers(thirds))
    #expect(arrays["fortran"] == .numbers(thirds))
    guard case .numbers(let cube) = arrays["cube"], case .numbers(let shorts) = arrays["big16"]
    else {
      Issue.record("no numbers")
      return
    }
    #expect(cube.shape == [2, 3, 4])
    #expect(cube.convertedToDouble() == (0..<24).map(Double.init))
    #expect(shorts.convertedToDouble() == [0, 1, 2, 3, 4, 5])
    #expect(arrays["scalar"] == .numbers(NumberArray([2.5] as [Double], shape: [])))
    #expect(arrays["empty"] == .numbers(NumberArray([] as [Float], shape: [0, 3])))
    #expect(arrays["text"] == .texts(["cat", "dög", ""], shape: [3]))
    #expect(arrays["bigtext"] == .texts(["ab"], shape: [1]))
    #expect(arrays["bytes"] == .texts(["cat", "no"], shape: [2]))
  }

  @Test("versions 1 to 3", arguments: 1...3)
  func versions(version: Int) throws {
    let array = try NPY.decode(try Fixture.bytes("version\(version).npy"))
    #expect(array == .numbers(NumberArray((0..<6).map { Double($0) / 3 }, shape: [2, 3])))
  }

  @Test("objects, records and complex numbers are refused; beside them other arrays are read")
  func refuses() throws {
    let objects = try Fixture.bytes("objects.npz")
    #expect(try NPZ.decode(objects, selection: ["fine"]).keys.sorted() == ["fine"])
    #expect(
      message { _ = try NPZ.decode(objects) }?.hasPrefix("found Python objects at array objects")
        == true)
    for (name, found) in [("records", "records"), ("complex", "elements of type <c8")] {
      let bytes = try Fixture.bytes("\(name).npy")
      #expect(message { _ = try NPY.decode(bytes) }?.hasPrefix("found \(found)") == true)
    }
  }

  @Test("what is written is read the same")
  func writes() throws {
    let arrays = [
      "b": NumberArray([1, 2, 3, 4] as [Float], shape: [2, 2]), "a/x": NumberArray([] as [Double]),
      "s": NumberArray([1] as [Int64], shape: []),
    ]
    let bytes = try NPZ.encode(arrays)
    #expect(try NPZ.decode(bytes) == arrays.mapValues(ArrayValue.numbers))
    #expect(try NPZ.names(bytes) == ["a/x", "b", "s"])
    #expect(try NPZ.decode(try NPZ.encode([:])).isEmpty)
    let brain = NumberArray(type: .bfloat16, shape: [1], bytes: [0, 0])
    #expect(message { _ = try NPZ.encode(["x": brain]) }?.contains("bfloat16 at array x") == true)
  }

  @Test("a bomb is refused before it opens")
  func bombs() throws {
    let bytes = try Fixture.bytes("deflated.npz")
    let limits = FileLimits(expandedBytes: 0)
    _ = try NPZ.decode(bytes, selection: ["big"], limits: limits)
    let small = FileLimits(totalBytes: 100)
    #expect(
      message { _ = try NPZ.decode(bytes, selection: ["big"], limits: small) }?.contains(
        "at most 100 bytes of data") == true)
    let tiny = FileLimits(fileBytes: 100)
    #expect(message { _ = try NPZ.decode(bytes, limits: tiny) }?.contains("at most 100") == true)
  }

  @Test("headers that say what is not there")
  func headers() {
    func npy(_ header: String, _ data: Int = 0) -> [UInt8] {
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        + [UInt8](repeating: 0, count: data)
    }
    for (header, expected) in [
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "0 bytes of elements"),
      ("{'descr': '<U0', 'fortran_order': False, 'shape': (9999999999,)}", "0 bytes of elements"),
      ("{'descr': '|S1', 'fortran_order': True, 'shape': (4611686018427387904, 4)}", "0 bytes"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "whole numbers from 0"),
      ("{'descr': '<f4', 'descr': '<f4'}", "each key once"), ("{'descr': '<f4'}", "and no more"),
      ("{'descr': '<M8[s]', 'fortran_order': False, 'shape': ()}", "type <M8[s]"),
      ("{", "expected"),
    ] {
      let text = message { _ = try NPY.decode(npy(header)) }
      #expect(text?.contains(expected) == true, "\(text ?? "")")
    }
  }

  @Test("no cut and no changed byte ends the process", arguments: ["stored.npz", "deflated.npz"])
  func damage(name: String) throws {
    let bytes = try Fixture.bytes(name)
    for end in 0..<bytes.count {
      let cut = Array(bytes[..<end])
      #expect(throws: ArrayFileError.self) { try NPZ.decode(cut) }
    }
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x41
      _ = try? NPZ.decode(damaged)
    }
  }
}
