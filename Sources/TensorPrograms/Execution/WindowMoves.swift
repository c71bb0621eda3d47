import CKernels

/// Images to the contents of windows and back.
enum WindowMoves {
  static func run(_ move: WindowMove, _ workspace: Workspace) {
    let windows = move.windows
    var how = mr_windows(
      images: Int64(move.images[0]), height: Int64(move.images[1]), width: Int64(move.images[2]),
      channels: Int64(move.images[3]), window_height: Int64(windows.height),
      window_width: Int64(windows.width), stride: Int64(windows.stride),
      top: Int64(windows.verticalPadding), left: Int64(windows.horizontalPadding),
      rows: Int64(move.rows), columns: Int64(move.columns))
    let (x, y) = (workspace.address(move.operand), workspace.address(move.result))
    switch (move.scalar, move.folds) {
    case (.float32, false):
      mr_patches_f32(
        &how, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
    case (.float32, true):
      mr_fold_patches_f32(
        &how, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
    case (.float64, false):
      mr_patches_f64(
        &how, x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self))
    case (.float64, true):
      mr_fold_patches_f64(
        &how, x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self))
    case (.int32, _): fatalError("images are floating-point")
    }
  }
}
