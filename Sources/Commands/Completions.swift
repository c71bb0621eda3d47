import ArgumentParser

/// Prints a script that completes the command's arguments in a shell.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a script that completes arguments in bash, zsh or fish.",
    discussion: """
      Examples:
        source <(\(Metarate.name) completions bash)
        \(Metarate.name) completions fish > ~/.config/fish/completions/metarate.fish
      """)

  /// Shells that the argument parser writes scripts for.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    fileprivate var completion: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() { run(for: Metarate.self) }

  /// Prints the script of a root command, which may be another package's.
  func run<Root: ParsableCommand>(for root: Root.Type) {
    Console.show(root.completionScript(for: shell.completion))
  }
}
