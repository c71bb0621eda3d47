/// The name of a layer in paths: its position in three digits and what it is.
public func layerName(_ index: Int, _ kind: String) -> String {
  let digits = String(index)
  return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_" + kind
}
