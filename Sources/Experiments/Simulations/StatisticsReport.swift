import Checkpoints
import Files
import Foundation
import Reports

/// The study in words and files.
extension StatisticsStudy {
  /// The page, in Markdown.
  package var markdown: String {
    """
    # What the statistics of comparisons hold

    Printed by `metarate verify --statistics results/statistics`: \(trials) simulated experiments a \
    cell, so that a share near 95 % is known to ±0.3 points, and one near 5 % as well. Numbers of cells \
    in full: `coverage.csv` and `levels.csv`.

    A repetition of an arm has \(SimulatedPair.runs) test runs. What repetitions vary by and what runs \
    in them vary by are errors of one kind, of mean 0 and standard deviation 1: normal, exponential \
    (skewness 2), log-normal (skewness 6) or Student's with three degrees of freedom.

    ## How often intervals at 95 % cover, in percent

    Arms that do not differ, with as much variance between repetitions as between runs, by the number \
    of repetitions:

    \(coverageTable.markdown)
    Reports show an interval from the least number of repetitions on from which it covers between 93 \
    and 97 % under all four errors: \(rule)

    ![mean of paired differences](figures/coverage-paired-mean.png)
    ![interquartile mean](figures/coverage-interquartile-mean.png)
    ![probability of improvement](figures/coverage-improvement.png)

    ## Harder cases

    The least and the greatest over the four errors. Where arms differ in spread, the difference of \
    means is skewed with them, and no interval from so few repetitions knows it. The interval of the \
    probability of improvement assumes the worst where few runs speak against the rest, and then \
    covers more than 97 %.

    \(harderTable.markdown)
    ## How often arms that do not differ are told apart, in percent of families

    \(LevelSimulation.comparisons) arms against an eighth, at most 5 % of families should have a false \
    verdict. Verdicts are Student's t adjusted by Holm; sign flips the same with their own p-values, \
    which seven comparisons cannot reject by below nine repetitions. The last column is what would \
    happen if intervals were read one by one. Where runs diverge, \(Format.percent(Self.divergence)) \
    of them do, in all arms alike.

    \(levelTable.markdown)
    """
  }

  private var rule: String {
    CoverageSimulation.Interval.allCases.map { interval in
      let least = leastRepetitions(interval)
      return "the \(interval.rawValue) "
        + (least.map { "from \($0) on" }
          ?? "at none up to \(Self.repetitions[Self.repetitions.count - 1])")
    }.joined(separator: ", ") + "."
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }

  private var coverageTable: Table {
    Table(
      [.left("interval"), .left("errors")] + Self.repetitions.map { .right("\($0)") },
      rows: CoverageSimulation.Interval.allCases.flatMap { interval in
        SimulatedErrors.allCases.map { errors in
          [interval.rawValue, errors.rawValue]
            + coverages.filter { $0.pair.errors == errors && $0.pair.scenario == .equal }
            .map { percent($0.coverage(interval)) }
        }
      })
  }

  private var harderTable: Table {
    let shown = [5, 10, 20]
    // What a scenario leaves as it was is not told again.
    let cases: [(CoverageSimulation.Interval, [SimulatedPair.Scenario])] = [
      (.pairedMean, [.steadyRepetitions, .varyingRepetitions, .narrower]),
      (.interquartileMean, [.steadyRepetitions, .varyingRepetitions]),
      (
        .improvement,
        [.steadyRepetitions, .varyingRepetitions, .better, .betterVarying, .narrower]
      ),
    ]
    return Table(
      [.left("interval"), .left("case")] + shown.map { .right("\($0) repetitions") },
      rows: cases.flatMap { interval, scenarios in
        scenarios.map { scenario in
          [interval.rawValue, scenario.rawValue]
            + shown.map { repetitions in
              let shares = coverages.filter {
                $0.pair.scenario == scenario && $0.repetitions == repetitions
              }.map { $0.coverage(interval) }
              return "\(percent(shares.min() ?? .nan)) to \(percent(shares.max() ?? .nan))"
            }
        }
      })
  }

  private var levelTable: Table {
    Table(
      [
        .right("repetitions"), .left("errors"), .right("runs that diverge"), .right("verdicts"),
        .right("sign flips"), .right("intervals one by one"),
      ],
      rows: levels.map { level in
        ["\(level.repetitions)", level.errors.rawValue, Format.percent(level.divergence)]
          + [level.falseVerdicts, level.falseSignFlips, level.falseIntervals].map {
            percent(Double($0) / Double(level.trials))
          }
      })
  }

  private var coverageCSV: String {
    coverages.reduce("interval,scenario,errors,repetitions,experiments,covered\n") { text, cell in
      CoverageSimulation.Interval.allCases.reduce(text) {
        $0 + "\($1.rawValue),\"\(cell.pair.scenario.rawValue)\",\(cell.pair.errors.rawValue),"
          + "\(cell.repetitions),\(cell.trials),\(cell.covered[$1] ?? 0)\n"
      }
    }
  }

  private var levelCSV: String {
    levels.reduce(
      "repetitions,errors,divergence,families,false_verdicts,false_sign_flips,false_intervals\n"
    ) {
      $0 + "\($1.repetitions),\($1.errors.rawValue),\($1.divergence),\($1.trials),"
        + "\($1.falseVerdicts),\($1.falseSignFlips),\($1.falseIntervals)\n"
    }
  }

  private func figure(_ interval: CoverageSimulation.Interval) -> LearningCurves {
    let (level, supported) = (PairedDifference.level, ShownIntervals.coverage)
    let ends = [Self.repetitions[0], Self.repetitions[Self.repetitions.count - 1]].map(Double.init)
    return LearningCurves(
      title: "Coverage of the \(interval.rawValue), equal arms", xLabel: "repetitions",
      yLabel: "coverage of the 95 % interval", band: "93 to 97 %",
      series: SimulatedErrors.allCases.map { errors in
        let cells = coverages.filter { $0.pair.errors == errors && $0.pair.scenario == .equal }
        return LearningCurves.Series(
          name: errors.rawValue, x: cells.map { Double($0.repetitions) },
          middle: cells.map { $0.coverage(interval) })
      }
        + [
          LearningCurves.Series(
            name: Format.percent(level), x: ends, middle: [level, level],
            low: ends.map { _ in supported.lowerBound },
            high: ends.map { _ in supported.upperBound })
        ])
  }

  /// Writes the page, the cells and the figures into a folder.
  ///
  /// - Returns: the figures to look at, or what kept them from being drawn.
  package func write(to path: String) throws -> [String] {
    let folder = RunFolder(path)
    try RunFolder.make(folder.path)
    for (text, name) in [
      (markdown, "README.md"), (coverageCSV, "coverage.csv"), (levelCSV, "levels.csv"),
    ] {
      try AtomicFile.write(Array(text.utf8), to: "\(folder.path)/\(name)")
    }
    let figures: [(CoverageSimulation.Interval, String)] = [
      (.pairedMean, "coverage-paired-mean"), (.interquartileMean, "coverage-interquartile-mean"),
      (.improvement, "coverage-improvement"),
    ]
    return figures.map { RunFigures.draw(figure($0), named: $1, in: folder) }
  }
}
