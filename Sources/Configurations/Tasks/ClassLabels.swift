import ArrayFiles

/// The classes of rows, in whatever form a file has them: whole numbers of any type [rows] or [rows, 1],
/// rows with a single one [rows, classes], or texts.
struct ClassLabels {
  /// The class of each row; nil where it is missing.
  let classes: [Int32?]
  /// How many classes there are.
  let count: Int
  /// What classes are called, where they have names.
  let names: [String]?

  /// Reads labels.
  ///
  /// - Parameters:
  ///   - value: as the file has them.
  ///   - most: how many classes there may be at most.
  ///   - allowsMissing: whether a label may be missing.
  ///   - unsuitable: makes an error of what was found and expected.
  init(
    _ value: ArrayValue, most: Int, allowsMissing: Bool,
    _ unsuitable: (String, String) -> DataError
  ) throws(DataError) {
    let rows = value.shape.first ?? 0
    let width = value.shape.dropFirst().reduce(1) {
      $0.multipliedReportingOverflow(by: $1).partialValue
    }
    guard value.shape.count <= 2, value.shape.count >= 1 else {
      throw unsuitable(
        "targets of shape \(value.shape)",
        "class numbers of shape [\(rows)] or [\(rows), 1], or rows with a single one [\(rows), classes]"
      )
    }
    switch value {
    case .texts(let texts, _):
      guard width == 1 else {
        throw unsuitable("targets of shape \(value.shape)", "class names of shape [\(rows)]")
      }
      let names = Set(texts).subtracting(allowsMissing ? [""] : []).sorted()
      guard names.count <= most else {
        throw unsuitable(
          "\(names.count) class names",
          "at most \(most): as many classes as rows, or 1024 where those "
            + "are fewer")
      }
      let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
      (classes, count, self.names) = (texts.map { numbers[$0] }, names.count, names)
    case .numbers(let array) where width == 1:
      var (classes, highest) = ([Int32?](), Int32(-1))
      for row in 0..<rows {
        let number = array[row]
        if number.isNaN, allowsMissing {
          classes.append(nil)
          continue
        }
        guard number == number.rounded(), number >= 0, number < Double(most) else {
          throw unsuitable(
            "the class \(number) at element \(row) of targets",
            "whole numbers from 0 to \(most - 1): as many classes as rows, or 1024 where those are fewer"
          )
        }
        classes.append(Int32(number))
        highest = max(highest, Int32(number))
      }
      (self.classes, count, names) = (classes, Int(highest) + 1, nil)
    case .numbers(let array):
      var classes: [Int32?] = []
      for row in 0..<rows {
        let numbers = (0..<width).map { array[row * width + $0] }
        guard let one = numbers.firstIndex(of: 1), numbers.filter({ $0 == 0 }).count == width - 1
        else {
          throw unsuitable(
            "targets of shape \(value.shape) whose row \(row) has no single one",
            "class numbers of shape [\(rows)], or rows with a single one; several in a row are for "
              + "task.loss=binaryCrossEntropy")
        }
        classes.append(Int32(one))
      }
      (self.classes, count, names) = (classes, width, nil)
    }
  }
}
