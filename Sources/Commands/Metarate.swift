import ArgumentParser
import Experiments
import Files
import Foundation
import Settings
import TensorPrograms

/// The command.
public struct Metarate: ParsableCommand {
  /// Its name, help and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Learns one learning rate per parameter by exact hypergradients.",
    discussion: """
      A first look, on the embedded digits:
        \(name) run experiments/digits.yaml
        cd results/digits-learned-rates/*
        \(name) inspect checkpoints/best.h5

      A configuration of one's own:
        \(name) config new digits > mine.yaml
        \(name) run mine.yaml

      Exit codes: 0 success, 1 a check failed, 2 configuration or usage, 3 bad checkpoint, \
      4 input or output, 5 not finite, 75 asked to stop and resumable, 129 a hangup, 130 \
      an interrupt, 131 a quit signal, 143 a termination, 152 the limit of processor time: saved and \
      resumable where the words say so.
      """,
    version: Version.text, subcommands: subcommands)

  /// The subcommands, for a root command of one's own: `Metarate.subcommands + [Mine.self]`.
  public static let subcommands: [any ParsableCommand.Type] = [
    Run.self,
    Resume.self,
    Train.self,
    SweepCommand.self,
    Compare.self,
    Report.self, NotebookCommand.self,
    Ablate.self,
    HypergradientCheck.self,
    Verify.self,
    Inspect.self,
    CheckpointCommand.self,
    Export.self,
    Analyze.self,
    Diff.self,
    ShowProgram.self,
    Bench.self,
    Config.self,
    Completions.self,
  ]

  /// What the executable is called: a package with kinds of its own has a command of its own.
  static let name: String = {
    CommandLine.arguments.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "metarate"
  }()

  /// The command without arguments.
  public init() {}

  /// Parses the arguments and runs the command over a laboratory; every error is one message and
  /// its documented exit code.
  ///
  /// - Parameter laboratory: the kinds that configurations may name.
  public static func main(in laboratory: Laboratory) { main(Metarate.self, in: laboratory) }

  /// The same with a root command of one's own, which has a name and subcommands of its own.
  public static func main<Root: ParsableCommand>(_ root: Root.Type, in laboratory: Laboratory) {
    let name = root.configuration.commandName ?? root._commandName
    AddressSpace.sparingThreads()
    Console.begin()
    // Whatever keeps something says so itself.
    LastWords.set("\(name): stopped before it was done; what was there before is as it was")
    do {
      let group = ControlGroup()
      let (options, memory) = (
        try EnvironmentOptions.execution(group), try EnvironmentOptions.memory(group)
      )
      try AddressSpace.require(workers: options.workers)
      let limits = try EnvironmentOptions.fileLimits()
      MemoryAllowance.set(memory.bytes) { asked, taken in
        let error = MemoryRefusal(
          needed: asked.addingReportingOverflow(taken).partialValue, for: "this configuration",
          allowed: memory)
        ExitCodes.exit(root, named: name, with: error)
      }
      var command = try root.parseAsRoot()
      try ExecutionOptions.$current.withValue(options) {
        try AllowedMemory.$current.withValue(memory) {
          try FileLimits.$current.withValue(limits) {
            switch command {
            case var command as any LaboratoryCommand: try command.run(in: laboratory)
            case let command as Completions: command.run(for: root)
            default: try command.run()
            }
          }
        }
      }
    } catch {
      ExitCodes.exit(root, named: name, with: error)
    }
    Console.end(named: name)
  }
}

/// A subcommand that works with the kinds of a laboratory.
public protocol LaboratoryCommand: ParsableCommand {
  /// Runs the command.
  mutating func run(in laboratory: Laboratory) throws
}

extension LaboratoryCommand {
  /// Runs the command with the standard kinds, where nobody gave others.
  public mutating func run() throws { try run(in: .standard) }
}
