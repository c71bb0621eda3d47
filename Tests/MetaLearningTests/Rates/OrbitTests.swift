import MetaLearning
import Settings
import TensorPrograms
import Testing

/// Which parameters share a rate where units are exchanged.
@Suite("Orbits") struct OrbitTests {
  private let form = ExampleForm(inputs: [8, 8], outputs: 10, scalar: .float64)

  private func orbits(
    _ kind: some ModelKind, hasFreshWeights: Bool = true, exchanged: Set<String> = []
  ) throws -> [Int] {
    let layout = ParameterLayout(try kind.drawing(for: form).template())
    return RateLayout(
      RateSpecification(granularity: .orbit()), parameters: layout, steps: 3,
      symmetry: RateSymmetry(hasFreshWeights: hasFreshWeights, exchangedUnits: exchanged)
    ).types.map(\.shape.count)
  }

  @Test("hidden units are exchanged with fresh weights, and none with shared ones")
  func perceptron() throws {
    let kind = PerceptronKind(hidden: [6, 6])
    #expect(try orbits(kind) == [64, 1, 1, 1, 10, 10])
    #expect(try orbits(kind, hasFreshWeights: false) == [64 * 6, 6, 36, 6, 60, 10])
    #expect(try orbits(kind, exchanged: [Units.targets]) == [64, 1, 1, 1, 1, 1])
    #expect(try orbits(kind, exchanged: [Units.inputs, Units.targets]) == [1, 1, 1, 1, 1, 1])
    let normalized = PerceptronKind(hidden: [6], normalization: .layer)
    #expect(try orbits(normalized) == [64, 1, 1, 1, 10, 10])
    #expect(try orbits(LogisticRegression()) == [640, 10])
  }

  @Test("channels are exchanged, places of a kernel and of an image are not")
  func convolutional() throws {
    // 8 × 8 pixels are 2 × 2 behind two poolings, of each of which channels are one.
    #expect(
      try orbits(ConvolutionalKind(filters: [4, 3])) == [9, 1, 1, 1, 9, 1, 1, 1, 4 * 10, 10])
    let layers: [any LayerKind] = [
      ConvolutionLayer(filters: 5), ActivationLayer(), MaximumPoolingLayer(), DropoutLayer(),
      FlatLayer(), DenseLayer(units: 7), ActivationLayer(),
    ]
    #expect(try orbits(LayeredKind(layers: layers)) == [9, 1, 16, 1, 10, 10])
  }

  @Test("a stream that blocks are added to is one set of units")
  func residual() throws {
    let kind = ResidualPerceptronKind(width: 6, units: 6, blocks: 2)
    #expect(try orbits(kind) == [64, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10, 10])
  }

  /// A tensor whose axes run over given units.
  private struct Weights: Trainable {
    var weight: Tensor
    let axes: [[Axis]]

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows { try body(path / "weight", &weight) }
  }

  @Test("a tensor with the same units twice has a diagonal of its own")
  func diagonals() throws {
    let (own, other) = (Units("state", 3), Units("gate", 2))
    let model = Weights(
      weight: .zeros(TensorType([3, 2, 3], .float64)),
      axes: [[Axis("input", units: own), Axis("gate", units: other), Axis("output", units: own)]])
    let layout = RateLayout(
      RateSpecification(granularity: .orbit(), parameterization: .direct),
      parameters: ParameterLayout(model), steps: 1,
      symmetry: RateSymmetry(hasFreshWeights: true))
    #expect(layout.types.map(\.shape) == [[2]])
    let rates = layout.expanded([Tensor([1, 2], TensorType([2], .float64))])[0].doubles
    for row in 0..<3 {
      for gate in 0..<2 {
        for column in 0..<3 {
          #expect(rates[(row * 2 + gate) * 3 + column] == (row == column ? 1 : 2))
        }
      }
    }
    // Names that nobody knows keep all parameters apart.
    let unknown = Weights(weight: model.weight, axes: [["input", "gate", "output"]])
    #expect(
      RateLayout(
        RateSpecification(granularity: .orbit()), parameters: ParameterLayout(unknown), steps: 1,
        symmetry: RateSymmetry(hasFreshWeights: true)
      ).count == 18)
  }

  @Test("a fresh teacher exchanges inputs and targets, a fixed one nothing; the problem says which")
  func teachers() throws {
    for (teacher, expected) in [(Teacher.fresh, [1, 1, 1, 1]), (.fixed(seed: 3), [5, 1, 2, 2])] {
      let task = TeacherTask(
        inputs: 5, outputs: 2, hidden: [4], activation: .tanh, noise: 0, query: 4,
        teacher: teacher, scalarType: .float64)
      var stream = RandomStream(seed: 1, purpose: "teacher")
      func counts(_ granularity: Granularity, isFresh: Bool) -> [Int] {
        InnerProblem(
          task: task, template: task.initialParameters(from: &stream),
          specification: InnerSpecification(), rates: RateSpecification(granularity: granularity),
          hasFreshWeights: isFresh
        ).rates.types.map(\.shape.count)
      }
      #expect(counts(.orbit(), isFresh: true) == expected)
      #expect(counts(.orbit(), isFresh: false) == [20, 4, 8, 2])
      #expect(counts(.orbit(assumesFresh: true), isFresh: false) == expected)
    }
  }
}
