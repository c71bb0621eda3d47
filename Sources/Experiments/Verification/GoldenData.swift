import Checkpoints
import HDF5Files
import MetaLearning
import TensorPrograms

/// The data of a golden case, held against what its specification says of them.
struct GoldenData {
  let specification: GoldenSpecification
  let tree: HDF5Tree

  private var model: GoldenModel { specification.model }

  /// The weights that training starts from, in the order of their names.
  func initial() throws -> [(name: String, tensor: Tensor)] {
    let found = try tree.datasets(under: "/initial").map {
      ($0.path, try $0.dataset.tensor(at: $0.path))
    }
    let wanted = Dictionary(uniqueKeysWithValues: model.weights.map { ($0.name, $0.shape) })
    if let missing = wanted.keys.sorted().first(where: { name in
      !found.contains { $0.0 == name }
    }) {
      throw GoldenCaseError.malformed("no initial/\(missing)")
    }
    for (name, tensor) in found {
      guard let shape = wanted[name] else {
        throw GoldenCaseError.malformed("initial/\(name) is no tensor of the model")
      }
      try require(tensor, at: "initial/\(name)", shape, .float64)
    }
    return found
  }

  /// One batch of runs: those of the case's tasks, or one.
  func batch() throws -> EpisodeBatch {
    let steps = specification.inner.steps
    var train = try examples("train", leading: [steps])
    // The network says what its dropouts take.
    if let template = model.template, let inputs = train.first {
      let axis = specification.tasks == nil ? 1 : 2
      let shapes = template.drawShapes(batch: inputs.shape[axis])
      for (index, shape) in shapes.enumerated() {
        let path = "/train/masks/\(index)"
        let mask = try tree.dataset(at: path).tensor(at: path)
        try require(mask, at: path, leading([steps]) + shape.extents, .float64)
        guard mask.doubles.allSatisfy({ $0 == 0 || $0 == 1 }) else {
          throw GoldenCaseError.malformed("\(path) has numbers other than 0 and 1")
        }
        train.append(mask)
      }
    }
    let outer = try examples("outer", leading: [])
    return EpisodeBatch(
      episode: Episode(steps: train.map(asRuns), evaluation: outer.map(asRuns)))
  }

  /// Inputs and targets with an axis of tasks, where there are any, and further leading ones.
  private func examples(_ group: String, leading axes: [Int]) throws -> [Tensor] {
    let (inputs, targets) = (try tensor(group, "inputs"), try tensor(group, "targets"))
    let form = model.examples
    guard model.template != nil else {
      for (name, tensor) in [("inputs", inputs), ("targets", targets)] {
        try require(
          tensor, at: "\(group)/\(name)", leading(axes) + form.inputs.extents, .float64)
      }
      return [inputs, targets]
    }
    // Any number of examples.
    let places = leading(axes)
    let count = inputs.rank > places.count ? inputs.shape[places.count] : 0
    guard count > 0 else {
      throw GoldenCaseError.malformed("\(group)/inputs has no examples")
    }
    let all = places + [count]
    try require(
      inputs, at: "\(group)/inputs", all + form.inputs.extents,
      form.tokens == nil ? .float64 : .int32)
    try require(inputs, at: "\(group)/inputs", below: form.tokens)
    let answers = form.answers.extents
    if specification.loss.isOfClasses {
      try require(targets, at: "\(group)/targets", all + answers, .int32)
      try require(targets, at: "\(group)/targets", below: form.outputs)
    } else {
      try require(targets, at: "\(group)/targets", all + answers + [form.outputs], .float64)
    }
    return [inputs, targets]
  }

  private func tensor(_ group: String, _ name: String) throws -> Tensor {
    try tree.dataset(at: "/\(group)/\(name)").tensor(at: "/\(group)/\(name)")
  }

  private func leading(_ axes: [Int]) -> [Int] {
    (specification.tasks.map { [$0] } ?? []) + axes
  }

  /// A case without tasks is a batch of one.
  private func asRuns(_ tensor: Tensor) -> Tensor {
    specification.tasks == nil ? tensor.reshaped(to: Shape([1] + tensor.shape.extents)) : tensor
  }

  private func require(
    _ tensor: Tensor, at path: String, _ extents: [Int], _ scalar: ScalarType
  ) throws(GoldenCaseError) {
    try require(tensor, at: path, Shape(extents), scalar)
  }

  private func require(
    _ tensor: Tensor, at path: String, _ shape: Shape, _ scalar: ScalarType
  ) throws(GoldenCaseError) {
    let wanted = TensorType(shape, scalar)
    guard tensor.type == wanted else {
      throw .malformed("\(path) is \(tensor.type), not \(wanted)")
    }
  }

  private func require(
    _ tensor: Tensor, at path: String, below limit: Int?
  ) throws(GoldenCaseError) {
    guard let limit, let wrong = tensor.doubles.first(where: { !(0..<Double(limit)).contains($0) })
    else { return }
    throw .malformed("\(path) has \(Int(wrong)), not numbers from 0 to \(limit - 1)")
  }
}
