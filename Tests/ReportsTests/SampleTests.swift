import Reports
import Testing

/// Samples in the documentation of what other packages cannot see; Tests/checks/documentation.sh
/// holds the documentation to them.
@Suite("Samples of the documentation")
struct SampleTests {
  @Test("a table")
  func table() {
    var table = Table([.left("arm"), .right("loss")])
    table.append(["learned", "0.31"])
    print(table.text)
    #expect(table.rows == [["learned", "0.31"]])
  }

  @Test("a summary with a diverged run")
  func summary() {
    let summary = Summary([0.31, 0.28, .nan, 0.35])
    print(summary.median)  // 0.33
    print(summary.mean)  // inf: one run diverged
    #expect(agrees(summary.median, 0.33) && summary.mean == .infinity)
  }

  @Test("two arms compared")
  func comparison() {
    let learned = [0.30, 0.29, 0.31, 0.28, 0.30, 0.27, 0.29, 0.30]
    let tuned = [0.32, 0.31, 0.34, 0.29, 0.33, 0.28, 0.31, 0.32]
    var generator = SeededStream(seed: 3)
    let comparison = PairedDifference(first: learned, second: tuned, generator: &generator)
    print(comparison.interval)  // such as -0.031 ... -0.012
    #expect(comparison.interval.upperBound < 0)
  }

  @Test("curves")
  func curves() {
    let learned = LearningCurves.Series(name: "learned", x: [0, 1], middle: [0.5, 0.3])
    let tuned = LearningCurves.Series(name: "tuned", x: [0, 1], middle: [0.5, 0.4])
    let figure = LearningCurves(
      title: "", xLabel: "outer step", yLabel: "validation loss", isLogarithmic: true,
      band: "interquartile range", series: [learned, tuned])
    #expect(figure.series.count == 2)
  }
}
