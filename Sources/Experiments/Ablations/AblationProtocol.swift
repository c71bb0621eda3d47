import MetaLearning
import Reports

/// What was done, and how the tables are to be read.
extension Ablation {
  var protocolText: String {
    let ablation = configuration.ablation
    let isTable = configuration.task.isTable && configuration.objective != .training
    let rows = isTable ? ", chosen on rows that each run keeps from training" : ""
    let once = isTable ? "; test rows are seen once, here" : ""
    let cells = arms.flatMap(\.self)
    let tests = cells.flatMap(\.tests).map(\.objectives)
    let same =
      tests.contains { Set($0).count > 1 || $0.contains(.infinity) }
      ? ""
      : " Nothing random tells the test runs of this task apart: they are one run, without intervals "
        + "and p."
    let tuned =
      cells.contains(where: \.hasTuned)
      ? " Candidates are evaluated on \(Format.count(ablation.tuning.seeds, "run")) of "
        + "\(Format.count(configuration.evaluationSteps, "step"))\(rows). Where the best lies at an end of "
        + "a range of `log`, the search goes on beyond it, up to twelve times for the uniform rate and "
        + "three times otherwise, as far as the setting allows."
      : ""
    let last = configuration.repeated(repetitions - 1)
    let split =
      configuration.task.splitSeed.map { first in
        " and of test \(configuration.task.isTable ? "rows" : "classes") by `task.splitSeed` \(first) to \(last.task.splitSeed ?? first)"
      } ?? ""
    let repeated =
      repetitions == 1
      ? "One repetition, with seed \(configuration.seed): a description of what was chosen once, "
        + "without intervals or p. \(ablation.seeds) paired test runs"
      : "\(repetitions) repetitions of choosing and testing, with seeds \(configuration.seed) to "
        + "\(last.seed)\(split); each has \(ablation.seeds) paired test runs"
    let diverged = tests.reduce(0) { $0 + $1.count { !$0.isFinite } }
    let divergence =
      diverged == 0
      ? ""
      : " \(diverged) of \(tests.count * ablation.seeds) test runs diverged and count as the worst: "
        + "where repetitions have some, differences are medians"
        + (differences.contains { $0.loss.estimand == .median && $0.hasInterval }
          ? " with intervals" : "")
        + ", and interquartile means are finite while these are at most a quarter."
    let weights = RunSentences.weights(
      zip(arms, armConfigurations).map { cells, own in
        (cells[0].name, own, cells.contains(where: \.hasOwnWeights))
      })
    let remarks = armConfigurations.flatMap { arm in
      configuration.testHorizons.flatMap { RunSentences(arm).remarks(testedFor: $0) }
    }.unique
      .map { " " + $0.prefix(1).uppercased() + $0.dropFirst() + "." }.joined()
    return """
      \(absent)\(repeated) of \(horizons).\(tuned) Tuning, learning and test runs share no seed\(once). \
      \(weights) A Hessian-vector product counts as \(Budget.gradientsPerProduct) gradients; gradients, products and seconds are those of a \
      repetition.\(breakEven)\(statistics)\(divergence)\(same)\(elsewhere)\(remarks)
      """
  }

  /// What a table's moving split means for what was learned elsewhere.
  private var elsewhere: String {
    guard !startingFiles.isEmpty, configuration.task.splitSeed != nil else { return "" }
    return
      " \(startingFiles.joined(separator: ", ")): what was learned on this table may have been "
      + "learned on rows that a repetition tests on."
  }

  private var absent: String {
    leftOut.isEmpty
      ? "" : "Left out, with nothing to choose: \(leftOut.joined(separator: ", ")). "
  }

  /// How long test runs are.
  private var horizons: String {
    let own = configuration.testHorizons
    let chosen = configuration.evaluationSteps
    let list =
      own.count == 1
      ? Format.count(own[0], "step")
      : own.dropLast().map(String.init).joined(separator: ", ") + " and \(own[own.count - 1]) steps"
    return (own.count == 1 ? "" : "each of ") + list
      + (own == [chosen] ? "" : "; everything is chosen by runs of \(Format.count(chosen, "step"))")
  }

  private var differences: [ArmDifference] {
    comparisons.flatMap { $0.differences.map(\.difference) }
  }

  /// What the uses until an arm has paid for itself are.
  private var breakEven: String {
    guard comparisons.contains(where: \.hasBreakEven) else { return "" }
    return
      " A use is a run that stops where its mean loss is the last one of \(arms[0][0].name): an arm "
      + "breaks even when the steps that this saves have paid for what choosing it cost more."
  }

  /// How arms were chosen, those that were chosen in the same way on one line.
  var methods: String {
    let methods = arms.map { $0[0].method }
    return "How arms were chosen:\n\n"
      + methods.unique.map { method in
        let names = zip(arms, methods).filter { $0.1 == method }.map { $0.0[0].name }
        return "- \(names.joined(separator: "; ")): \(method)\n"
      }.joined()
  }

  /// How the numbers of repeated arms were found.
  private var statistics: String {
    let shown = differences.filter(\.hasInterval)
    var sentences: [String] = []
    if !shown.isEmpty {
      let ways = Set(shown.compactMap(\.loss.method.text)).sorted().joined(separator: ", or ")
      sentences.append(
        "Intervals of differences are over repetitions, by \(ways), each for itself.")
      sentences.append(
        differences.count == 1
          ? "The verdict and p follow from it."
          : "Their verdicts and p are by the same tests, adjusted for \(differences.count) comparisons "
            + "(Holm), so that an interval without 0 may be undecided.")
      sentences.append(
        configuration.ablation.margin.map {
          "The declared margin of equivalence is \(Format.number($0)); verdicts say which intervals lie "
            + "within it, each for itself."
        } ?? "No margin of equivalence was declared, so that nothing is called equal.")
    }
    if comparisons.contains(where: { $0.differences.contains(where: \.isByDivergence) }) {
      sentences.append(
        "Verdicts without an interval are by how many repetitions diverged"
          + (differences.count == 1
            ? "." : ", adjusted for \(differences.count) comparisons (Holm)."))
    }
    if differences.contains(where: \.loss.canReject) {
      sentences.append(
        "Sign flips over repetitions assume that differences are as likely as their opposites"
          + (differences.count == 1
            ? "." : ", and are adjusted for \(differences.count) comparisons as well."))
    }
    if repetitions > 1 {
      sentences.append(
        "An interquartile mean is that of the middle half of repetitions' means"
          + (comparisons.contains(where: \.hasInterquartileIntervals)
            ? ", with a jackknife's interval." : "."))
      if !differences.isEmpty {
        sentences.append(
          "How often the last arm is lower is counted over paired test runs, ties as halves"
            + (differences.contains { $0.improvement.interval != nil }
              ? ", with an interval over repetitions."
              : repetitions < ShownIntervals.share
                ? "; it has an interval from \(ShownIntervals.share) repetitions on." : "."))
      }
    }
    return sentences.map { " " + $0 }.joined()
  }
}
