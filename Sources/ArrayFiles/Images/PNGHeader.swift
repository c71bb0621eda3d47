import Files

/// What a PNG file says of its image, and how pixels are made of that.
struct PNGHeader {
  private let height: Int
  private let width: Int
  /// Bits a pixel.
  private let depth: Int
  /// Bytes of a row of pixels.
  private var rowBytes: Int { (width * depth + 7) / 8 }

  /// Reads the data of the chunk IHDR.
  init(_ bytes: [UInt8], _ data: Range<Int>) throws(ArrayFileError) {
    let place = "IHDR"
    guard data.count == 13 else {
      throw ArrayFileError(.damaged, at: place, found: "\(data.count) bytes", expected: "13")
    }
    var cursor = ByteCursor(bytes, at: data.lowerBound, place: place)
    let (width, height) = (try cursor.big(UInt32.self), try cursor.big(UInt32.self))
    guard (1...UInt32(Int32.max)).contains(width), (1...UInt32(Int32.max)).contains(height) else {
      throw ArrayFileError(
        .damaged, at: place, found: "\(height)×\(width) pixels", expected: "from 1 to 2³¹ − 1")
    }
    let rest = Array(bytes[try cursor.take(5)])
    guard rest[1] == 0, [1, 2, 4, 8].contains(rest[0]) else {
      let kinds: [UInt8: String] = [
        0: "grey", 2: "colours", 3: "a palette", 4: "grey with transparency",
        6: "colours with transparency",
      ]
      throw ArrayFileError(
        kinds[rest[1]] == nil ? .damaged : .unsupported, at: place,
        found: "\(rest[0]) bits of \(kinds[rest[1]] ?? "colour type \(rest[1])")",
        expected: "grey of 1, 2, 4 or 8 bits; Pillow's image.convert(\"L\") makes it")
    }
    guard rest[2] == 0, rest[3] == 0, rest[4] <= 1 else {
      throw ArrayFileError(
        .damaged, at: place,
        found: "compression \(rest[2]), filter method \(rest[3]), interlacing \(rest[4])",
        expected: "0, 0, and 0 or 1")
    }
    guard rest[4] == 0 else {
      throw ArrayFileError(
        .unsupported, at: place, found: "an interlaced image", expected: "one row after the other")
    }
    (self.height, self.width, depth) = (Int(height), Int(width), Int(rest[0]))
  }

  /// The image whose rows were compressed.
  func image(
    _ compressed: [UInt8], _ budget: inout ByteBudget
  ) throws(ArrayFileError) -> GrayImage {
    // A row has the number of its filter in front.
    guard let size = ByteBudget.bytes([height, rowBytes + 1], of: 1),
      let pixels = ByteBudget.bytes([height, width], of: 1), pixels <= budget.remaining
    else { throw budget.excess("an image of \(height)×\(width) pixels") }
    try budget.take(size)
    var rows: [UInt8] = []
    var taken = 0
    do throws(ArrayFileError) {
      taken = try Inflation.inflate(
        compressed, 0..<compressed.count, .zlib, limit: size, into: &rows)
    } catch {
      throw ArrayFileError(
        .damaged, at: "IDAT",
        found: error.kind == .limit ? "more than \(size) bytes of pixels" : error.found,
        expected: error.kind == .limit
          ? "as many as \(height)×\(width) pixels have" : error.expected)
    }
    guard rows.count == size, taken == compressed.count else {
      throw ArrayFileError(
        .damaged, at: "IDAT",
        found: rows.count == size
          ? "\(compressed.count - taken) bytes behind the pixels" : "\(rows.count) bytes of pixels",
        expected: "\(size), as \(height)×\(width) pixels have, and no more")
    }
    try undoFilters(&rows)
    return GrayImage(height: height, width: width, pixels: unpacked(rows))
  }

  /// Adds to each byte what its row's filter took from it: of pixels of at most eight bits, by the
  /// bytes to the left, above, and above to the left.
  private func undoFilters(_ rows: inout [UInt8]) throws(ArrayFileError) {
    let stride = rowBytes + 1
    for row in 0..<height {
      let start = row * stride
      let filter = rows[start]
      guard filter <= 4 else {
        throw ArrayFileError(
          .damaged, at: "row \(row)", found: "the filter \(filter)", expected: "0 to 4")
      }
      guard filter > 0 else { continue }
      for position in start + 1..<start + stride {
        let isFirst = position == start + 1
        let left = isFirst ? 0 : rows[position - 1]
        let above = row == 0 ? 0 : rows[position - stride]
        let corner = isFirst || row == 0 ? 0 : rows[position - stride - 1]
        switch filter {
        case 1: rows[position] &+= left
        case 2: rows[position] &+= above
        case 3: rows[position] &+= UInt8((Int(left) + Int(above)) / 2)
        default: rows[position] &+= PNGHeader.predicted(Int(left), Int(above), Int(corner))
        }
      }
    }
  }

  /// Paeth's predictor: of three neighbours the one that is nearest to left + above − corner.
  private static func predicted(_ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
    let (toLeft, toAbove) = (abs(above - corner), abs(left - corner))
    let toCorner = abs(left + above - 2 * corner)
    if toLeft <= toAbove && toLeft <= toCorner { return UInt8(left) }
    return UInt8(toAbove <= toCorner ? above : corner)
  }

  /// A byte for each pixel, the first of which are the highest bits of their byte.
  private func unpacked(_ rows: [UInt8]) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(height * width)
    let highest = UInt8(1 << depth - 1)
    let step = 255 / highest
    for row in 0..<height {
      let start = row * (rowBytes + 1) + 1
      if depth == 8 {
        pixels += rows[start..<start + width]
        continue
      }
      for column in 0..<width {
        let bit = column * depth
        let shift = 8 - depth - bit % 8
        pixels.append((rows[start + bit / 8] >> UInt8(shift) & highest) * step)
      }
    }
    return pixels
  }
}
