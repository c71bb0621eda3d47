import Configurations
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// What a configuration comes to, without running it.
package enum DryRun {
  /// Shapes, cost and memory; and the error that a run of it would begin with, if any.
  package static func text(
    _ configuration: RunConfiguration
  ) throws -> (text: String, refusal: MemoryRefusal?) {
    try describe(configuration, try configuration.makeTask(isReported: true))
  }

  private static func describe(
    _ configuration: RunConfiguration, _ task: some LearningTask
  ) throws -> (text: String, refusal: MemoryRefusal?) {
    let problem = try configuration.planned(try configuration.problem(task))
    let loop = try OuterLoop(problem, specification: configuration.outer, seed: configuration.seed)
    let axes = problem.template.axes.map { $0.map(\.name).joined(separator: " × ") }
    var rows = zip(zip(problem.parameters.paths, problem.parameters.types), axes).map {
      ["\($0.0)", "\($0.1)", $1, "\($0.1.shape.count)"]
    }
    rows.append(["all parameters", "", "", "\(problem.parameters.parameterCount)"])
    rows.append(["unconstrained rates", "", "", "\(problem.rates.count)"])
    var columns: [Table.Column] = [
      .left("tensor"), .left("type"), .left("axes"), .right("numbers"),
    ]
    if !configuration.rates.groups.isEmpty {
      columns.append(.left("rates"))
      for index in rows.indices {
        let isTensor = index < problem.parameters.count
        rows[index].append(isTensor ? problem.rates.groupText(of: index) ?? "" : "")
      }
    }
    let runs = configuration.outer.tasks
    let inner = configuration.inner.steps
    let program = loop.program
    let cost = RunCost.ofOuterStep(configuration, rates: problem.rates.count)
    let products = cost.products == 0 ? "" : " and \(cost.products) Hessian-vector products"
    let memory = configuration.sweepsBack ? configuration.memoryText(problem) + "\n" : ""
    var refusal: MemoryRefusal?
    do throws(MemoryRefusal) { try loop.requireMemory() } catch { refusal = error }
    let text =
      Table(columns, rows: rows).text + """

        an outer step: \(runs) runs of \(inner) inner steps = \(cost.gradients) gradients\(products)
        the whole run: \(configuration.outer.steps) outer steps
        \(memory)memory with \(ExecutionOptions.current.workers) workers: \(Format.bytes(program.peakBytes)) besides \
        arguments and results, \(Format.bytes(program.totalBytes)) in all, which is what a limit counts
        """ + task.notes.map { "\nnote: \($0)" }.joined()
    return (text, refusal)
  }
}

extension RunConfiguration {
  /// Whether an outer step goes back through the runs, so that there is something to keep.
  fileprivate var sweepsBack: Bool {
    outer.learning != .adaptation && outer.estimator.sweptSteps(of: inner.steps) != nil
  }
}
