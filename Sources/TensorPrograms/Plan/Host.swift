import CKernels
import COpenBLAS

/// What this machine brings to programs, for provenance: results have the same bits only where
/// these are the same.
public enum Host {
  /// OpenBLAS's version and the core type that it chose.
  public static var blas: String {
    let version = String(cString: openblas_get_config()).split(separator: " ").prefix(2)
    return version.joined(separator: " ") + " " + OpenBLAS.core
  }

  /// Who computes large matrix products here, and why: OpenBLAS, or our own kernel on processors
  /// that OpenBLAS has no kernels for.
  public static var largeProducts: String {
    OpenBLAS.isOfThisProcessor
      ? "OpenBLAS (\(OpenBLAS.core))"
      : "own kernel (\(kernels)): OpenBLAS knows this processor as \(OpenBLAS.core) only"
  }

  /// The build of the C loops that this CPU runs, chosen by the loader.
  public static var kernels: String { String(cString: mr_cpu_level()) }
}
