import TensorPrograms

/// A stretch of an inner training run as a loop over steps, to be traced and differentiated.
struct Unroll {
  /// What happens in a step.
  let step: any InnerStep
  /// How unconstrained rates become effective ones.
  let rates: RateLayout
  /// What the reverse sweep keeps of the forward one.
  let memory: UnrollMemory

  /// What a stretch comes to.
  struct Result {
    /// The state after the last step.
    var state: TrainingState
    /// What each step reported, [steps].
    var report: StepReport
  }

  /// What a step reports.
  struct StepReport: ParameterStructure {
    /// The training loss before the step.
    var loss: Tensor
    /// What `observe` made of the state after it; nil where nothing observes.
    var observation: Tensor?

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try body(path / "loss", &loss)
      try observation.visit(path / "observation", body)
    }
  }

  /// What the steps read, a row each.
  private struct Rows: ParameterStructure {
    var time: StepTime
    /// The unconstrained rates that change over time; nil where none do.
    var rates: [Tensor]?
    var batch: [Tensor]

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try time.visit(path / "time", body)
      try rates.visit(path / "rates", body)
      try batch.visit(path / "batch", body)
    }
  }

  /// Trains from a state.
  ///
  /// - Parameters:
  ///   - hyperparameters: rates and scalars; all rows of rates that change over time.
  ///   - steps: tensors whose row i trains the stretch's step i.
  func callAsFunction(
    _ start: TrainingState, _ hyperparameters: Hyperparameters, dataset: [Tensor],
    steps: [Tensor], timeline: Timeline, observe: ((TrainingState) -> Tensor)? = nil
  ) -> Result {
    let rows = Rows(
      time: timeline.times, rates: timeline.rows(of: hyperparameters.rates), batch: steps)
    let (state, report) = scan(start, rows) { state, row in
      let (next, loss) = step(
        state, rates: rates.effective(rates.atStep(hyperparameters.rates, row.rates)),
        scalars: hyperparameters.scalars, dataset: dataset, batch: row.batch, time: row.time)
      return (next, StepReport(loss: loss, observation: observe.map { $0(next) }))
    }
    return Result(state: state, report: report)
  }

  private typealias Body = (TrainingState, Rows) -> (carry: TrainingState, output: StepReport)

  /// The loop under the memory policy. Segments are a loop of loops: only the state at the start of
  /// a segment is kept, and a segment's own residuals while it is swept.
  private func scan(
    _ state: TrainingState, _ rows: Rows, _ body: Body
  ) -> (carry: TrainingState, outputs: StepReport) {
    let length = rows.time.step.shape[0]
    func loop(_ policy: MemoryPolicy) -> (carry: TrainingState, outputs: StepReport) {
      Tensor.scan(state, over: rows, length: length, policy: policy, step: body)
    }
    switch memory {
    case .storeAll: return loop(.storeAll)
    case .everyStep: return loop(.everyStep)
    case .binomial(let snapshots): return loop(.binomial(snapshots: snapshots))
    case .segments:
      let width = max(1, Int(Double(length).squareRoot().rounded(.up)))
      let whole = length / width
      let (middle, stacked) = Tensor.scan(
        state, over: rows.mapTensors { $0.cut(into: whole, of: width) }, length: whole,
        policy: .everyStep
      ) { state, rows in
        let (last, report) = Tensor.scan(
          state, over: rows, length: width, policy: .storeAll, step: body)
        return (last, report)
      }
      let report = stacked.mapTensors { $0.joiningFirstAxes() }
      let rest = length - whole * width
      guard rest > 0 else { return (middle, report) }
      let (last, ending) = Tensor.scan(
        middle, over: rows.mapTensors { $0.slice(whole * width..<length) }, length: rest,
        policy: .storeAll, step: body)
      return (last, report.mapTensors(with: ending) { .concatenate([$0, $1]) })
    }
  }
}
