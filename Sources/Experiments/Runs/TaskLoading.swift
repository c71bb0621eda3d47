import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// The type that everything is computed in.
  package var scalarType: ScalarType { precision == .single ? .float32 : .float64 }

  /// The task, with its data read and checked.
  package func makeTask() throws -> any LearningTask {
    guard case .mlp(let hidden, let activation) = model else {
      fatalError("the configuration accepted a model that is not built")
    }
    switch task {
    case .digits(let validation, let test):
      let tree = try HDF5Image.decode(EmbeddedData.digits)
      let pixels = try tree.dataset(at: "/inputs").convertedToDouble()
      let labels = try tree.dataset(at: "/targets").convertedToDouble()
      let rows = labels.count
      return SupervisedTask(
        inputs: Tensor(
          pixels.map { $0 / 16 }, TensorType([rows, pixels.count / rows], scalarType)),
        targets: Tensor(labels.map { Int32($0) }), hidden: hidden, outputs: 10,
        activation: activation, loss: .crossEntropy, validation: validation, test: test)
    case .hdf5(let file, let validation, let test, let loss):
      let table = try UserTable(file: file, loss: loss, scalarType)
      return SupervisedTask(
        inputs: table.inputs, targets: table.targets, hidden: hidden, outputs: table.outputs,
        activation: activation, loss: loss, validation: validation, test: test)
    case .sinusoid(let support, let query):
      return SinusoidTask(
        support: support, query: query, hidden: hidden, activation: activation,
        scalarType: scalarType)
    case .noisyQuadratic(let dimensions, let lowest, let highest, let noise, let expectation):
      let sampled = NoisyQuadraticTask(
        dimensions: dimensions, lowest: lowest, highest: highest, noise: noise,
        scalarType: scalarType)
      if expectation { return ExpectedQuadraticTask(of: sampled) }
      return sampled
    case .tracking(let inputs, let relevant, let interval):
      return TrackingTask(
        inputs: inputs, relevant: relevant, interval: interval, scalarType: scalarType)
    case .teacher(let inputs, let outputs, let noise, let query, let teacherHidden, let teacher):
      return TeacherTask(
        inputs: inputs, outputs: outputs, hidden: hidden, teacherHidden: teacherHidden,
        activation: activation, noise: noise, query: query, teacher: teacher,
        scalarType: scalarType)
    }
  }

  /// The inner problem of a task, as configured.
  ///
  /// - Throws: errors of the checkpoint that initial rates are to be read from.
  package func problem<Task: LearningTask>(_ task: Task) throws -> InnerProblem<Task> {
    guard case .given(let file) = rates.initial else { return problem(task, rates: rates) }
    let layout = ParameterLayout(template(task))
    return problem(
      task, rates: rates, given: try CheckpointRates.read(file, layout, as: scalarType))
  }

  /// The inner problem of a task with other rates than the configured ones.
  package func problem<Task: LearningTask>(
    _ task: Task, rates: RateSpecification, given: [Tensor]? = nil
  ) -> InnerProblem<Task> {
    InnerProblem(
      task: task, template: template(task), specification: inner, rates: rates,
      objective: outer.objective, memory: hypergradient.memory, givenRates: given)
  }

  /// Inner steps of the runs that rates are chosen and reported by.
  package var judgedSteps: Int { outer.validation.steps ?? inner.steps }

  private func template<Task: LearningTask>(_ task: Task) -> Task.Parameters {
    var stream = RandomStream(seed: seed, purpose: "template")
    return task.initialParameters(from: &stream)
  }
}

/// A user's own arrays: `inputs` [rows, features] and `targets`, classes [rows] or numbers
/// [rows, outputs].
struct UserTable {
  let inputs: Tensor
  let targets: Tensor
  let outputs: Int

  init(file: String, loss: LossFunction, _ scalar: ScalarType) throws {
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: file, selection: ["/inputs", "/targets"])
    } catch {
      throw DataError(reading: file, error)
    }
    func dataset(_ name: String) throws -> HDF5Dataset {
      guard let dataset = tree["/" + name] else {
        throw DataError.unsuitable(
          path: file, found: "no dataset \(name)", expected: "datasets inputs and targets")
      }
      return dataset
    }
    func unsuitable(_ found: String, _ expected: String) -> DataError {
      .unsuitable(path: file, found: found, expected: expected)
    }
    let (x, y) = (try dataset("inputs"), try dataset("targets"))
    guard x.shape.count == 2, x.shape[0] >= 4, x.shape[1] >= 1 else {
      throw unsuitable("inputs of shape \(x.shape)", "shape [rows, features] with at least 4 rows")
    }
    let rows = x.shape[0]
    guard y.shape.first == rows else {
      throw unsuitable("targets of shape \(y.shape)", "\(rows) rows, as inputs have")
    }
    let (numbers, answers) = (x.convertedToDouble(), y.convertedToDouble())
    for (name, values) in [("inputs", numbers), ("targets", answers)] {
      if let position = values.firstIndex(where: { !$0.isFinite }) {
        throw unsuitable("\(values[position]) at element \(position) of \(name)", "finite numbers")
      }
    }
    inputs = Tensor(numbers, TensorType([rows, x.shape[1]], scalar))
    switch loss {
    case .crossEntropy:
      guard y.shape.count == 1 else {
        throw unsuitable("targets of shape \(y.shape)", "class numbers of shape [\(rows)]")
      }
      if let bad = answers.first(where: { $0 < 0 || $0 != $0.rounded() || $0 > 1_000_000 }) {
        throw unsuitable("the class \(bad)", "whole numbers from 0")
      }
      targets = Tensor(answers.map { Int32($0) })
      outputs = Int(answers.max() ?? 0) + 1
    case .meanSquaredError:
      outputs = y.shape.count == 1 ? 1 : y.shape[1]
      guard y.shape.count <= 2, outputs >= 1 else {
        throw unsuitable("targets of shape \(y.shape)", "shape [rows] or [rows, outputs]")
      }
      targets = Tensor(answers, TensorType([rows, outputs], scalar))
    }
  }
}
