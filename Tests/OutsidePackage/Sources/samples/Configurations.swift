import Experiments
import MetaLearning
import Settings

func configurationSamples() throws {
  let yaml = """
    name: sinusoids
    task: sinusoid
    inner: { steps: 5 }
    outer: { steps: 2, tasks: 2 }
    """

  let resolved = try ResolvedConfiguration.parse(
    yaml: yaml, name: "mine.yaml", overrides: ["rates.granularity=layer"], in: .standard)
  print(resolved.configuration.canonicalYAML)

  /// Learns rates as a configuration says, without a folder of files.
  func learn<Task: LearningTask>(_ task: Task, _ configuration: RunConfiguration) throws {
    let problem = try configuration.problem(task)
    var loop = try OuterLoop(
      problem, specification: configuration.outer, seed: configuration.seed)
    while !loop.isFinished { print(try loop.step().objective) }
  }
  try learn(resolved.configuration.makeTask(), resolved.configuration)

  do {
    _ = try ResolvedConfiguration.parse(yaml: "name: a\ntask: digit", name: "mine.yaml")
    preconditionFailure("a task that does not exist was read")
  } catch let error as ConfigurationError {
    print(error)  // mine.yaml:2:7: task: found "digit", expected a task: digits, …
  }
}
