import Configurations
import MetaLearning
import Reports
import Settings

/// Rates that were learned several times, with other seeds: what is the same in all of them.
package struct RepeatedAnalysis: Sendable {
  /// Runs that differ in nothing but their seeds.
  private let analyses: [RateAnalysis]
  /// The settings that tell them from other groups, in words; nothing where there is one group.
  private let settings: String

  /// Sorts analyses into groups that differ in nothing but their seeds.
  package static func groups(_ analyses: [RateAnalysis]) -> [RepeatedAnalysis] {
    let groups = SeedGroups(analyses.map(\.configuration))
    return groups.groups.map { group in
      RepeatedAnalysis(
        analyses: group.members.map { analyses[$0] },
        settings: zip(groups.keys, group.values).map { "\($0): \($1)" }.joined(separator: ", "))
    }
  }

  /// Tables over the group's runs; of one run, its own analysis.
  package var text: String {
    let heading =
      (settings.isEmpty ? "" : "\(settings)\n")
      + "\(Format.count(analyses.count, "run")): seeds "
      + analyses.map { "\($0.configuration.seed)" }.joined(separator: ", ") + "\n\n"
    guard analyses.count > 1 else { return heading + analyses[0].text }
    return heading + varianceText + "\n" + agreementText
  }

  private var varianceText: String {
    let variances = analyses.map(\.variance)
    let rows = variances[0].rows.indices.map { index -> [String] in
      let fits = variances.map { $0.rows[index].fit }
      let shares = fits.compactMap(\.share)
      return [
        variances[0].rows[index].name, "\(fits[0].parameters)",
        shares.isEmpty ? "—" : Format.percent(Summary(shares).mean), interval(shares),
        Format.percent(fits[0].chance),
      ]
    }
    let residuals = variances.compactMap(\.residual)
    return "Variance of the logarithms of rates that coarser rates would have, means over runs:\n\n"
      + Table(
        [
          .left("rates"), .right("numbers"), .right("explained"), .left("95 % interval"),
          .right("of noise"),
        ],
        rows: rows + [
          [
            "what only single parameters have", "",
            residuals.isEmpty ? "—" : Format.percent(Summary(residuals).mean),
            interval(residuals), "",
          ]
        ]
      ).text
  }

  /// Student's, over runs.
  private func interval(_ shares: [Double]) -> String {
    SeedMean(shares.isEmpty ? [0] : shares).interval.map {
      // A share is none below 0 or above 1, whatever Student's t says.
      Format.interval($0.clamped(to: 0...1), Format.percent)
    } ?? "—"
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
      case .given: "all have the same initial weights"
      case .fresh, .fixed: "each seed has initial weights of its own"
      }
    return "Agreement of rates of different seeds: rank correlation, its mean and range over "
      + "\(Format.count(pairs.count, "pair")) of runs (\(weights)):\n\n"
      + Table([.left("rates"), .right("mean"), .left("from to")], rows: rows).text
  }
}
