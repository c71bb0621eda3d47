import ArrayFiles
import MetaLearning
import TensorPrograms

/// A table's inputs as tensors have them: missing values filled, and scaled.
struct InputTensor {
  /// In the shape of the file.
  let values: Tensor
  /// What there is to say of them.
  let notes: [String]

  /// Means and deviations of columns, or of images' channels, over some rows.
  private struct Moments {
    var means: [Double]
    var deviations: [Double]
  }

  /// Takes numbers as they are in a file.
  ///
  /// - Parameters:
  ///   - array: [rows, …].
  ///   - scale: what becomes of them.
  ///   - masks: whether those that are missing are filled with means.
  ///   - training: the rows that means are of.
  ///   - scalar: the tensor's type.
  ///   - unsuitable: makes an error of what was found and expected.
  init(
    _ array: NumberArray, scale: InputScale, masks: Bool, training: [Int32], _ scalar: ScalarType,
    _ unsuitable: (String, String) -> DataError
  ) throws(DataError) {
    let features = InputTensor.features(array.shape)
    var (lowest, highest, missing, isWhole) = (Double.infinity, -Double.infinity, 0, true)
    for position in 0..<array.count {
      let number = array[position]
      if number.isNaN, masks {
        missing += 1
        continue
      }
      guard number.isFinite, scalar == .float64 || Float(number).isFinite else {
        throw InputTensor.refusal(number, position, of: "inputs", array.shape, unsuitable)
      }
      (lowest, highest) = (min(lowest, number), max(highest, number))
      isWhole = isWhole && number == number.rounded()
    }
    var notes: [String] = []
    if missing > 0 {
      notes.append("missing inputs, which are the mean of their column: \(missing)")
    }
    if case .none = scale, isWhole, lowest >= 0, highest > 100, highest <= 255,
      array.shape.count > 2 || array.shape[1] >= 16
    {
      notes.append(
        "inputs run from \(Int(lowest)) to \(Int(highest)), as pixels do: "
          + "task.scale={ kind: divide, by: 255 } brings them to 0…1, which most rates suit")
    }
    let needsMoments = missing > 0 || scale == .standardize
    let moments = needsMoments ? InputTensor.moments(array, features, training) : nil
    var position = -1
    values = Tensor(TensorType(Shape(array.shape), scalar)) {
      position += 1
      var number = array[position]
      if let moments {
        let feature = position % features
        if number.isNaN { number = moments.means[feature] }
        if scale == .standardize {
          return (number - moments.means[feature]) / moments.deviations[feature]
        }
      }
      if case .divide(let divisor) = scale { return number / divisor }
      return number
    }
    self.notes = notes
  }

  /// Columns of a table, channels of images, one of images without channels.
  private static func features(_ shape: [Int]) -> Int {
    switch shape.count {
    case 2: shape[1]
    case 4: shape[3]
    default: 1
    }
  }

  private static func moments(
    _ array: NumberArray, _ features: Int, _ training: [Int32]
  ) -> Moments {
    let width = array.count / max(1, array.shape[0])
    var counts = [Double](repeating: 0, count: features)
    var moments = Moments(means: counts, deviations: counts)
    func forEach(_ body: (Int, Double) -> Void) {
      for row in training {
        for element in 0..<width {
          let number = array[Int(row) * width + element]
          if !number.isNaN { body(element % features, number) }
        }
      }
    }
    forEach { feature, number in
      counts[feature] += 1
      moments.means[feature] += number
    }
    for feature in 0..<features where counts[feature] > 0 {
      moments.means[feature] /= counts[feature]
    }
    forEach { feature, number in
      let difference = number - moments.means[feature]
      moments.deviations[feature] += difference * difference
    }
    for feature in 0..<features {
      let variance = counts[feature] > 0 ? moments.deviations[feature] / counts[feature] : 0
      // What is the same in all rows is centred alone.
      moments.deviations[feature] = variance > 0 ? variance.squareRoot() : 1
    }
    return moments
  }

  /// The error of a number that cannot be learned.
  static func refusal(
    _ number: Double, _ position: Int, of name: String, _ shape: [Int],
    _ unsuitable: (String, String) -> DataError
  ) -> DataError {
    let width = shape.dropFirst().reduce(1, *)
    let place =
      shape.count == 2
      ? " (row \(position / width), column \(position % width))"
      : shape.count > 2 ? " (row \(position / width))" : ""
    return unsuitable(
      "\(number) at element \(position) of \(name)\(place)",
      number.isNaN
        ? "finite numbers; or task.missing=mask"
        : number.isFinite
          ? "numbers that single precision holds; or precision=double" : "finite numbers")
  }
}
