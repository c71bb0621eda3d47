import MetaLearning
import Settings
import TensorPrograms

/// (a + b) mod p for all pairs of numbers below p: a table small enough to be learned whole, and
/// hard to learn from a part of it.
///
/// Source: Power, Burda, Edwards, Babuschkin and Misra, "Grokking: generalization beyond
/// overfitting on small algorithmic datasets" (2022).
public struct ModularAdditionKind: TaskKind {
  /// p, the modulus.
  public var modulus: Int
  /// Fractions of the pairs.
  public var split: TableSplit
  /// Whether numbers are tokens, followed by one for the sign of equality, rather than a one for each.
  public var givesTokens: Bool

  /// The word for it.
  public static let word = "modularAddition"
  /// Modulus and split.
  public static let schema = TableSplit.schema(
    "the sum of two numbers modulo a third, from a part of all pairs", \Self.split
  ).adding(
    Setting("modulus", \.modulus, .integer(2...200), "what sums are taken modulo; classes"),
    Setting(
      "tokens", \.givesTokens, .flag,
      "whether numbers are tokens rather than rows of ones; unless written, for models that read them"
    ))

  /// Modulo 23, a quarter each for validation and test, unless said otherwise.
  public init(
    modulus: Int = 23, validation: Double = 0.25, test: Double = 0.25, givesTokens: Bool = false
  ) {
    (self.modulus, self.givesTokens) = (modulus, givesTokens)
    split = TableSplit(validation: validation, test: test)
  }

  /// So many rows at a time.
  public var evaluatesInBatches: Bool { true }
  /// What the choice of test rows follows from.
  public var splitSeed: UInt64? {
    get { split.seed }
    set { split.seed = newValue ?? 0 }
  }
  /// Classes are told apart by the cross-entropy.
  public var loss: LossFunction? { .crossEntropy }
  /// Each run cuts its pairs anew from those that are not for testing.
  public var testRunsTrainOn: String { "batches of their own, of pairs that learning saw" }
  /// Tokens are for models that read them.
  public mutating func settle(beside model: any ModelKind, _ written: Written) {
    if !written.contains("tokens") { givesTokens = model.readsTokens }
  }

  /// What each pair looks like.
  public func examples(_ scalar: ScalarType) -> ExampleForm? {
    givesTokens
      ? ExampleForm(
        positions: 3, tokens: modulus + 1, outputs: modulus, answersEach: false, scalar: scalar)
      : ExampleForm(inputs: [2 * modulus], outputs: modulus, scalar: scalar)
  }

  /// All pairs learned by the configured model.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    let pairs = (0..<modulus).flatMap { a in (0..<modulus).map { (a, $0) } }
    let inputs = givesTokens ? tokens(pairs) : ones(pairs, context.scalar)
    let table = ExampleTable(
      source: "modular addition", inputs: inputs,
      targets: Tensor(pairs.map { Int32(($0 + $1) % modulus) }), outputs: modulus,
      tokens: givesTokens ? modulus + 1 : nil)
    return try table.task(context, loss: .crossEntropy, split)
  }

  private func tokens(_ pairs: [(Int, Int)]) -> Tensor {
    Tensor(pairs.flatMap { [Int32($0), Int32($1), Int32(modulus)] })
      .reshaped(to: [pairs.count, 3])
  }

  private func ones(_ pairs: [(Int, Int)], _ scalar: ScalarType) -> Tensor {
    Tensor(pairs.flatMap { [Int32($0), Int32($1)] }).oneHot(count: modulus, as: scalar)
      .reshaped(to: [pairs.count, 2 * modulus])
  }
}
