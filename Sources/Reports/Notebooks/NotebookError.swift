/// Why a notebook has no outputs.
package enum NotebookError: Error, Equatable, CustomStringConvertible {
  /// No interpreter has the modules.
  case noPython([String])
  /// A cell found a file that is not what it should be.
  case badFile(String)
  /// A cell failed, or the interpreter did.
  case failed(String)
  /// The interpreter wrote no notebook.
  case unreadable

  package var description: String {
    switch self {
    case .noPython(let tried):
      "found no Python with h5py, NumPy and matplotlib (tried \(tried.joined(separator: ", "))), which "
        + "the outputs of a notebook need: install python3-h5py and python3-matplotlib, name another "
        + "one by --python, or leave outputs out by --no-outputs"
    case .badFile(let text): text
    case .failed(let text): "the notebook could not be run: \(text)"
    case .unreadable: "the notebook could not be read back: expected nbformat 4"
    }
  }
}
