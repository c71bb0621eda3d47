import Configurations
import MetaLearning
import Reports
import TensorPrograms

/// What rates of a configuration can be: the axes of its model, which of its parameters no run
/// tells apart, and how many numbers that makes.
package enum RateStructure {
  /// Tables and sentences.
  package static func text(_ configuration: RunConfiguration) throws -> String {
    try text(configuration, try configuration.makeTask())
  }

  private static func text(
    _ configuration: RunConfiguration, _ task: some LearningTask
  ) throws -> String {
    let problem = try configuration.problem(task)
    let (layout, parameters) = (problem.rates, problem.parameters)
    // What cannot be identified is refused here as by a run.
    try layout.requireIdentified()
    let orbits = layout.numbers(of: .orbit())
    let tensors = Table(
      [.left("tensor"), .left("shape"), .left("axes"), .right("orbits")],
      rows: parameters.paths.indices.map { index in
        [
          "\(parameters.paths[index])", "\(parameters.shapes[index])",
          axes(parameters.axes[index]), "\(orbits[index])",
        ]
      })
    let granularities = Table(
      [.left("granularity"), .right("numbers")],
      rows: (Granularity.all
        + (layout.symmetry.hasFreshWeights ? [] : [.orbit(assumesFresh: true)])).map {
          granularity in
          [granularity.text, "\(layout.numbers(of: granularity).reduce(0, +))"]
        })
    let terms = Table(
      [.left("term"), .left("what it is"), .right("numbers"), .left("what holds it")],
      rows: layout.termTexts.map { [$0.name, $0.text, "\($0.count)", $0.holding] })
    return [
      tensors.text, granularities.text, terms.text, symmetry(layout, configuration.outer),
    ].joined(separator: "\n")
  }

  private static func axes(_ axes: [Axis]) -> String {
    axes.isEmpty
      ? "no names"
      : axes.map { axis in
        let parts = axis.units?.parts.map { $0.name ?? "\($0.count) positions" }
        return parts.map { $0.joined(separator: " of ") } ?? axis.name
      }.joined(separator: " × ")
  }

  private static func symmetry(_ layout: RateLayout, _ outer: OuterSpecification) -> String {
    let names = layout.parameters.axes.joined().flatMap { $0.units?.parts.compactMap(\.name) ?? [] }
      .unique
    guard layout.symmetry.hasFreshWeights else {
      return "symmetry: none; "
        + (outer.cadence == .restarted
          ? "initial weights are not drawn anew for each run"
          : "runs go on from one outer step to the next")
        + ", so that every parameter is an orbit"
    }
    let exchanged = names.filter(layout.symmetry.exchanges)
    return "symmetry: "
      + (exchanged.isEmpty
        ? "none that is known"
        : "initial weights are drawn anew for each run, so that at rates that are equal within orbits no "
          + "run tells these units apart: " + exchanged.joined(separator: ", "))
  }
}

extension Granularity {
  fileprivate static let all: [Granularity] = [
    .global, .layerFactor(index: .layer), .layer, .tensor, .inputUnit, .outputUnit, .orbit(),
    .parameter,
  ]
}
