import Foundation

/// A Python that can run notebooks.
package struct PythonInterpreter: Sendable {
  /// Seconds that a notebook may take.
  private static let timeLimit = 1800.0
  private let executable: String

  /// The first that has h5py, NumPy and matplotlib: of the given one, or of `python3` on `PATH` and
  /// Debian's own, which has the modules that packages of Debian's install.
  package init(_ name: String?) throws(NotebookError) {
    let usual = TimedProcess.onPath("python3").map { [$0] } ?? []
    let candidates =
      name.map { [$0.contains("/") ? $0 : TimedProcess.onPath($0) ?? $0] }
      ?? (usual + ["/usr/bin/python3"].filter { !usual.contains($0) })
    guard
      let found = candidates.first(where: { path in
        TimedProcess.run(
          path, arguments: ["-c", "import h5py, numpy, matplotlib"], in: "/", timeLimit: 120
        ).ending == .exited(0)
      })
    else { throw .noPython(candidates) }
    executable = found
  }

  /// A notebook with the outputs of its cells.
  ///
  /// - Parameters:
  ///   - program: the program that runs cells, from a file to another.
  ///   - module: a module that cells import, by its name.
  ///   - folder: where the notebook is, which its paths start from.
  package func executed(
    _ notebook: Notebook, by program: String, with module: (name: String, source: String),
    in folder: String
  ) throws -> Data {
    let files = FileManager.default
    let place = files.temporaryDirectory.appendingPathComponent("metarate-\(UUID().uuidString)")
    try files.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: place) }
    let (source, target) = (
      place.appendingPathComponent("in.ipynb"), place.appendingPathComponent("out.ipynb")
    )
    try notebook.json.write(to: source)
    try Data(module.source.utf8).write(to: place.appendingPathComponent("\(module.name).py"))
    let run = TimedProcess.run(
      executable, arguments: ["-B", "-c", program, source.path, target.path], in: folder,
      timeLimit: Self.timeLimit)
    switch run.ending {
    case .exited(0): break
    case .exited(3): throw NotebookError.badFile(run.errors)
    case .exited(let status):
      throw NotebookError.failed("\(executable) ended with \(status): \(run.errors)")
    case .outOfTime:
      throw NotebookError.failed("it took more than \(Int(Self.timeLimit)) seconds")
    case .notStarted(let reason): throw NotebookError.failed(reason)
    }
    guard let document = try? Data(contentsOf: target) else { throw NotebookError.unreadable }
    return document
  }
}
