// A model, a loss and a task of one's own, and rates learned for them: the public interface alone.
import MetaLearning
import TensorPrograms

/// y = a·sin(b·x) + c, a model of three numbers that want very different rates.
struct Wave: ParameterStructure {
  var amplitude: Tensor
  var frequency: Tensor
  var offset: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "wave" / "amplitude", &amplitude)
    try body(path / "wave" / "frequency", &frequency)
    try body(path / "wave" / "offset", &offset)
  }
}

/// Waves near a = 2, b = 1, c = 10, seen at a few points with noise.
struct WaveTask: LearningTask {
  let scalarType = ScalarType.float64

  func initialParameters(from stream: inout RandomStream) -> Wave {
    func number(_ mean: Double) -> Tensor { Tensor([mean + 0.1 * stream.normal()], shape: []) }
    return Wave(amplitude: number(1.5), frequency: number(1.1), offset: number(0))
  }

  func episode(_ request: EpisodeRequest) -> Episode {
    var stream = request.stream
    func points(_ count: Int) -> [Tensor] {
      let x = (0..<count).map { _ in stream.uniform(-2, 2) }
      let y = Tensor(x).sin() * 2 + 10 + Tensor(x.map { _ in 0.1 * stream.normal() })
      return [Tensor(x), y]
    }
    let steps = (0..<request.steps).map { _ in points(request.batch) }
    return Episode(
      steps: [Tensor.stack(steps.map { $0[0] }), Tensor.stack(steps.map { $0[1] })],
      evaluation: points(50))
  }

  func trainingLoss(_ wave: Wave, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    let prediction = wave.amplitude * (wave.frequency * batch[0]).sin() + wave.offset
    return (prediction - batch[1]).squared().mean()
  }
}

var stream = RandomStream(seed: 1, purpose: "template")
let task = WaveTask()
let problem = InnerProblem(
  task: task, template: task.initialParameters(from: &stream),
  specification: InnerSpecification(steps: 10, batch: 8),
  rates: RateSpecification(initial: .uniform(rate: 0.02)))
var loop = try OuterLoop(
  problem, specification: OuterSpecification(rate: 0.1, steps: 60, tasks: 16), seed: 3)
let before = loop.validate(loop.state).objective
while loop.state.step < 60 { _ = try loop.step() }
let after = loop.validate(loop.state).objective
let rates = zip(problem.parameters.paths, problem.rates.expanded(loop.state.raw))
print("validation loss \(before) -> \(after)")
for (path, rate) in rates { print("  \(path): \(rate.scalar)") }
guard after < 0.1 * before else { fatalError("learning the rates did not help") }
