/// The types of elements that safetensors has words for.
enum SafetensorsType: String, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8", int8 = "I8", uint16 = "U16", int16 = "I16"
  case uint32 = "U32", int32 = "I32", uint64 = "U64", int64 = "I64"
  case float16 = "F16", bfloat16 = "BF16", float32 = "F32", float64 = "F64"
  case float4 = "F4", float6e2m3 = "F6_E2M3", float6e3m2 = "F6_E3M2"
  case float8e5m2 = "F8_E5M2", float8e4m3 = "F8_E4M3", float8e8m0 = "F8_E8M0"
  case complex64 = "C64"

  /// The word for a type.
  init(_ type: ElementType) {
    self =
      switch type {
      case .bool: .bool
      case .uint8: .uint8
      case .int8: .int8
      case .uint16: .uint16
      case .int16: .int16
      case .uint32: .uint32
      case .int32: .int32
      case .uint64: .uint64
      case .int64: .int64
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .float32: .float32
      case .float64: .float64
      }
  }

  /// The type here; nil where there is none.
  var elementType: ElementType? { ElementType.allCases.first { SafetensorsType($0) == self } }

  /// Bits an element takes.
  var bitCount: Int {
    switch self {
    case .float4: 4
    case .float6e2m3, .float6e3m2: 6
    case .float8e5m2, .float8e4m3, .float8e8m0: 8
    case .complex64: 64
    default: 8 * (elementType?.byteCount ?? 0)
    }
  }
}
