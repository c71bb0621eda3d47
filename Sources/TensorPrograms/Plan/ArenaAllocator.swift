/// Hands out places in one arena, known before anything runs.
struct ArenaAllocator {
  /// Free ranges below the end, in order, never adjacent.
  private var free: [Range<Int>] = []
  private(set) var byteCount = 0

  private static func aligned(_ bytes: Int) -> Int { Buffer.aligned(max(bytes, 1)) }

  /// The start of the smallest free range that holds the bytes, or of new space at the end.
  mutating func allocate(_ bytes: Int) -> Int {
    let size = ArenaAllocator.aligned(bytes)
    var best: Int?
    for (position, range) in free.enumerated() where range.count >= size {
      if best == nil || range.count < free[best!].count { best = position }
    }
    if let best {
      let start = free[best].lowerBound
      free[best] = start + size..<free[best].upperBound
      if free[best].isEmpty { free.remove(at: best) }
      return start
    }
    // A free range at the very end grows.
    if let last = free.last, last.upperBound == byteCount {
      free.removeLast()
      byteCount = last.lowerBound + size
      return last.lowerBound
    }
    byteCount += size
    return byteCount - size
  }

  /// Gives a place back.
  mutating func release(_ start: Int, _ bytes: Int) {
    var range = start..<start + ArenaAllocator.aligned(bytes)
    var position = free.firstIndex { $0.lowerBound > range.lowerBound } ?? free.count
    if position < free.count, free[position].lowerBound == range.upperBound {
      range = range.lowerBound..<free[position].upperBound
      free.remove(at: position)
    }
    if position > 0, free[position - 1].upperBound == range.lowerBound {
      position -= 1
      range = free[position].lowerBound..<range.upperBound
      free.remove(at: position)
    }
    free.insert(range, at: position)
  }
}
