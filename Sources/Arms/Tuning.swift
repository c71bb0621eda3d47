import MetaLearning
import Reports
import TensorPrograms

/// The search of a baseline: candidates scored by their mean validation loss over tuning seeds.
public struct Tuning: Sendable {
  /// A candidate and its score; a run that diverged makes the score infinite.
  public struct Candidate: Sendable {
    /// The numbers that were searched: a rate, or base and factor.
    public let values: [Double]
    /// Mean validation loss.
    public let score: Double

    /// A candidate with its score.
    public init(values: [Double], score: Double) {
      (self.values, self.score) = (values, score)
    }
  }

  /// What was tried, in order.
  public let candidates: [Candidate]
  /// What the search cost.
  public let budget: Budget

  /// A search that tried the given candidates, at least one.
  public init(candidates: [Candidate], budget: Budget) {
    (self.candidates, self.budget) = (candidates, budget)
  }

  /// The candidate with the lowest score, the first of equals.
  public var best: Candidate {
    candidates.min { $0.score < $1.score }!
  }
}

/// Scores rates on the same validation runs, again and again.
public final class TuningRuns<Task: LearningTask> {
  /// What runs train in.
  public let problem: InnerProblem<Task>
  private let batch: EpisodeBatch
  /// What candidates share: initial weights and scalars.
  private let point: Hyperparameters
  /// Compiled for each number of candidates that occurs.
  private var scoring: [Int: ScoringFunction<Task>] = [:]

  /// Runs with rates of a granularity, on the validation runs that the configuration tunes by.
  public convenience init(_ bench: ArmBench<Task>, _ granularity: Granularity) {
    self.init(
      bench,
      bench.problem.with(RateSpecification(granularity: granularity, parameterization: .direct)))
  }

  /// Runs of a problem, with rates as it specifies them, on the same validation runs.
  init(_ bench: ArmBench<Task>, _ problem: InnerProblem<Task>) {
    bench.noteTuning()
    self.problem = problem.training(for: bench.evaluationSteps)
    batch = self.problem.evaluationRuns(
      bench.outer, seed: bench.seed, role: .validation, count: UInt64(bench.search.seeds))
    point = self.problem.hyperparameters(
      Learned(
        rates: [],
        initialWeights: self.problem.sharedInitialWeights(bench.outer, seed: bench.seed) ?? []))
  }

  /// One inner run per seed.
  public var cost: Budget { Budget(gradients: batch.count * problem.specification.steps) }

  /// The mean validation losses of candidates: unconstrained rates, one number per tensor of the
  /// granularity; infinite where a run diverged.
  public func scores(_ candidates: [[Double]]) -> [Double] {
    scores(rates: candidates.map { problem.rates.filled($0) })
  }

  /// The mean validation losses of candidates' unconstrained rates; infinite where a run diverged.
  package func scores(rates candidates: [[Tensor]]) -> [Double] {
    let function =
      scoring[candidates.count] ?? ScoringFunction(problem, like: batch, candidates.count)
    scoring[candidates.count] = function
    return function(batch, at: point, rates: candidates).map { objectives in
      let mean = Summary(objectives).mean
      return mean.isFinite ? mean : .infinity
    }
  }
}

extension Tuning {
  /// Uniform rates evenly spaced on a log scale, widened while the best lies at an end.
  static func uniform<Task: LearningTask>(_ bench: ArmBench<Task>) -> Tuning {
    let search = bench.search
    let runs = TuningRuns(bench, .global)
    var rates = SearchGrid.logarithmic(
      from: search.lowest, to: search.highest, count: search.rates)
    var candidates = zip(rates, runs.scores(rates.map { [$0] })).map {
      Candidate(values: [$0], score: $1)
    }
    let ratio = rates.count > 1 ? rates[1] / rates[0] : 2
    // Twelve widenings span more orders of magnitude than rates do.
    for _ in 0..<12 {
      let best = candidates.min { $0.score < $1.score }!.values[0]
      let next: Double
      if best == rates.first {
        next = best / ratio
      } else if best == rates.last {
        next = best * ratio
      } else {
        break
      }
      rates = next < best ? [next] + rates : rates + [next]
      candidates.append(Candidate(values: [next], score: runs.scores([[next]])[0]))
    }
    return Tuning(
      candidates: candidates,
      budget: Budget(gradients: runs.cost.gradients * candidates.count))
  }

  /// Pairs of a rate and a factor, quasi-random on log scales; a range is widened, and searched
  /// once more, while the best lies near its end.
  ///
  /// - Parameters:
  ///   - bench: the problem, and how it is learned and searched.
  ///   - granularity: what the unconstrained numbers are of.
  ///   - unconstrained: the unconstrained numbers of a rate and a factor, one per tensor of the
  ///     granularity.
  public static func pairs<Task: LearningTask>(
    _ bench: ArmBench<Task>, _ granularity: Granularity,
    unconstrained: (_ rate: Double, _ factor: Double) -> [Double]
  ) -> Tuning {
    let search = bench.search
    let runs = TuningRuns(bench, granularity)
    var stream = RandomStream(seed: bench.seed, purpose: "tuning pairs")
    var rates = search.lowest...search.highest
    var factors = search.lowestFactor...search.highestFactor
    var candidates: [Candidate] = []
    // Three widenings by 10 span more than rates and factors do.
    for _ in 0..<4 {
      let pairs = SearchGrid.quasiRandomPairs(
        count: search.pairs, first: rates, second: factors, generator: &stream)
      let scores = runs.scores(pairs.map { unconstrained($0.first, $0.second) })
      candidates += zip(pairs, scores).map {
        Candidate(values: [$0.first, $0.second], score: $1)
      }
      let best = candidates.min { $0.score < $1.score }!.values
      let edges = (
        SearchGrid.edge(of: rates, near: best[0]), SearchGrid.edge(of: factors, near: best[1])
      )
      if let edge = edges.0 { rates = SearchGrid.widened(rates, at: edge, by: 10) }
      if let edge = edges.1 { factors = SearchGrid.widened(factors, at: edge, by: 10) }
      if edges.0 == nil && edges.1 == nil { break }
    }
    return Tuning(
      candidates: candidates,
      budget: Budget(gradients: runs.cost.gradients * candidates.count))
  }
}
