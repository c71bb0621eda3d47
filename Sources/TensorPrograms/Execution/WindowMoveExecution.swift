import CKernels

/// Images to the contents of windows and back.
enum WindowMoveExecution {
  static func run(_ move: WindowMove, _ workspace: Workspace) {
    var layout = move.layout
    let (x, y) = (workspace.address(move.operand), workspace.address(move.result))
    switch (move.scalar, move.folds) {
    case (.float32, false):
      mr_patches_f32(
        &layout, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
    case (.float32, true):
      mr_fold_patches_f32(
        &layout, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self))
    case (.float64, false):
      mr_patches_f64(
        &layout, x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self))
    case (.float64, true):
      mr_fold_patches_f64(
        &layout, x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self))
    case (.int32, _): fatalError("images are floating-point")
    }
  }
}
