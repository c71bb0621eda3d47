import Reports
import Testing

@Suite("Response figures")
struct ResponseFigureTests {
  private func figure(
    _ points: [ResponseFigure.Point],
    positions: ResponseFigure.Positions = .numbers(isLogarithmic: true),
    isJoined: Bool = true
  ) -> ResponseFigure {
    ResponseFigure(
      title: "it's a_sweep", xLabel: "rate", yLabel: "validation", positions: positions,
      isJoined: isJoined, best: "best by validation",
      series: [.init(name: "", points: points)])
  }

  @Test("seeds, means, divergence and the best are lines of the data, role by role")
  func data() {
    let found = figure([
      .init(position: 0.1, values: [2, 4], isBest: true),
      .init(position: 1, values: [3, .infinity], isBest: false),
    ])
    #expect(
      found.csv == """
        series,role,x,value,name
        1,1,0.1,2.0,
        1,1,0.1,4.0,
        1,1,1.0,3.0,
        1,2,0.1,3.0,
        1,2,1.0,nan,
        1,3,1.0,nan,
        1,4,0.1,3.0,

        """)
  }

  @Test("one seed is its mean, and has no point of its own")
  func oneSeed() {
    let found = figure([.init(position: 0.1, values: [2], isBest: false)])
    #expect(found.csv == "series,role,x,value,name\n1,2,0.1,2.0,\n")
    let script = found.script(named: "a")
    #expect(!script.contains("'seeds'") && !script.contains("'diverged'"))
    #expect(script.contains("set logscale x") && script.contains("with lines"))
  }

  @Test("words stand at whole numbers, and clouds are not joined")
  func words() {
    let found = figure(
      [
        .init(position: 1, values: [1, 2], isBest: false),
        .init(position: 2, values: [.nan, 2], isBest: false),
      ], positions: .words(["sgd", "it's"]), isJoined: false)
    let script = found.script(named: "a")
    #expect(script.contains("set xtics ('sgd' 1, 'it''s' 2)"))
    #expect(script.contains("set xrange [0.5:2.5]"))
    #expect(!script.contains("with lines"))
    #expect(script.contains("title 'seeds'") && script.contains("title 'diverged'"))
  }

  @Test("outcomes over more than a decade have a logarithmic axis")
  func steep() {
    func isSteep(_ values: [Double]) -> Bool {
      figure(values.map { .init(position: $0 + 1, values: [$0], isBest: false) })
        .script(named: "a").contains("set logscale y")
    }
    #expect(isSteep([0.01, 1]) && !isSteep([0.3, 1]) && !isSteep([0, 1]) && !isSteep([-1, 100]))
  }

  @Test("nothing to draw is said, and is no error")
  func empty() {
    #expect(figure([]).script(named: "a").contains("no data"))
    let diverged = figure([.init(position: 1, values: [.infinity], isBest: false)])
    #expect(diverged.script(named: "a").contains("title 'diverged'"))
  }
}
