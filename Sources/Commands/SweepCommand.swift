import ArgumentParser
import Configurations
import Experiments
import Settings

extension SweepSearch: ExpressibleByArgument {}

/// Runs a configuration with several values of some settings.
struct SweepCommand: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Runs a configuration with several values of some settings, and compares them.",
    discussion: """
      An argument key=[v1, v2, …] gives a setting several values. A value that is itself a list \
      stands in the list: model.hidden=[[64, 64], [32]]. A range with a count, \
      key=log(0.001..0.1, 5), gives so many values from end to end; linear, integer and logInteger \
      space them otherwise. key=value gives one value, as for run.

      --search grid, the default, runs every combination. random and quasiRandom draw --samples of \
      them from lists and from ranges without a count, key=log(0.001..0.1); quasiRandom fills the \
      space evenly. Values that are drawn follow from the configuration's seed and have four digits.

      Every cell is a run in a folder of its own, below results/<name>/<hash>-sweep/cells or \
      --output. The same command again goes on with what is unfinished; other axes or settings are \
      refused. A signal saves the cell that is under way. A cell that comes to a number that is \
      not finite counts as the worst. The best is chosen by validation, never by test runs. \
      Writes sweep.yaml, sweep.csv (a row for each cell) and figures.

      Examples:
        \(Metarate.name) sweep experiments/digits.yaml \\
          'outer.optimizer.rate=[0.02, 0.06, 0.2]' --seeds 5 --dry-run
        \(Metarate.name) sweep experiments/digits.yaml outer.steps=50 \\
          'outer.optimizer.rate=log(0.01..1, 5)' \\
          'rates.granularity=[tensor, parameter]'
        \(Metarate.name) sweep experiments/digits.yaml \\
          'model.hidden=[[32], [64, 64]]'
        \(Metarate.name) sweep experiments/digits.yaml \\
          --search quasiRandom --samples 20 \\
          'outer.optimizer.rate=log(0.01..1)' \\
          'inner.optimizer.momentum=linear(0.5..0.99)'
      """)

  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(
    help: ArgumentHelp(
      "Values instead of the file's: outer.steps=[20, 50], inner.steps=50.", valueName: "key=values"
    ))
  var arguments: [String] = []

  @Option(help: ArgumentHelp("grid, random or quasiRandom.", valueName: "search"))
  var search = SweepSearch.grid

  @Option(help: ArgumentHelp("Combinations that a random search draws.", valueName: "count"))
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      "Runs of each combination, with seeds and test rows of their own.", valueName: "count"))
  var seeds = 1

  @Option(help: ArgumentHelp("The sweep's folder itself.", valueName: "dir"))
  var output: String?

  @Flag(help: "Print the cells, which are done and what the others cost, and stop.")
  var dryRun = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    if search == .grid, samples != nil {
      throw ValidationError(
        "--samples: found it with a grid, expected --search random or quasiRandom")
    }
    if search != .grid, samples == nil {
      throw ValidationError("--search \(search.rawValue): found no --samples, expected how many")
    }
    for (name, count) in [("samples", samples ?? 1), ("seeds", seeds)] {
      guard (1...SweepPlan.mostCells).contains(count) else {
        throw ValidationError(
          "--\(name): found \(count), expected a whole number from 1 to \(SweepPlan.mostCells)")
      }
    }
  }

  func run(in laboratory: Laboratory) throws {
    let interruption = Interruption(maximumSeconds: options.maxTime)
    let request = SweepRequest(
      arguments: arguments, search: search, samples: samples, seeds: seeds)
    let plan = try SweepPlan(path: config, request, in: laboratory)
    let folder = output.map { SweepFolder($0) } ?? .standard(for: plan)
    let sweep = try Sweep(
      plan, in: folder, interruption: interruption, command: CommandLine.arguments,
      laboratory: laboratory)
    if dryRun {
      Console.show(try SweepSchedule(sweep, in: laboratory).text)
      return
    }
    try sweep.check()
    let note = { (text: String) in if !options.quiet { Console.note("\(text)\n") } }
    for text in plan.notes { note("note: \(text)") }
    let done = sweep.doneCount
    note(
      "\(done == plan.cells.count ? "all" : "\(done) of") \(plan.cells.count) cells are done in "
        + folder.path)
    let result = try sweep(note: note) { Progress(isQuiet: options.quiet, of: $0) }
    var failure: (any Error)?
    do { try result.write() } catch { failure = error }
    let figures = SweepFigures.write(result)
    if !options.quiet {
      Console.show(result.text)
      Console.show("\ntable        \(folder.table)")
      for figure in figures { Console.show("figure       \(figure)") }
    }
    if let failure { throw failure }
  }
}
