/// From how many repetitions on reports show which interval at 95 %.
///
/// `metarate verify --statistics` simulates how often each interval covers the truth
/// (results/statistics): of arms that do not differ, with as much variance between repetitions as
/// between the runs of one, and normal, exponential, log-normal and Student-3 errors. An interval
/// is shown from the least number of repetitions on from which its coverage is between 93 and 97 %
/// under every one of these errors; a test holds these numbers to the committed table.
package enum ShownIntervals {
  /// What an interval may cover to be shown.
  package static let coverage = 0.93...0.97
  /// Student's interval of the mean of paired differences.
  package static let pairedMean = 3
  /// The jackknife interval of the interquartile mean.
  package static let interquartileMean = 5
  /// The interval of a mean of shares: the probability of improvement, and performance profiles.
  package static let share = 8
}
