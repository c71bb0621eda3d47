import Settings

/// Values that a search tries.
public enum SearchedValues: Sendable {
  /// Numbers of a range; a `log` one is widened while the best lies at an end.
  case drawn(SearchRange)
  /// These.
  case listed([ConfigurationNode])

  /// The value at a fraction from 0 up to 1.
  func value(at fraction: Double) -> ConfigurationNode {
    switch self {
    case .drawn(let range): ConfigurationNode(.plain(range.value(at: fraction)))
    case .listed(let values):
      values[min(Int(fraction * Double(values.count)), values.count - 1)]
    }
  }

  /// The range widened where a value lies near an end of it; nil where it is not.
  func widened(around value: ConfigurationNode) -> SearchedValues? {
    guard case .drawn(let range) = self, case .plain(let text) = value.content,
      let number = Double(text)
    else { return nil }
    return range.widened(around: number).map { .drawn($0) }
  }
}
