import MetaLearning
import TensorPrograms
import Testing

/// Memory policies compute one thing; limits choose among them.
@Suite struct MemoryPolicyTests {
  /// A way to train whose hypergradient every policy must give.
  struct Case: CustomTestStringConvertible, Sendable {
    let optimizer: any Optimizer
    let time: RateTime
    let objective: ObjectiveSpecification
    var testDescription: String { "\(optimizer.word) \(time) \(objective)" }
  }

  static let cases: [Case] = HypergradientTests.optimizers.flatMap { optimizer in
    [RateTime.constant, .window(3), .step].flatMap { time in
      [ObjectiveSpecification.final, .mean].map {
        Case(optimizer: optimizer, time: time, objective: $0)
      }
    }
  }

  private func problem(
    _ item: Case, _ memory: UnrollMemory = .storeAll, steps: Int = 11
  ) -> InnerProblem<SupervisedTask<MultilayerPerceptron>> {
    smallProblem(
      item.optimizer, rates: rateSpecification(.parameter, item.time), steps: steps,
      transformations: [GlobalNormClip(limit: 0.5)], schedule: CosineSchedule(final: 0.1),
      objective: item.objective, memory: memory)
  }

  private func batch(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, runs: UInt64, shared: Bool = true
  ) -> EpisodeBatch {
    problem.batch(
      role: .training, seed: 1, indices: 0..<runs, sharesInitialWeights: shared)
  }

  /// Every policy gives the hypergradient of `storeAll`, for one run and for blocks of several.
  @Test(arguments: cases)
  func policiesAgree(_ item: Case) throws {
    for (runs, snapshots) in [(UInt64(1), [1, 2, 3, 20]), (16, [3])] {
      let policies: [UnrollMemory] =
        [.everyStep, .segments] + snapshots.map { .binomial(snapshots: $0) }
      func hypergradient(_ memory: UnrollMemory) throws -> Hypergradient {
        let problem = problem(item, memory)
        let batch = batch(problem, runs: runs, shared: runs == 1)
        return ReverseHypergradient(problem, like: batch)(
          batch, at: try problem.initialPoint(for: batch))
      }
      let expected = try hypergradient(.storeAll)
      #expect(expected.gradient.rates.contains { $0.doubles.contains { $0 != 0 } })
      for memory in policies {
        let found = try hypergradient(memory)
        #expect(difference(found.gradient, expected.gradient) < 1e-12, "\(memory)")
        #expect(abs(found.objective - expected.objective) < 1e-12 * abs(expected.objective))
      }
    }
  }

  /// A hypergradient advances the steps that its policy says.
  @Test func advancedStepsAreThoseOfTheSchedule() throws {
    for (memory, steps) in [
      (UnrollMemory.binomial(snapshots: 4), 37), (.binomial(snapshots: 1), 9),
      (.binomial(snapshots: 50), 20), (.segments, 12), (.storeAll, 12),
    ] {
      let problem = problem(MemoryPolicyTests.cases[0], memory, steps: steps)
      let batch = batch(problem, runs: 1)
      let function = ReverseHypergradient(problem, like: batch)
      _ = function(batch, at: try problem.initialPoint(for: batch))
      #expect(function.program.advancedSteps == memory.advancedSteps(length: steps))
    }
    #expect(UnrollMemory.binomial(snapshots: 64).advancedSteps(length: 10_000) == 27_789)
  }

  /// A limit takes the fastest policy that keeps it, and one snapshot more would not.
  @Test func limitsArePlanned() throws {
    func planned(_ memory: MemorySpecification) throws -> (UnrollMemory, Int) {
      let problem = problem(MemoryPolicyTests.cases[0], steps: 400)
      let batch = batch(problem, runs: 2)
      let planned = try problem.planned(memory, for: batch)
      return (planned.memory, ReverseHypergradient(planned, like: batch).program.totalBytes)
    }
    func bytes(_ policy: UnrollMemory) throws -> Int { try planned(.policy(policy)).1 }

    let fast: [UnrollMemory] = [.storeAll, .everyStep, .segments]
    for policy in fast {
      #expect(try planned(.policy(policy)).0 == policy)
      let own = try bytes(policy)
      let first = try fast.first { try bytes($0) <= own }
      #expect(try planned(.limit(bytes: own)).0 == first)
    }
    let smallest = try fast.map(bytes).min()!
    let (least, seven) = (
      try bytes(.binomial(snapshots: 1)), try bytes(.binomial(snapshots: 7))
    )
    #expect(least < seven && seven < smallest)
    for limit in [least, seven - 1, seven, (seven + smallest) / 2] {
      let (policy, found) = try planned(.limit(bytes: limit))
      guard case .binomial(let snapshots) = policy else {
        Issue.record("\(policy) within \(limit) bytes")
        continue
      }
      #expect(found <= limit)
      #expect(try bytes(.binomial(snapshots: snapshots + 1)) > limit)
    }
    #expect(throws: MemoryError(limit: least - 1, least: least)) {
      try planned(.limit(bytes: least - 1))
    }
    let text = "\(MemoryError(limit: 1 << 20, least: 5_067_123))"
    #expect(text.contains("found 1 MiB, expected at least 5068 kB"))
  }

  /// A limit takes the place of whatever policy the problem had, and what is planned computes what
  /// its policy does.
  @Test func plannedProblemsAreThoseOfTheirPolicies() throws {
    let item = MemoryPolicyTests.cases[0]
    let (plain, other) = (problem(item, .storeAll), problem(item, .segments))
    let batch = batch(plain, runs: 2)
    let point = try plain.initialPoint(for: batch)
    let limited = try other.planned(.limit(bytes: 1 << 40), for: batch)
    #expect(limited.memory == .storeAll && other.memory == .segments)
    let found = ReverseHypergradient(limited, like: batch)(batch, at: point)
    let expected = ReverseHypergradient(plain, like: batch)(batch, at: point)
    #expect(found.gradient.tensors.map(\.doubles) == expected.gradient.tensors.map(\.doubles))
    // What never sweeps back ignores policies.
    func objective(_ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>) -> Double {
      EvaluationFunction(problem, like: batch)(batch, at: point).objective
    }
    #expect(objective(limited) == objective(plain) && objective(other) == objective(plain))
  }

  @Test func byteCounts() {
    let spelled: [(String, Int)] = [
      ("2 GiB", 2 << 30), ("2GiB", 2 << 30), ("512 MiB", 512 << 20), ("1 GB", 1_000_000_000),
      ("0.5 kB", 500),
      ("1.5 GiB", 3 << 29), ("7 B", 7), ("3 TiB", 3 << 40), ("1000 kB", 1_000_000),
    ]
    for (text, bytes) in spelled {
      #expect(ByteCount(text)?.bytes == bytes)
      #expect(ByteCount(ByteCount(bytes).description)?.bytes == bytes)
    }
    #expect(ByteCount(3 << 29).description == "1536 MiB" && ByteCount(0).description == "0 B")
    for text in [
      "", "2", "GiB", "2  GiB", "-1 GiB", "+1 GiB", "1,5 GiB", "0.3 B", "1e3 MB", "2 gib",
      "2 Gib", "999999999999 TiB", "2 GiB ", "1. GB", ".5 GB",
    ] {
      #expect(ByteCount(text) == nil, "\(text)")
    }
  }
}
