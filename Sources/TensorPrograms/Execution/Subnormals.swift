import CKernels

/// Runs `body` with arithmetic in which subnormal numbers are zeros, also on the workers that share
/// its jobs.
///
/// A moment whose gradient stays zero decays through the subnormal numbers, and processors take a
/// hundred times as long for each of these: the longer a run, the slower its steps. XLA computes the
/// same way.
func withoutSubnormals<Result>(_ body: () -> Result) -> Result {
  let control = mr_float_control()
  mr_set_float_control(mr_without_subnormals(control))
  defer { mr_set_float_control(control) }
  return body()
}
