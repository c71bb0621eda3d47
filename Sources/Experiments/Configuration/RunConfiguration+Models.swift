import MetaLearning

extension RunConfiguration {
  /// Refuses a model that cannot learn the task.
  func refuseModel(_ root: Section) throws(ConfigurationError) {
    if let conflict = modelConflict {
      throw ConfigurationError(
        at: root["model"]?.source ?? root.source, path: "model", message: conflict)
    }
    if let conflict = filtersConflict {
      let model = root["model"]
      throw ConfigurationError(
        at: model?["filters"]?.source ?? model?.source ?? root.source, path: "model.filters",
        message: conflict)
    }
  }

  private var modelConflict: String? {
    guard let loss = task.loss else { return nil }
    switch (model, task) {
    case (.convolutional, .sinusoid), (.convolutional, .teacher):
      return "found convolutional, which reads images, expected mlp or linearRegression: the task "
        + "\(task.kind) has none"
    default: break
    }
    guard let own = model.loss, own != loss else { return nil }
    let other = loss == .crossEntropy ? "logisticRegression" : "linearRegression"
    var advice = ""
    if case .hdf5 = task { advice = "; or set task.loss=\(own.rawValue)" }
    return "found \(model.kind), whose loss is \(own.rawValue), expected mlp or \(other) for the "
      + "task \(task.kind), whose loss is \(loss.rawValue)\(advice)"
  }

  private var filtersConflict: String? {
    guard case .convolutional(let filters, _) = model, case .digits = task else { return nil }
    let side = ExampleTable.digitsSide
    let most = ConvolutionalNetwork.mostBlocks(height: side, width: side)
    guard filters.count > most else { return nil }
    return "found \(filters.count) layers, expected at most \(most): each halves the digits' "
      + "\(side)×\(side) pixels; remove \(filters.count - most)"
  }
}
