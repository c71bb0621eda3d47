import ArgumentParser
import Configurations
import Experiments
import Foundation
import Settings

/// What a run shows and when it stops; shared by `run` and `resume`.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Stop after so many seconds, saved and resumable (exit code 75).", valueName: "seconds"))
  var maxTime: Double?

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if let maxTime, !(maxTime > 0) {
      throw ValidationError("--max-time: found \(maxTime), expected seconds above 0")
    }
  }

  /// Runs to the end and shows the result.
  func finish(_ run: TrainingRun) throws {
    var progress = Progress(isQuiet: quiet)
    let result = try run(&progress)
    progress.finish()
    if !quiet { Console.show(RunReport.text(result)) }
  }
}

/// Learns rates.
struct Run: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learns rates as a configuration says, saving as it goes.",
    discussion: """
      The run's folder, results/<name>/<hash>-s<seed> or --output, gets the configuration, \
      checkpoints (the best state by validation in best.h5), trajectory.h5, metrics.csv, losses of \
      test runs step by step in curves.h5 and curves.csv, and figures. A signal finishes the step, saves and says how to resume. With --continue the same \
      command begins a run, goes on with one that was stopped or killed, to the same bits, and \
      does nothing where it is finished.

      Examples:
        \(Metarate.name) run experiments/digits.yaml
        \(Metarate.name) run experiments/digits.yaml seed=3 outer.steps=20 \\
          --output results/short
        \(Metarate.name) run experiments/digits.yaml rates.granularity=layer --dry-run
        \(Metarate.name) run experiments/digits.yaml --continue
      """)

  @OptionGroup var given: ConfigurationArguments

  @Option(help: ArgumentHelp("The run's folder itself.", valueName: "dir"))
  var output: String?

  @Flag(help: "Print shapes, cost and memory, and stop.")
  var dryRun = false

  @Flag(
    name: .customLong("continue"),
    help: "Go on with the run of this configuration, if the folder holds one.")
  var continues = false

  @OptionGroup var options: RunOptions

  func run(in laboratory: Laboratory) throws {
    let interruption = Interruption(maximumSeconds: options.maxTime)
    // The same run wherever it is resumed from.
    let configuration = try given.loadToKeep(in: laboratory).configuration
    if dryRun {
      let (text, refusal) = try DryRun.text(configuration)
      Console.show(text)
      if let refusal { throw refusal }
      return
    }
    let folder = output.map { RunFolder($0) } ?? .standard(for: configuration)
    guard continues else {
      try options.finish(
        TrainingRun(
          beginning: configuration, in: folder, interruption: interruption,
          command: CommandLine.arguments, laboratory: laboratory))
      return
    }
    if case .finished(let summary) = try folder.stage(of: configuration, in: laboratory) {
      if !options.quiet { Console.show(RunReport.finished(summary, folder)) }
      return
    }
    try options.finish(
      TrainingRun(
        continuing: configuration, in: folder, interruption: interruption,
        command: CommandLine.arguments, laboratory: laboratory))
  }
}

/// Continues a run.
struct Resume: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Continues a run that was stopped or killed, to the same bits.",
    discussion: """
      Example:
        \(Metarate.name) resume results/digits-learned-rates/0123456789-s0
        \(Metarate.name) resume results/digits-learned-rates/0123456789-s0 outer.steps=400
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "dir"))
  var folder: String

  @Argument(
    help: ArgumentHelp(
      "Other values for what decides nothing of the steps that are done, such as outer.steps=400, over which schedules stretch then.",
      valueName: "key=value"))
  var changes: [String] = []

  @OptionGroup var options: RunOptions

  func run(in laboratory: Laboratory) throws {
    try options.finish(
      TrainingRun(
        resuming: RunFolder(folder), changes: changes,
        interruption: Interruption(maximumSeconds: options.maxTime),
        command: CommandLine.arguments, laboratory: laboratory))
  }
}
