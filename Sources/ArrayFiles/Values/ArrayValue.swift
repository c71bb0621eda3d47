/// What a file may hold under a name: numbers, or texts.
public enum ArrayValue: Sendable, Equatable {
  /// An array of numbers.
  case numbers(NumberArray)
  /// An array of texts, row-major.
  case texts([String], shape: [Int])

  /// The length of each axis.
  public var shape: [Int] {
    switch self {
    case .numbers(let array): array.shape
    case .texts(_, let shape): shape
    }
  }
}
