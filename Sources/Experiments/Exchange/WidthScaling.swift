import MetaLearning
import TensorPrograms

/// How rates change with widths under the maximal update parametrization: so that features move as much in a
/// wider network.
///
/// A tensor's rate is proportional to fan-out ÷ fan-in for gradient descent and to 1 ÷ fan-in for Adam, where
/// biases and scales have fan-in 1. Of input weights the fan-in stays, of output weights the fan-out, of hidden
/// ones both change.
///
/// Source: Yang et al., "Tensor Programs V" (2022), table 8, for readouts without its multiplier 1 ÷ fan-in:
/// taking that into the weights divides the rate of gradient descent by its square and Adam's by itself
/// (lemma J.1), which gives 1 ÷ fan-in for both. Weights are drawn as the model draws them.
struct WidthScaling {
  private let isOfAdam: Bool

  /// The scaling of an optimizer.
  ///
  /// - Parameter path: the file that rates come from, for messages.
  /// - Throws: `RateError` for optimizers that the table does not have.
  init(_ optimizer: any Optimizer, _ path: String) throws(RateError) {
    switch optimizer {
    case is SGD, is Momentum, is Nesterov: isOfAdam = false
    case is Adam: isOfAdam = true
    default:
      throw .unsupported(
        "rates.initial, from \(path): found widths muP beside inner.optimizer "
          + "\(type(of: optimizer).word), expected sgd, momentum, nesterov or adam, whose scaling is "
          + "known; or widths keep")
    }
  }

  /// What a rate is multiplied by.
  func factor(from old: Fans, to new: Fans) -> Double {
    let (inputs, outputs) = (new.inputs / old.inputs, new.outputs / old.outputs)
    return isOfAdam ? 1 / inputs : outputs / inputs
  }
}

/// How many numbers each output of a tensor is made of, and how many outputs there are.
struct Fans: Equatable {
  let inputs: Double
  let outputs: Double
}

extension ParameterLayout {
  /// The fans of a tensor: outputs are its axes of outputs or, where it has none, all but that of inputs;
  /// tensors that read nothing, such as biases, have fan-in 1.
  func fans(of tensor: Int) -> Fans {
    let extents = shapes[tensor].extents
    let names = axes[tensor].map(\.name)
    guard names.count == extents.count else {
      // The last axis is that of outputs, as in all layers of the project.
      let outputs = extents.last ?? 1
      return Fans(
        inputs: Double(extents.dropLast().reduce(1, *)), outputs: Double(outputs))
    }
    func product(_ isCounted: (String) -> Bool) -> Double {
      zip(names, extents).reduce(1) { isCounted($1.0) ? $0 * Double($1.1) : $0 }
    }
    let read = ["input", "recurrent"]
    if names.contains(where: read.contains) {
      let isRead = { (name: String) in read.contains(name) || name.hasPrefix("kernel_") }
      return Fans(inputs: product(isRead), outputs: product { !isRead($0) })
    }
    // What attention mixes: units of heads are read, outputs are given.
    if let last = names.last, names.count > 1, last == "output" || last == "target",
      names.contains("head")
    {
      return Fans(inputs: product { $0 != last }, outputs: product { $0 == last })
    }
    return Fans(inputs: 1, outputs: product { _ in true })
  }
}
