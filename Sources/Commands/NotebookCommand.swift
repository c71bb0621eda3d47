import ArgumentParser
import Experiments
import Settings

/// Writes a notebook of results.
struct NotebookCommand: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook",
    abstract: "Writes a Jupyter notebook of results, with its outputs, and the same as a page.",
    discussion: """
      Of a checkpoint: its rates by tensor, over time, and beside weights, and what tells them apart. \
      Of a run's folder: what it came to and how it learned, and the same of its best state. Of one or \
      more ablations: their tables, intervals and pictures, computed again from each repetition's losses.

      Cells are Python over h5py, NumPy and matplotlib, which run without Jupyter to make the outputs. \
      The module metarate_files.py that they read files with is put beside the notebook.

      Examples:
        \(Metarate.name) notebook results/quickstart
        \(Metarate.name) notebook results/quickstart/checkpoints/best.h5 --output rates.ipynb
        \(Metarate.name) notebook results/ablation-terms/digits-fresh results/ablation-terms/digits-fixed \
      --title Symmetry --output symmetry.ipynb
      """)

  @Argument(
    help: ArgumentHelp("Checkpoint, folder of a run, or folders of ablations.", valueName: "path"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The notebook. Otherwise notebook.ipynb in the folder, of a checkpoint its name here.",
      valueName: "file.ipynb"))
  var output: String?

  @Option(help: ArgumentHelp("What it is called.", valueName: "text"))
  var title: String?

  @Option(help: ArgumentHelp("The Python that runs it.", valueName: "program"))
  var python: String?

  @Flag(inversion: .prefixedNo, help: "Run the cells, and write the page.")
  var outputs = true

  func validate() throws {
    if paths.count > 1, output == nil {
      throw ValidationError("several ablations need --output FILE.ipynb")
    }
  }

  func run(in laboratory: Laboratory) throws {
    let output = output ?? NotebookFiles.standardPath(for: paths)!
    let files = try NotebookFiles.write(
      of: paths, to: output, title: title, python: python, hasOutputs: outputs, in: laboratory)
    for (label, file) in zip(["notebook     ", "page         "], files) {
      Console.show(label + file)
    }
  }
}
