import CKernels
import COpenBLAS

/// What programs run on, for provenance: results have the same bits only where these are the same.
public enum Backend {
  /// OpenBLAS's version and the core type that it chose.
  public static var blas: String {
    let version = String(cString: openblas_get_config()).split(separator: " ").prefix(2)
    return version.joined(separator: " ") + " " + String(cString: openblas_get_corename())
  }

  /// The build of the C loops that this CPU runs.
  public static var kernels: String { String(cString: mr_cpu_level()) }

  /// Threads that share the work; `METARATE_WORKERS` sets them.
  public static var workers: Int { WorkerPool.shared.workers }

  /// When they share large kernels; `METARATE_SHARING` says so.
  public static var sharing: Sharing { .chosen }
}
