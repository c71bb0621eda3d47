import TensorPrograms

/// Which parameters share a rate, or would.
extension RateLayout {
  /// A tensor's group; nil where it is in none.
  private func group(of tensor: Int) -> RateGroup? {
    membership[tensor].map { specification.groups[$0] }
  }

  /// Whether a parameter tensor keeps its weights.
  func isFrozen(_ tensor: Int) -> Bool { group(of: tensor)?.isTrained == false }

  /// Whether a parameter tensor keeps its rates.
  func isHeld(_ tensor: Int) -> Bool { group(of: tensor)?.isHeld == true }

  /// What a tensor's rates are in a group, in a few words; nil where it is in none.
  package func groupText(of tensor: Int) -> String? {
    guard let index = membership[tensor] else { return nil }
    let group = specification.groups[index]
    if !group.isTrained { return "frozen" }
    let granularity = (group.granularity ?? specification.granularity).text
    return "group \(index + 1): " + (group.isLearned ? granularity : "\(granularity), kept")
  }

  /// Which of the base's tensors are kept.
  var held: Set<Int> {
    Set(sources.indices.filter { isHeld($0) }.map { sources[$0] })
  }

  /// Refuses groups that no tensor is in.
  private func requireMembers() throws(RateError) {
    for (index, group) in specification.groups.enumerated() where !membership.contains(index) {
      let isTaken = parameters.paths.contains { group.matches($0) }
      throw .unsupported(
        "rates.groups[\(index)] (\"\(group.match)\") "
          + (isTaken
            ? "matches only tensors of groups before it: put it before them"
            : "matches no tensor: expected a glob over paths such as \(parameters.paths[0])"))
    }
  }

  /// The unconstrained tensors of a base whose groups start where they say.
  ///
  /// - Throws: `RateError` for a group that no tensor is in, or whose rate cannot be.
  func startingGroups(_ base: [Tensor]) throws(RateError) -> [Tensor] {
    try requireMembers()
    var tensors = base
    for (tensor, source) in sources.enumerated() {
      guard let group = group(of: tensor), sources.firstIndex(of: source) == tensor,
        group.rate != nil || group.factor != 1
      else { continue }
      var numbers: [Double] = []
      for rate in specification.parameterization.effective(base[source]).doubles {
        numbers.append(try unconstrained((group.rate ?? rate) * group.factor))
      }
      tensors[source] = Tensor(numbers, base[source].type)
    }
    return tensors
  }

  /// The unconstrained tensors of those groups that say by themselves which rate they start from, and
  /// which of the base's tensors these are.
  ///
  /// - Throws: `RateError` for a group that no tensor is in, or whose rate cannot be.
  package func startsOfGroups() throws(RateError) -> [(index: Int, start: Tensor)] {
    try requireMembers()
    var starts: [(index: Int, start: Tensor)] = []
    for (tensor, source) in sources.enumerated() {
      guard let group = group(of: tensor), let rate = group.rate,
        sources.firstIndex(of: source) == tensor
      else { continue }
      let number = try unconstrained(rate * group.factor)
      starts.append((source, Tensor(repeating: number, types[source])))
    }
    return starts
  }

  /// For each parameter, tensor by tensor, which number it reads of constant rates of a granularity,
  /// counted over all tensors; of a layer factor, its exponent.
  package func groups(of granularity: Granularity) -> [Int] {
    if case .layerFactor(let index) = granularity {
      let exponents = index == .tensor ? Array(parameters.paths.indices) : parameters.layerOfTensor
      return zip(exponents, parameters.shapes).flatMap { [Int](repeating: $0, count: $1.count) }
    }
    let term = RateTerm(granularity, .constant, of: parameters, steps: steps, symmetry)
    return RateCells(term, parameters).ofParameters
  }
}
