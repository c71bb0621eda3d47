import ArgumentParser
import Configurations
import Experiments
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// Prints the compiled hypergradient.
struct ShowProgram: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    commandName: "program",
    abstract: "Prints the program of an outer step's hypergradient, its plan and its memory.",
    discussion: """
      Examples:
        \(Metarate.name) program experiments/digits.yaml inner.steps=5 \\
          hypergradient.memory=storeAll
        \(Metarate.name) program experiments/digits.yaml --profile
        \(Metarate.name) program experiments/digits.yaml --rates
      """)

  @OptionGroup var given: ConfigurationArguments

  @Flag(
    help: "Run it on the first outer step's runs and print where the time goes, kernel by kernel.")
  var profile = false

  @Flag(
    help: "Print what rates can be instead: axes, parameters that no run tells apart, and terms.")
  var rates = false

  func validate() throws {
    guard !(rates && profile) else {
      throw ValidationError("found --rates and --profile, expected one of them")
    }
  }

  func run(in laboratory: Laboratory) throws {
    let configuration = try given.load(in: laboratory).configuration
    if rates {
      Console.show(try RateStructure.text(configuration))
      return
    }
    try show(configuration, try configuration.makeTask())
  }

  private func show(_ configuration: RunConfiguration, _ task: some LearningTask) throws {
    let problem = try configuration.planned(try configuration.problem(task))
    let loop = try OuterLoop(
      problem, specification: configuration.outer, seed: configuration.seed)
    let compiled = loop.program
    if profile {
      Console.show(ProfileReport(compiled, loop.tensors).text)
      return
    }
    Console.show("program")
    Console.show(compiled.text)
    Console.show("plan")
    Console.show(compiled.planText)
    Console.show(configuration.memoryText(problem))
    Console.show("memory besides arguments and results: \(Format.bytes(compiled.peakBytes))")
    Console.show("large products by \(Host.largeProducts)")
  }
}
