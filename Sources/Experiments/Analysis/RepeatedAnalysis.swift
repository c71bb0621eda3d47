import Checkpoints
import Configurations
import Files
import MetaLearning
import Reports
import Settings

/// Rates that were learned several times, with other seeds: what is the same in all of them.
package struct RepeatedAnalysis: Sendable {
  /// Runs that differ in nothing but their seeds, or the repetitions of an arm.
  private let analyses: [RateAnalysis]
  /// What tells them from other groups, in words; nothing where there is one group.
  private let name: String

  /// Runs of one group, such as what an arm learned in every repetition.
  package init(name: String, _ analyses: [RateAnalysis]) {
    (self.name, self.analyses) = (name, analyses)
  }

  /// Sorts analyses into groups that differ in nothing but their seeds.
  package static func groups(_ analyses: [RateAnalysis]) -> [RepeatedAnalysis] {
    let groups = SeedGroups(analyses.map(\.configuration))
    return groups.groups.map { group in
      RepeatedAnalysis(
        name: zip(groups.keys, group.values).map { "\($0): \($1)" }.joined(separator: ", "),
        group.members.map { analyses[$0] })
    }
  }

  /// Tables over the group's runs; of one run, its own analysis.
  package var text: String {
    let heading =
      (name.isEmpty ? "" : "\(name)\n")
      + "\(Format.count(analyses.count, "run")): seeds "
      + analyses.map { "\($0.configuration.seed)" }.joined(separator: ", ") + "\n" + unlearnedText
      + "\n"
    guard analyses.count > 1 else { return heading + analyses[0].text }
    return heading + varianceText + "\n" + agreementText
  }

  /// Shares of variance of all runs.
  private struct Shares {
    let name: String
    /// How many numbers there are; nil for what is left.
    let parameters: Int?
    /// One for each run that has a variance.
    let shares: [Double]
    let chance: Double?

    var mean: Double? { shares.isEmpty ? nil : Summary(shares).mean }

    /// Student's, over runs; a share is none below 0 or above 1, whatever that says.
    var interval: ClosedRange<Double>? {
      shares.isEmpty ? nil : SeedMean(shares).interval?.clamped(to: 0...1)
    }
  }

  private var shares: [Shares] {
    let variances = analyses.map(\.variance)
    return variances[0].rows.indices.map { index in
      let fits = variances.map { $0.rows[index].fit }
      return Shares(
        name: variances[0].rows[index].name, parameters: fits[0].parameters,
        shares: fits.compactMap(\.share), chance: fits[0].chance)
    } + [
      Shares(
        name: "what only single parameters have", parameters: nil,
        shares: variances.compactMap(\.residual), chance: nil)
    ]
  }

  /// A picture of the shares, with intervals.
  private var figure: any Figure {
    ShareFigure(
      title: "What tells learned rates apart\n"
        + [analyses[0].configuration.name, name].filter { !$0.isEmpty }.joined(separator: ", ")
        + "; means of \(Format.count(analyses.count, "run"))",
      xLabel: "share of the variance of log rates",
      rows: shares.compactMap { row in
        row.mean.map {
          ShareFigure.Row(name: row.name, share: $0, interval: row.interval, chance: row.chance)
        }
      })
  }

  /// Writes `analysis.txt` and a picture of each group into a folder.
  ///
  /// - Returns: the pictures, or what kept them from being drawn.
  package static func write(_ groups: [RepeatedAnalysis], to path: String) throws -> [String] {
    try RunFolder.make(path)
    try AtomicFile.write(
      Array(groups.map(\.text).joined(separator: "\n").utf8), to: "\(path)/analysis.txt")
    return groups.enumerated().map { index, group in
      RunFigures.draw(
        group.figure, named: "variance-explained" + (groups.count > 1 ? "-\(index + 1)" : ""),
        in: RunFolder(path))
    }
  }

  /// Of runs in which nothing that was learned is better than the start, rates are those of the start.
  private var unlearnedText: String {
    let count = analyses.count { $0.step == 0 }
    return count == 0
      ? ""
      : "The best state of \(count) of them is that before learning: its rates are not learned ones.\n"
  }

  private var varianceText: String {
    let rows = shares.map { row in
      [
        row.name, row.parameters.map(String.init) ?? "",
        row.mean.map(Format.percent) ?? "—",
        row.interval.map { Format.interval($0, Format.percent) } ?? "—",
        row.chance.map(Format.percent) ?? "",
      ]
    }
    return "Variance of the logarithms of rates that coarser rates would have, means over runs:\n\n"
      + Table(
        [
          .left("rates"), .right("numbers"), .right("explained"), .left("95 % interval"),
          .right("of noise"),
        ],
        rows: rows
      ).text
  }

  /// How alike rates of different runs are: the mean of Spearman's correlation over pairs of runs.
  private var agreementText: String {
    let parameters = analyses[0].layout.parameters
    let tensors = parameters.paths.enumerated().map { ("\($1)", [$0]) }
    let pairs = analyses.indices.flatMap { first in
      analyses.indices.dropFirst(first + 1).map { (first, $0) }
    }
    let rows = (tensors + [("all", Array(tensors.indices))]).map { name, members -> [String] in
      let correlations = pairs.compactMap { first, second -> Double? in
        let known = members.flatMap { tensor in
          zip(analyses[first].logarithms[tensor], analyses[second].logarithms[tensor])
            .compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
        }
        return RankCorrelation.spearman(known.map(\.0), known.map(\.1))
      }
      return [
        name,
        correlations.isEmpty ? "—" : Format.correlation(Summary(correlations).mean),
        correlations.isEmpty
          ? "—"
          : "\(Format.correlation(correlations.min()!)) to \(Format.correlation(correlations.max()!))",
      ]
    }
    let weights =
      switch analyses[0].configuration.outer.initialWeights {
      case .fresh where !analyses[0].configuration.outer.sharesInitialWeights:
        "each inner run has initial weights of its own"
      case .given, .arrays: "all have the same initial weights"
      case .fresh, .fixed: "each seed has initial weights of its own"
      }
    return "Agreement of rates of different seeds: rank correlation, its mean and range over "
      + "\(Format.count(pairs.count, "pair")) of runs (\(weights)):\n\n"
      + Table([.left("rates"), .right("mean"), .left("from to")], rows: rows).text
  }
}
