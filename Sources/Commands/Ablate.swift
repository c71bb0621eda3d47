import ArgumentParser
import Configurations
import Experiments
import Foundation
import Settings

/// Compares learned rates with tuned baselines.
struct Ablate: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares ways to choose rates on unseen runs.",
    discussion: """
      The arms are those of ablation.arms: tuned uniform, tuned layer-factor and learned rates unless \
      the configuration says otherwise; `\(Metarate.name) config keys ablation` lists them. An arm may \
      set things otherwise than the file, in `with`, and ablation.factors cross with the arms that \
      learn. Each chooses and is tested ablation.repetitions times, with seeds and test rows of its \
      own. Writes ablation.md, runs.csv, curves.csv, curves.h5, configuration.yaml, provenance.json and, as soon as each is \
      done, cells/ into results/<name>/<hash>-s<seed>-ablation or --output, and prints the tables. \
      ablation.horizons tests what was chosen once on runs of several lengths. --dry-run shows what is \
      to be done and what that costs. The same command again computes what is missing, so do arms and \
      repetitions that were added; a signal stops it at once. Other settings are another ablation, in a \
      folder of its own; another margin is refused, as it is declared before there are results.

      Examples:
        \(Metarate.name) ablate experiments/ablation-digits.yaml --dry-run
        \(Metarate.name) ablate experiments/ablation-digits.yaml
        \(Metarate.name) ablate experiments/ablation-digits.yaml \\
          'ablation.arms=[tunedAdam, {kind: learned, with: {rates.granularity: tensor}}]'
        \(Metarate.name) ablate experiments/ablation-digits.yaml ablation.repetitions=10 \\
          ablation.margin=0.002 --output results/ten
      """)

  @OptionGroup var given: ConfigurationArguments

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  @Flag(help: "Print the arms, which cells are done and what the others cost, and stop.")
  var dryRun = false

  func run(in laboratory: Laboratory) throws {
    let resolved = try given.loadToKeep(in: laboratory)
    try resolved.requireInitialRatesRead()
    let configuration = resolved.configuration
    let present = FileContents()
    let folder =
      try output.map { RunFolder($0) }
      ?? .ablation(
        identity: configuration.replacingPaths(by: present, in: laboratory).withoutArms)
    // A table that has moved since is what it was, and so is one that has changed in its place.
    let known = try Provenance.files(in: folder)
    let contents = FileContents(read: present.hashes, known: known)
    let recorded = FileContents(read: known)
    let identity = ResultsIdentity(
      there: { try $0.replacingPaths(by: recorded, in: laboratory).withoutArms },
      here: { try $0.replacingPaths(by: contents, in: laboratory).withoutArms })
    try folder.requireSameIfBegun(configuration, in: laboratory, identity: identity)
    // What can be refused is refused here, before anything is written or computed.
    let plan = try AblationPlan(
      configuration, in: folder, laboratory: laboratory, contents: contents)
    let isDone = plan.count.all == plan.count.done
    let schedule = isDone && !dryRun ? nil : try AblationSchedule(plan, in: laboratory)
    if dryRun, let schedule {
      Console.show(try schedule.text(in: laboratory))
      Console.show("folder: \(folder.path)")
      return
    }
    let progress = ProgressLines()
    defer { progress.clear() }
    let provenance = Provenance.json(command: CommandLine.arguments, files: contents.hashes)
    let figures = try folder.keepingResults(
      of: configuration, provenance: isDone ? nil : provenance,
      in: laboratory,
      identity: identity
    ) {
      LastWords.set(
        "\(progress.isTerminal ? "\n" : "")\(Metarate.name): stopped; finished arms are in "
          + "\(folder.cells): the same command goes on"
      )
      let ablation = try Ablation(plan, schedule, provenance: provenance, laboratory: laboratory) {
        progress.tell($0)
      }
      progress.clear()
      // What was computed is shown even where it cannot be kept.
      Console.show(ablation.markdown)
      if let unsaved = ablation.unsaved { throw unsaved }
      return try ablation.write(to: folder)
    }
    Console.show("written to \(folder.path)")
    for figure in figures { Console.show("figure       \(figure)") }
  }
}
