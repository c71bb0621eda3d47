extension CheckpointFolder {
  /// A checkpoint of the folder, and whether it is what was saved.
  public struct Audited: Sendable {
    /// The file's name.
    public let name: String
    /// The outer step that the name says.
    public let outerStep: Int
    /// What the file says of itself, or what is wrong with it.
    public let result: Result<CheckpointEntry, CheckpointError>
    /// The seed of the run whose state it is, as its bits; nil where it is damaged or does not say.
    public let seed: Int64?
  }

  /// Every checkpoint that is there, in the order of their steps, and what is wrong with the index.
  ///
  /// - Throws: for what the system refuses to read, which may be intact.
  public func audit() throws(CheckpointError) -> (
    checkpoints: [Audited], warnings: [CheckpointWarning]
  ) {
    var (index, warnings) = try readIndex()
    var audited: [Audited] = []
    for step in try steps() {
      let name = Self.name(ofOuterStep: step)
      let entry = index?.entry(named: name)
      do throws(CheckpointError) {
        let loaded = try load(name, entry: entry)
        audited.append(
          Audited(
            name: name, outerStep: step, result: .success(loaded.entry),
            seed: TrainingCheckpoint.seed(of: loaded.tree)))
        if index != nil, entry == nil { warnings.append(.adopted(name: name)) }
      } catch {
        try error.requireNoRefusal()
        audited.append(Audited(name: name, outerStep: step, result: .failure(error), seed: nil))
      }
    }
    let names = Set(audited.map(\.name))
    warnings += (index?.entries ?? []).filter { !names.contains($0.name) }
      .map { .vanished(name: $0.name) }
    return (audited, warnings)
  }
}
