import Reports
import Testing

/// What the scripts and the data say; that gnuplot draws them is tested in `GnuplotTests`.
@Suite("Figure scripts")
struct FigureScriptTests {
  private let curves = LearningCurves(
    xLabel: "meta-step", yLabel: "it's loss_1", isLogarithmic: true, band: "95 % interval",
    series: [
      .init(
        name: "learned", x: [0, 10, 20], middle: [2, 1, 0.5], low: [1, 0.8, 0.4],
        high: [4, 2, .infinity]),
      .init(name: "tuned, \"best\"", x: [0, 20], middle: [2, .nan]),
    ])

  @Test("the data are tidy, with names quoted and nothing invented")
  func data() {
    #expect(
      curves.csv == """
        series,x,middle,low,high,name
        1,0.0,2.0,1.0,4.0,learned
        1,10.0,1.0,0.8,2.0,learned
        1,20.0,0.5,0.4,inf,learned
        2,0.0,2.0,,,"tuned, ""best""\"
        2,20.0,nan,,,"tuned, ""best""\"

        """)
  }

  @Test("the whole script of learning curves")
  func golden() {
    let script = curves.script(named: "curves")
    #expect(script == goldenCurves, "\(script)")
    #expect(script == curves.script(named: "curves"))
  }

  @Test("rates that are all positive have a logarithmic axis, and short axes have labels too")
  func positiveRates() {
    let script = rates([0.01, 0.1, 0.2])
    #expect(script.contains("set logscale x"))
    #expect(script.contains("set xtics ('0.02' 0.02, '0.05' 0.05, '0.1' 0.1, '0.2' 0.2)"))
    // Between 0.1 and 0.2 there is neither a power of ten nor 2 or 5 times one.
    let short = rates([0.11, 0.19])
    #expect(short.contains("set xtics ('0.12' 0.12, '0.13' 0.13, '0.14' 0.14,"))
    // Over two decades with two powers of ten among them, the multiples are labelled too.
    let long = rates([0.02, 0.1, 3])
    #expect(long.contains("'0.05' 0.05, '0.1' 0.1, '0.2' 0.2, '0.5' 0.5, '1' 1.0"))
  }

  @Test("rates around zero over few decades have a linear axis")
  func linearRates() {
    let script = rates([-0.1, 0.05, 0.1])
    #expect(!script.contains("set logscale") && !script.contains("set nonlinear"))
    #expect(script.contains("'−0.02' -0.02, '0.00' 0.0, '0.02' 0.02"))
  }

  @Test("rates around zero over many decades have a symmetric logarithmic axis")
  func symmetricRates() {
    let script = rates([-0.5, 1e-4, 0, 2])
    #expect(script.contains("set nonlinear x via asinh(x/0.0001) inverse 0.0001*sinh(x)"))
    #expect(script.contains("'−10^{−4}' -0.0001, '0' 0.0, '10^{−4}' 0.0001, '10^{−3}' 0.001"))
  }

  @Test("the initial rate is in the picture and in the legend only where there is one")
  func initialRate() {
    #expect(rates([0.1, 0.2], initial: 0.3).contains("'initial rate'"))
    #expect(!rates([0.1, 0.2], initial: nil).contains("'initial rate'"))
  }

  @Test("the quantiles of a tensor are those of type 7")
  func quantiles() {
    let tensor = RatesByLayer.Tensor(
      name: "w", rates: (0...100).map(Double.init), initialRate: nil)
    #expect(tensor.quantiles == [5, 25, 50, 75, 95])
    #expect(
      RatesByLayer(tensors: [tensor]).csv
        == "row,q05,q25,q50,q75,q95,initial,tensor\n1,5.0,25.0,50.0,75.0,95.0,,w\n")
  }

  @Test("intervals show zero, the margin and a comparison")
  func intervals() {
    var generator = SeededStream(seed: 1)
    let comparison = PairedDifference(first: [1, 2], second: [1, .nan], generator: &generator)
    let figure = IntervalFigure(
      xLabel: "difference", margin: 0.5,
      rows: [.init(name: "a", comparison), .init(name: "b", estimate: 3, interval: 2...4)])
    #expect(figure.csv == "row,estimate,low,high,name\n1,-inf,-inf,inf,a\n2,3.0,2.0,4.0,b\n")
    let script = figure.script(named: "intervals")
    #expect(script.contains("set arrow from 0, graph 0 to 0, graph 1 nohead"))
    #expect(script.contains("title 'equivalent: ±0.5'"))
    #expect(script.contains("set ytics ('a' 1, 'b' 2) noenhanced"))
  }

  @Test("repetitions are dots in their order, the middle a stroke, and divergence is in the legend")
  func repetitions() {
    func figure(_ last: Double) -> RepetitionFigure {
      RepetitionFigure(
        xLabel: "loss", middle: "interquartile mean",
        rows: [.init(name: "a", values: [2, last], middle: 2.5, interval: 1...4)])
    }
    #expect(
      figure(3).csv
        == "row,repetition,value,low,high,name\n1,0,2.5,1.0,4.0,a\n1,1,2.0,,,a\n1,2,3.0,,,a\n")
    #expect(!figure(3).script(named: "f").contains("title 'diverged'"))
    let script = figure(.infinity).script(named: "f")
    #expect(script.contains("title 'diverged'") && script.contains("title 'interquartile mean'"))
  }

  @Test("text cannot leave its quotes")
  func hostileText() {
    let script = LearningCurves(
      title: "a'; system('x')\n!y `z`", xLabel: "x\u{1B}\u{2028}", yLabel: "", series: []
    ).script(named: "f")
    // A second line of the title is a label of its own.
    #expect(script.contains("set label 'a''; system(''x'')' at screen"))
    #expect(script.contains("set label '!y `z`' at screen"))
    #expect(!script.contains("\n!y") && !script.unicodeScalars.contains("\u{1B}"))
  }

  @Test("long names lose their middle in the picture, and none of it in the data")
  func longNames() {
    let name = String(repeating: "block.", count: 12) + "weight"
    let figure = IntervalFigure(
      xLabel: "", rows: [.init(name: name, estimate: 1, interval: 0...2)])
    #expect(figure.csv.contains(name))
    #expect(figure.script(named: "f").contains("'block.block.block.blo…ock.block.block.weight' 1"))
  }

  private func rates(_ rates: [Double], initial: Double? = nil) -> String {
    RatesByLayer(tensors: [.init(name: "w", rates: rates, initialRate: initial)])
      .script(named: "rates")
  }
}
