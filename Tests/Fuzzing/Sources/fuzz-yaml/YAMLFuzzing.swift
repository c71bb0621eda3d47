import Configurations
import Experiments
import Settings

/// Reads bytes as a configuration. One that is accepted is written, and read again the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func readYAML(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
  guard
    let read = try? ResolvedConfiguration.parse(yaml: text, name: "fuzz.yaml", in: .standard)
  else { return 0 }
  let canonical = read.configuration.canonicalYAML
  guard
    let again = try? ResolvedConfiguration.parse(
      yaml: canonical, name: "again.yaml", in: .standard),
    again.configuration.canonicalYAML == canonical
  else { fatalError("what was written is not what was read: \(canonical)") }
  return 0
}
