extension LearningTask {
  /// The specified optimizer.
  public func innerStep(
    _ specification: InnerSpecification, template: Parameters
  ) -> any InnerStep { optimizerStep(specification, template: template) }

  /// The specified optimizer on the training loss's gradient, with rates that adapt where the
  /// specification says so; `IDBDStep`, which is for linear models, by the rule idbd.
  public func optimizerStep(
    _ specification: InnerSpecification, template: Parameters
  ) -> any InnerStep {
    if let online = specification.online, online.rule == .idbd { return IDBDStep(online) }
    let step = OptimizerStep(task: self, template: template, specification: specification)
    return specification.online.map { OnlineStep(step, $0) } ?? step
  }
}
