import ArrayFiles
import Files
import Testing

@Suite("safetensors")
struct SafetensorsTests {
  private func file(_ header: String, _ data: Int, length: Int? = nil) -> [UInt8] {
    let count = UInt64(length ?? header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 1, count: data)
  }

  @Test(
    "reads what the authors' library wrote, and writes the same bytes but for the order of metadata"
  )
  func reads() throws {
    let bytes = try Fixture.bytes("numpy.safetensors")
    let file = try Safetensors.decode(bytes)
    for (name, numbers) in Fixture.numbers {
      #expect(file.tensors[name]?.shape == [2, 3])
      #expect(file.tensors[name]?.type.rawValue == name)
      #expect(file.tensors[name]?.convertedToDouble() == numbers, "\(name)")
    }
    #expect(file.metadata == ["format": "np", "note": "a \"b\"\\\né😀"])
    let again = try Safetensors.encode(file)
    #expect(try Safetensors.decode(again) == file)
    #expect(try Safetensors.encode(try Safetensors.decode(again)) == again)
  }

  @Test("empty tensors, numbers without axes and bfloat16")
  func odd() throws {
    var file = SafetensorsFile()
    file.tensors["none"] = NumberArray([] as [Float], shape: [0, 1 << 62])
    file.tensors["one"] = NumberArray([2.5] as [Double], shape: [])
    file.tensors["brain"] = NumberArray(type: .bfloat16, shape: [1], bytes: [0xC0, 0x3F])
    let read = try Safetensors.decode(try Safetensors.encode(file))
    #expect(read == file)
    #expect(read.tensors["brain"]?[0] == 1.5)
    #expect(try Safetensors.decode(self.file("{}", 0)).tensors.isEmpty)
  }

  @Test(
    "what the authors refuse",
    arguments: [
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3, "found 3 bytes behind"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
        "no hole and no overlap"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2,
        "found 2 bytes at tensor a, expected 3"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,0]}}", 2,
        "the second is no less"
      ),
      ("{\"a\":{\"dtype\":\"X8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, "the dtype X8"),
      ("{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2, "F4 of shape [3]"),
      ("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "type C64"),
      (
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,2]}}", 2,
        "fits in memory"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
        3, "bytes from 1 at tensor b"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-2],\"data_offsets\":[0,2]}}", 2,
        "a whole number from 0"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2.0],\"data_offsets\":[0,2]}}", 2,
        "a whole number from 0"
      ),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2]}}", 2, "fewer keys"),
      ("{\"a\":{},\"a\":{}}", 0, "fewer keys"),
      ("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", 0, "the key a twice"),
      ("{\"__metadata__\":{\"a\":1}}", 0, "at byte 21 of the header"),
      ("{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0, "the other half"),
      ("{} x", 0, "expected its end"), (" {}", 0, "another first byte"), ("", 0, "found nothing"),
    ])
  func refuses(header: String, data: Int, expected: String) throws {
    let bytes = file(header, data)
    let text = message { _ = try Safetensors.decode(bytes) }
    #expect(text?.contains(expected) == true, "\(text ?? "")")
  }

  @Test("headers that are longer than the file, or than any")
  func lengths() {
    for length in [3, 1 << 40, Int.max] {
      let bytes = file("{}", 0, length: length)
      #expect(message { _ = try Safetensors.decode(bytes) }?.contains("at most 2") == true)
    }
    #expect(message { _ = try Safetensors.decode([1, 2]) } != nil)
  }

  @Test("no cut and no changed byte ends the process")
  func damage() throws {
    let bytes = try Fixture.bytes("numpy.safetensors")
    for end in 0..<bytes.count {
      #expect(throws: ArrayFileError.self) { try Safetensors.decode(Array(bytes[..<end])) }
    }
    for position in 0..<min(900, bytes.count) {
      var damaged = bytes
      damaged[position] ^= 0x11
      _ = try? Safetensors.decode(damaged)
    }
  }
}
