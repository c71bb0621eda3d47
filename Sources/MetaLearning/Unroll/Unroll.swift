import TensorPrograms

/// A whole inner training run as a loop over steps, to be traced and differentiated.
public struct Unroll<Step: InnerStep>: Sendable {
  /// What happens in a step.
  public let step: Step
  /// How raw rates become effective ones.
  public let rates: RateLayout
  /// Steps of the run.
  public let length: Int
  /// The inner schedule.
  public let schedule: Schedule
  /// What the reverse sweep keeps of the forward one.
  public let memory: MemorySpecification

  /// A run of the given step.
  public init(
    step: Step, rates: RateLayout, length: Int, schedule: Schedule, memory: MemorySpecification
  ) {
    self.step = step
    self.rates = rates
    self.length = length
    self.schedule = schedule
    self.memory = memory
  }

  /// The trained parameters, the training loss before each step, and what `observe` makes of the
  /// parameters after each step.
  ///
  /// - Parameters:
  ///   - raw: the rates' raw tensors.
  ///   - slices: tensors whose row t trains step t.
  public func callAsFunction(
    parameters: [Tensor], raw: [Tensor], scalars: [Tensor], dataset: [Tensor], slices: [Tensor],
    observe: (([Tensor]) -> Tensor)? = nil
  ) -> (parameters: [Tensor], losses: Tensor, observations: Tensor?) {
    let scalar = parameters[0].scalarType
    let count = parameters.count
    let times = Tensor((0..<length).map(Double.init), TensorType([length], scalar))
    let multipliers = Tensor(
      (0..<length).map { schedule.multiplier(at: $0, of: length) }, TensorType([length], scalar))
    let passing = rowPassing
    var rows = [times, multipliers]
    switch passing {
    case .constant: break
    case .slices: rows += raw
    case .gathered:
      rows.append(Tensor(rates.rowOfStep(length).map { Int32($0) }, shape: [length, 1]))
    }
    let ownRows = rows.count

    let (state, outputs) = scanned(step.initialState(parameters), rows + slices) { state, rows in
      let rawNow: [Tensor] =
        switch passing {
        case .constant: raw
        case .slices: Array(rows[2..<ownRows])
        case .gathered: raw.map { $0.gather(rows[2]).reshaped(to: $0.shape.dropFirst) }
        }
      let (next, loss) = step(
        state: state, rates: rates.effective(rawNow), scalars: scalars, dataset: dataset,
        batch: Array(rows.dropFirst(ownRows)), time: StepTime(step: rows[0], multiplier: rows[1]))
      let observation = observe.map { [$0(Array(next.prefix(count)))] } ?? []
      return (next, [loss] + observation)
    }
    return (Array(state.prefix(count)), outputs[0], outputs.count > 1 ? outputs[1] : nil)
  }

  private enum RowPassing { case constant, slices, gathered }

  /// How a step gets its row of the raw rates.
  private var rowPassing: RowPassing {
    guard let rowCount = rates.timeRows else { return .constant }
    return rates.rowOfStep(length) == Array(0..<length) && rowCount == length ? .slices : .gathered
  }

  private typealias Body = ([Tensor], [Tensor]) -> (carries: [Tensor], outputs: [Tensor])

  /// The loop under the memory policy. Segments are a loop of loops: only the state at the start of
  /// a segment is kept, and a segment's own residuals while it is swept.
  private func scanned(
    _ state: [Tensor], _ rows: [Tensor], _ body: Body
  ) -> (carries: [Tensor], outputs: [Tensor]) {
    switch memory {
    case .storeAll:
      return Tensor.scan(state, slices: rows, length: length, policy: .storeAll, step: body)
    case .everyStep:
      return Tensor.scan(state, slices: rows, length: length, policy: .everyStep, step: body)
    case .segments:
      let width = max(1, Int(Double(length).squareRoot().rounded(.up)))
      let whole = length / width
      let cut = rows.map {
        $0.slice(0..<whole * width).reshaped(
          to: Shape([whole, width] + $0.shape.extents.dropFirst()))
      }
      let (middle, stacked) = Tensor.scan(
        state, slices: cut, length: whole, policy: .everyStep
      ) { state, rows in
        Tensor.scan(state, slices: rows, length: width, policy: .storeAll, step: body)
      }
      let outputs = stacked.map {
        $0.reshaped(to: Shape([whole * width] + $0.shape.extents.dropFirst(2)))
      }
      let rest = length - whole * width
      guard rest > 0 else { return (middle, outputs) }
      let (last, ending) = Tensor.scan(
        middle, slices: rows.map { $0.slice(whole * width..<length) }, length: rest,
        policy: .storeAll, step: body)
      return (last, zip(outputs, ending).map { Tensor.concatenate([$0, $1]) })
    }
  }
}
