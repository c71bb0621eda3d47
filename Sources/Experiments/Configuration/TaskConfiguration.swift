import MetaLearning

/// What is learned. Fractions are of the table's rows; training gets what they leave.
package enum TaskConfiguration: Sendable, Equatable {
  /// The 1797 UCI digits.
  case digits(validation: Double = 0.25, test: Double = 0.25)
  /// ½ Σ hᵢ θᵢ² with noisy gradients, hᵢ from `lowest` to `highest` on a log scale.
  /// With `expectation`, what that does on average, without any randomness.
  case noisyQuadratic(
    dimensions: Int = 10, lowest: Double = 0.01, highest: Double = 1, noise: Double = 1,
    expectation: Bool = false)
  /// A linear target of which one of the `relevant` signs flips every `interval` steps.
  case tracking(inputs: Int = 20, relevant: Int = 5, interval: Int = 20)
  /// Regression of a random network's outputs, with noise; judged on `query` examples without.
  case teacher(
    inputs: Int = 10, outputs: Int = 1, noise: Double = 0.1, query: Int = 256,
    teacherHidden: [Int]? = nil, teacher: TeacherTask.Teacher = .fresh)
  /// Regression of a random sinusoid from `support` points, judged on `query` others.
  case sinusoid(support: Int = 10, query: Int = 10)
  /// The datasets `inputs` and `targets` of an HDF5 file.
  case hdf5(
    file: String, validation: Double = 0.25, test: Double = 0.25,
    loss: LossFunction = .crossEntropy)
}

/// What learns the task.
package enum ModelConfiguration: Sendable, Equatable {
  /// A multilayer perceptron; without hidden layers, a linear model.
  case mlp(
    hidden: [Int] = [64, 64], activation: Activation = .tanh, normalization: Normalization = .none)
  /// Blocks of convolution, batch normalisation, activation and pooling, then a dense layer.
  case convolutional(filters: [Int] = [16, 32], activation: Activation = .relu)
  /// One dense layer and the squared error.
  case linearRegression
  /// One dense layer and the cross-entropy.
  case logisticRegression

  /// Layers with parameters, the output layer included.
  package var layerCount: Int {
    switch self {
    case .mlp(let hidden, _, .none): hidden.count + 1
    case .mlp(let hidden, _, .layer): 2 * hidden.count + 1
    case .convolutional(let filters, _): 2 * filters.count + 1
    case .linearRegression, .logisticRegression: 1
    }
  }

  /// The loss that the model is defined by; nil where it learns by any.
  var loss: LossFunction? {
    switch self {
    case .mlp, .convolutional: nil
    case .linearRegression: .meanSquaredError
    case .logisticRegression: .crossEntropy
    }
  }

  /// The word for it in configurations.
  var kind: String {
    switch self {
    case .mlp: "mlp"
    case .convolutional: "convolutional"
    case .linearRegression: "linearRegression"
    case .logisticRegression: "logisticRegression"
    }
  }
}

extension TaskConfiguration {
  /// Whether the task's parameters are its own and no model is configured.
  package var bringsItsModel: Bool {
    switch self {
    case .noisyQuadratic, .tracking: true
    case .digits, .hdf5, .sinusoid, .teacher: false
    }
  }

  /// Whether runs divide the rows of a table among training, validation and test.
  package var isTable: Bool {
    switch self {
    case .digits, .hdf5: true
    case .noisyQuadratic, .tracking, .sinusoid, .teacher: false
    }
  }

  /// What its models make small; nil for a task that is its own model.
  var loss: LossFunction? {
    switch self {
    case .digits: .crossEntropy
    case .hdf5(_, _, _, let loss): loss
    case .sinusoid, .teacher: .meanSquaredError
    case .noisyQuadratic, .tracking: nil
    }
  }

  /// The word for it in configurations.
  var kind: String {
    switch self {
    case .digits: "digits"
    case .noisyQuadratic: "noisyQuadratic"
    case .tracking: "tracking"
    case .teacher: "teacher"
    case .sinusoid: "sinusoid"
    case .hdf5: "hdf5"
    }
  }
}
