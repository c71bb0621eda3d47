import ArgumentParser

/// The command.
@main
struct Metarate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metarate",
    abstract: "Learns one learning rate per parameter by exact hypergradients.",
    discussion: """
      A first look, on the embedded digits:
        metarate run experiments/digits.yaml
        cd results/digits-learned-rates/*
        metarate inspect checkpoints/best.h5

      Exit codes: 0 success, 1 a check failed, 2 configuration or usage, 3 bad checkpoint, \
      4 input or output, 5 not finite, 75 stopped on purpose and resumable, 130 and 143 stopped by \
      a signal and resumable.
      """,
    version: Version.text,
    subcommands: [
      Run.self, Resume.self, Ablate.self, HypergradientCheck.self, Verify.self, Inspect.self,
      ShowProgram.self, Bench.self, Config.self,
    ])

  /// Parses and runs; every error is one message and its documented exit code.
  static func main() {
    do {
      try Workers.check()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      ExitCodes.exit(with: error)
    }
  }
}
