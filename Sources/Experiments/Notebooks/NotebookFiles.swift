import Checkpoints
import Configurations
import Files
import Foundation
import Reports
import Settings

/// Notebooks as files.
package enum NotebookFiles {
  /// The module that notebooks read files with.
  private static let module = "metarate_files"

  /// Where the notebook of results goes unless somebody says so: into their folder, of a checkpoint
  /// into the present one; nil where there are several.
  package static func standardPath(for paths: [String]) -> String? {
    guard paths.count == 1 else { return nil }
    let url = URL(fileURLWithPath: paths[0])
    return ResultsFolder(paths[0]).kind == nil
      ? url.deletingPathExtension().lastPathComponent + ".ipynb"
      : "\(RunFolder(paths[0]).path)/notebook.ipynb"
  }

  /// Writes the notebook of a checkpoint, of a run or of ablations, its page beside it, and the module
  /// that it reads files with.
  ///
  /// - Parameters:
  ///   - paths: where the results are.
  ///   - output: the notebook, which ends in `.ipynb`.
  ///   - title: what it is called; nil for what results are called.
  ///   - python: the interpreter that runs it; nil for the first that can.
  ///   - hasOutputs: whether it is run; without outputs there is no page.
  ///   - laboratory: the kinds that configurations may name.
  /// - Returns: the files.
  package static func write(
    of paths: [String], to output: String, title: String?, python: String?, hasOutputs: Bool,
    in laboratory: Laboratory
  ) throws -> [String] {
    guard output.hasSuffix(".ipynb"), output != ".ipynb" else {
      throw RunError.notANotebook(path: output)
    }
    let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
    let notebook = try NotebookContents.notebook(
      of: paths, from: folder, title: title, in: laboratory)
    let source = EmbeddedData.pythonProgram(module)
    try RunFolder.make(folder)
    let document =
      hasOutputs
      ? try PythonInterpreter(python).executed(
        notebook, by: EmbeddedData.pythonProgram("execute"), with: (module, source), in: folder)
      : try notebook.json
    let page = hasOutputs ? try NotebookPage.html(document) : nil
    let place = "\(folder)/\(module).py"
    // One that is the same may be a link to it.
    if FileManager.default.contents(atPath: place) != Data(source.utf8) {
      try AtomicFile.write(Array(source.utf8), to: place)
    }
    try AtomicFile.write(Array(document), to: output)
    guard let page else { return [output] }
    let file = output.dropLast("ipynb".count) + "html"
    try AtomicFile.write(Array(page.utf8), to: String(file))
    return [output, String(file)]
  }
}
