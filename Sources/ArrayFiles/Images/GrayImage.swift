/// A grey image of eight bits a pixel.
public struct GrayImage: Sendable, Equatable {
  /// Pixels of a column.
  public let height: Int
  /// Pixels of a row.
  public let width: Int
  /// Row by row, from 0 for black to 255 for white.
  public let pixels: [UInt8]

  /// An image of the given pixels, as many as its sides ask for.
  public init(height: Int, width: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == height * width, "\(pixels.count) pixels of an image of \(height)×\(width)")
    (self.height, self.width, self.pixels) = (height, width, pixels)
  }

  /// The image at another size as an array [height, width] from 0 for black to 1 for white: each of
  /// its pixels is the mean of the area that it covers.
  ///
  /// Areas are counted in whole numbers, so that each mean is rounded once.
  public func resampled(height rows: Int, width columns: Int) -> NumberArray {
    precondition(rows > 0 && columns > 0 && height > 0 && width > 0, "an image without pixels")
    let (down, across) = (Covering.of(rows, over: height), Covering.of(columns, over: width))
    let area = Float(255 * height * width)
    var means: [Float] = []
    means.reserveCapacity(rows * columns)
    for row in down {
      // Rows that a pixel covers are added up once for all of its row.
      var sums = [Int](repeating: 0, count: width)
      for (offset, weight) in row.weights.enumerated() {
        let start = (row.first + offset) * width
        for column in 0..<width { sums[column] += weight * Int(pixels[start + column]) }
      }
      for column in across {
        var sum = 0
        for (offset, weight) in column.weights.enumerated() {
          sum += weight * sums[column.first + offset]
        }
        means.append(Float(sum) / area)
      }
    }
    return NumberArray(means, shape: [rows, columns])
  }

  /// What one pixel of a new size covers of the old ones, along one axis.
  private struct Covering {
    /// The first old pixel.
    let first: Int
    /// How much of each from there on, in units of which an old pixel has as many as there are new
    /// ones.
    let weights: [Int]

    /// Each of so many new pixels over so many old ones.
    static func of(_ new: Int, over old: Int) -> [Covering] {
      (0..<new).map { index in
        let (start, end) = (index * old, (index + 1) * old)
        let (first, last) = (start / new, (end - 1) / new)
        return Covering(
          first: first,
          weights: (first...last).map { min(end, ($0 + 1) * new) - max(start, $0 * new) })
      }
    }
  }
}
