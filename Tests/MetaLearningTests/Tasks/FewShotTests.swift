import MetaLearning
import TensorPrograms
import Testing

/// Episodes of few-shot classification.
@Suite("Few shots")
struct FewShotTests {
  /// Class c has the rows 10c to 10c + 9, and rows say their class as inputs.
  private func task(
    ways: Int = 3, shots: Int = 2, queries: Int = 4
  ) -> FewShotTask<MultilayerPerceptron> {
    func rows(_ classes: Range<Int>) -> [[Int32]] {
      classes.map { number in (0..<10).map { Int32(10 * number + $0) } }
    }
    return FewShotTask(
      inputs: Tensor((0..<200).map { Double($0 / 10) }, TensorType([200, 1], .float64)),
      classes: [.training: rows(0..<8), .validation: rows(8..<13), .test: rows(13..<20)],
      size: .init(ways: ways, shots: shots, queries: queries)
    ) { stream in
      MultilayerPerceptron(sizes: [1, 4, ways], activation: .tanh, from: &stream, .float64)
    }
  }

  private func episode(
    _ role: EpisodeRole, _ index: UInt64, of task: FewShotTask<MultilayerPerceptron>,
    seed: UInt64 = 0, steps: Int = 3, start: Int = 0
  ) -> Episode {
    task.episode(
      EpisodeRequest(
        role: role, steps: steps, batch: 1, start: start,
        stream: RandomStream(seed: seed, purpose: "episodes", index: index)))
  }

  @Test("each role draws from classes of its own, all of them")
  func roles() {
    let task = task()
    for (role, expected) in [
      (EpisodeRole.training, 0..<8), (.validation, 8..<13), (.test, 13..<20),
    ] {
      var seen: Set<Int> = []
      for index in 0..<60 {
        let episode = episode(role, UInt64(index), of: task)
        let rows = episode.steps[0].doubles + episode.evaluation[0].doubles
        seen.formUnion(rows.map { Int($0) / 10 })
      }
      #expect(seen == Set(expected))
    }
  }

  @Test("K examples of N classes in each step, Q others of the same, class by class")
  func rows() {
    let task = task()
    for index in 0..<30 {
      let episode = episode(.training, UInt64(index), of: task)
      let steps = episode.steps[0].rows
      #expect(steps.count == 3 && Set(steps).count == 1)
      let support = steps[0].map { Int($0) }
      let query = episode.evaluation[0].doubles.map { Int($0) }
      #expect(support.count == 6 && query.count == 12)
      #expect(Set(support + query).count == 18)
      let labels = zip(support, task.dataset[1].doubles).map { [$0 / 10, Int($1)] }
      let others = zip(query, task.dataset[2].doubles).map { [$0 / 10, Int($1)] }
      // Each class has one number, and each number one class.
      let pairs = Set(labels)
      #expect(pairs.count == 3 && pairs == Set(others) && Set(pairs.map { $0[1] }) == [0, 1, 2])
    }
  }

  @Test("classes have other numbers in other runs, all equally often")
  func labels() {
    let task = task()
    var counts: [[Int]: Int] = [:]
    let runs = 2400
    for index in 0..<runs {
      let support = episode(.training, UInt64(index), of: task).steps[0].rows[0]
      for (position, row) in support.enumerated() where position % 2 == 0 {
        counts[[Int(row) / 10, position / 2], default: 0] += 1
      }
    }
    #expect(counts.count == 24)
    // 300 of each are expected, with a deviation of 16.
    #expect(counts.values.allSatisfy { abs($0 - runs / 8) < 80 })
  }

  @Test("the same data from the same stream, whatever part of a run is asked for")
  func streams() {
    let task = task()
    let whole = episode(.training, 5, of: task)
    let part = episode(.training, 5, of: task, steps: 1, start: 2)
    #expect(whole.steps[0].rows[2] == part.steps[0].rows[0])
    #expect(whole.evaluation[0].doubles == part.evaluation[0].doubles)
    let (other, seed) = (episode(.training, 6, of: task), episode(.training, 5, of: task, seed: 1))
    #expect(whole.evaluation[0].doubles != other.evaluation[0].doubles)
    #expect(whole.evaluation[0].doubles != seed.evaluation[0].doubles)
  }

  @Test("losses are those of the drawn rows with the numbers of their classes")
  func losses() throws {
    let task = task()
    var stream = RandomStream(seed: 1, purpose: "weights")
    let model = task.initialParameters(from: &stream)
    let episode = episode(.test, 0, of: task)
    let inputs = task.dataset[0].gather(episode.evaluation[0])
    let labels = Tensor((0..<12).map { Int32($0 / 4) })
    let expected = LossFunction.crossEntropy(model(inputs), labels).scalar
    let found = task.evaluationLoss(model, dataset: task.dataset, batch: episode.evaluation)
    #expect(found.scalar == expected)
    let accuracy = task.accuracy(model, dataset: task.dataset, batch: episode.evaluation)
    #expect((0...1).contains(try #require(accuracy).scalar))
    #expect(task.exchangedUnits == [Units.targets])
  }

  // MARK: Classes

  @Test("groups are held out whole, given classes as they are", arguments: 0..<20)
  func division(seed: Int) {
    let groups = (0..<20).map { $0 / 4 }
    let division = ClassDivision(
      of: Array(0..<20), groups: groups, validation: .fraction(0.2), test: .fraction(0.25),
      seed: UInt64(seed))
    let parts = EpisodeRole.allCases.map { division.classes(for: $0) }
    #expect(parts.joined().sorted() == Array(0..<20))
    let held = parts.map { Set($0.map { groups[$0] }) }
    #expect(held.map(\.count) == [2, 1, 2])
    let mixed = ClassDivision(
      of: Array(0..<20), validation: .classes([3, 9]), test: .fraction(0.25), seed: UInt64(seed))
    #expect(mixed.validation == [3, 9] && mixed.test.count == 5 && mixed.training.count == 13)
    #expect(Set(mixed.test).isDisjoint(with: mixed.training + mixed.validation))
    let other = ClassDivision(
      of: Array(0..<20), validation: .fraction(0.1), test: .classes([3, 9]), seed: UInt64(seed))
    #expect(other.test == [3, 9] && other.validation.count == 2 && other.training.count == 16)
  }

  @Test("where training classes are given, fractions are of the others", arguments: 0..<20)
  func givenTraining(seed: Int) {
    let division = ClassDivision(
      of: Array(0..<20), training: [7, 3], validation: .fraction(0.5), test: .fraction(1.0 / 3),
      seed: UInt64(seed))
    #expect(division.training == [3, 7])
    #expect(division.validation.count == 9 && division.test.count == 6)
    #expect(Set(division.validation + division.test + division.training).count == 17)
  }
}

extension Tensor {
  /// The rows of a matrix.
  fileprivate var rows: [[Double]] {
    let (numbers, width) = (doubles, shape[1])
    return (0..<shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}
