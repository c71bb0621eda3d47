import ArgumentParser
import Configurations
import Experiments
import MetaLearning
import Settings

/// Takes rates and weights to other frameworks.
struct Export: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a checkpoint's rates and weights for PyTorch, JAX or NumPy.",
    discussion: """
      The formats pytorch and optax are folders with a module whose optimizer does what the inner \
      optimizer did, with the learned rates: import it, no Swift needed. safetensors and npz are \
      arrays alone. All say in their metadata how tensors lie, which optimizer, schedule and number of \
      steps the rates were learned for. Rates may be averaged, by their geometric means.

      Examples:
        \(Metarate.name) export results/digits --format pytorch
        \(Metarate.name) export results/digits --format pytorch --by tensor --output groups
        \(Metarate.name) export results/digits/checkpoints/best.h5 --format npz --rates
        \(Metarate.name) export results/digits --format optax --state last
      """)

  @Argument(help: ArgumentHelp("Checkpoint, or folder of a run.", valueName: "path"))
  var path: String

  @Option(help: "What others read them with.")
  var format = ExportFormat.safetensors

  @Flag(help: "Take the rates; without --rates and --weights both are taken.")
  var rates = false

  @Flag(help: "Take the weights.")
  var weights = false

  @Option(help: "How finely rates leave; coarser than parameter they are geometric means.")
  var by = ExportedGranularity.parameter

  @Option(help: "The best state by validation, or the last.")
  var state = LearnedState.best

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The new file or folder; export.safetensors, export.npz, export-pytorch, export-optax.",
      valueName: "path"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let file =
      try state == .best
      ? NamedCheckpoints.bestOfOne(of: path) : NamedCheckpoints.newest(of: path)
    let export = try CheckpointExport(
      CheckpointReference(file: file, state: state), by: by, in: laboratory)
    let isAll = rates == weights
    let files = ExportFiles(export, .init(rates: isAll || rates, weights: isAll || weights))
    let written = try files.write(as: format, to: output ?? format.standardOutput)
    Console.show(files.text(of: written, format))
  }
}

extension ExportFormat: ExpressibleByArgument {}
extension ExportedGranularity: ExpressibleByArgument {}
extension LearnedState: ExpressibleByArgument {}
