import Configurations
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
    yaml: yaml, name: "mine.yaml", overrides: ["seed=3"])
  print(resolved.configuration.canonicalYAML)

  /// Learns rates as a configuration says, without a folder of files.
  func learn(_ task: some LearningTask, _ given: RunConfiguration) throws {
    let problem = try given.problem(task)
    var loop = try OuterLoop(
      problem, specification: given.outer, seed: given.seed)
    while !loop.isFinished { print(try loop.step().objective) }
  }
  try learn(resolved.configuration.makeTask(), resolved.configuration)

  do {
    _ = try ResolvedConfiguration.parse(yaml: "name: a\ntask: digit", name: "mine.yaml")
    preconditionFailure("a task that does not exist was read")
  } catch {
    print(error)  // mine.yaml:2:7: task: found "digit", expected a task: digits, …
  }
}
