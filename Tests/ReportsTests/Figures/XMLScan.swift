/// The least that a reader of XML asks for: tags that open and close in order, text without `<`.
enum XMLScan {
  /// Whether all tags of a document are closed in order and every `&` begins an entity.
  static func isBalanced(_ document: String) -> Bool {
    var open: [Substring] = []
    var rest = document[...]
    while let start = rest.firstIndex(of: "<") {
      guard isText(rest[..<start]), let end = rest[start...].firstIndex(of: ">") else {
        return false
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.first == "?" || tag.first == "!" || tag.last == "/" { continue }
      let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace }
      if tag.first != "/" {
        open.append(name)
      } else if open.popLast() != name {
        return false
      }
    }
    return open.isEmpty && isText(rest)
  }

  private static func isText(_ text: Substring) -> Bool {
    text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
      .allSatisfy { $0.prefix(8).contains(";") }
  }
}
