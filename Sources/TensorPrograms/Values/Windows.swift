/// Windows over images: their size in pixels, the pixels from one to the next, and the rows and
/// columns of zeros around an image that they may reach into.
public struct Windows: Sendable, Hashable, CustomStringConvertible {
  /// Pixels of a window from top to bottom.
  public let height: Int
  /// Pixels of a window from left to right.
  public let width: Int
  /// Pixels from one window to the next, both ways.
  public let stride: Int
  /// Rows of zeros above and below an image.
  public let verticalPadding: Int
  /// Columns of zeros left and right of an image.
  public let horizontalPadding: Int

  /// Windows of a positive size and stride.
  public init(
    height: Int, width: Int, stride: Int = 1, verticalPadding: Int = 0, horizontalPadding: Int = 0
  ) {
    require(height >= 1 && width >= 1, "windows of \(height)×\(width) pixels contain none")
    require(stride >= 1, "windows \(stride) pixels apart do not move on")
    require(verticalPadding >= 0 && horizontalPadding >= 0, "padding cannot be negative")
    self.height = height
    self.width = width
    self.stride = stride
    self.verticalPadding = verticalPadding
    self.horizontalPadding = horizontalPadding
  }

  /// One window around every pixel, or around some at equal distances; both extents must be odd.
  public static func centered(height: Int, width: Int, stride: Int = 1) -> Windows {
    require(
      height % 2 == 1 && width % 2 == 1, "a window of \(height)×\(width) pixels has no center")
    return Windows(
      height: height, width: width, stride: stride, verticalPadding: height / 2,
      horizontalPadding: width / 2)
  }

  /// For example `3×3 windows, stride 1, padding 1×1`.
  public var description: String {
    "\(height)×\(width) windows, stride \(stride), padding \(verticalPadding)×\(horizontalPadding)"
  }

  /// How many windows an image has, down and across; nil where not one fits.
  package func counts(height: Int, width: Int) -> (rows: Int, columns: Int)? {
    let down = height + 2 * verticalPadding - self.height
    let across = width + 2 * horizontalPadding - self.width
    return down < 0 || across < 0 ? nil : (down / stride + 1, across / stride + 1)
  }

  /// Where the element at an index of the windows' contents comes from: [image, row, column,
  /// channel], which may lie in the padding.
  package func pixel(of index: [Int], channels: Int) -> [Int] {
    let (position, channel) = index[3].quotientAndRemainder(dividingBy: channels)
    let (row, column) = position.quotientAndRemainder(dividingBy: width)
    return [
      index[0], index[1] * stride - verticalPadding + row,
      index[2] * stride - horizontalPadding + column, channel,
    ]
  }
}
