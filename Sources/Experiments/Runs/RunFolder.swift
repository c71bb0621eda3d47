import Checkpoints
import Configurations
import Files
import Foundation
import Settings

/// Where a run keeps everything: configuration, provenance, checkpoints, history.
package struct RunFolder: Sendable {
  package static let configurationName = "configuration.yaml"

  package let path: String

  package init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// `results/<name>/<first digits of the configuration's hash>-s<seed>`, a run's folder.
  package static func standard(for configuration: RunConfiguration) -> RunFolder {
    var unseeded = configuration.withoutClaim
    unseeded.seed = 0
    let hash = SHA256.digest(of: Array(unseeded.canonicalJSON.utf8)).hex.prefix(10)
    return RunFolder("results/\(configuration.name)/\(hash)-s\(configuration.seed)")
  }

  /// The run's folder with `-train` behind it: for training without learning.
  package static func training(for configuration: RunConfiguration) -> RunFolder {
    RunFolder(standard(for: configuration).path + "-train")
  }

  /// The folder of a run without arms, with `-ablation` behind it: arms and repetitions that are
  /// added find what is there, another margin finds the one that was declared, and a table that has
  /// moved what was computed of it.
  ///
  /// - Parameter identity: the configuration without arms, with what files hold in place of their
  ///   paths.
  package static func ablation(identity: RunConfiguration) -> RunFolder {
    var shared = identity
    shared.ablation.margin = nil
    return RunFolder(standard(for: shared).path + "-ablation")
  }

  package var configuration: String { "\(path)/\(RunFolder.configurationName)" }
  package var checkpoints: String { "\(path)/checkpoints" }
  package var trajectory: String { "\(path)/trajectory.h5" }
  package var metrics: String { "\(path)/metrics.csv" }
  package var journal: String { "\(path)/history.journal" }
  /// The event file for TensorBoard, which finds it by the middle of its name.
  package var events: String { "\(path)/events.out.tfevents.0.metarate" }
  /// The files that a history is kept in.
  func history(_ configuration: HistoryConfiguration) -> RunHistory.Files {
    RunHistory.Files(
      trajectory: trajectory, metrics: metrics, journal: journal,
      events: configuration.servesTensorBoard ? events : nil)
  }
  package var best: String { "\(checkpoints)/\(CheckpointFolder.bestName)" }
  package var provenance: String { "\(path)/provenance.json" }
  package var summary: String { "\(path)/summary.json" }
  /// Why a run ended that came to a number that is not finite.
  package var failure: String { "\(path)/not-finite.txt" }
  package var figures: String { "\(path)/figures" }
  /// What a sweep is of.
  package var sweep: String { "\(path)/sweep.yaml" }
  /// What an ablation or a sweep has computed so far.
  package var cells: String { "\(path)/cells" }

  /// Refuses a folder that holds a run. One in which no step was kept holds none: another run takes it
  /// over, such as a corrected one.
  package func requireUnused() throws(RunError) {
    guard try RunFolder.has(configuration) else { return }
    guard let names = try RunFolder.names(in: checkpoints),
      !names.contains(where: { $0.hasSuffix(".h5") }),
      try !RunFolder.has(anyOf: [trajectory, journal, summary])
    else { throw .folderInUse(path: path) }
  }

  /// Refuses a folder without a configuration that has files all the same: they are somebody's, and
  /// could be written over.
  package func requireNothingElse() throws(RunError) {
    guard try !RunFolder.has(anyOf: [configuration, sweep]),
      let names = try RunFolder.names(in: path),
      let name = names.filter({ !$0.hasPrefix(".") }).sorted().first
    else { return }
    throw .foreignFiles(path: path, name: name)
  }

  /// Makes the folder and writes the configuration into it before anything is learned, so that a
  /// run killed at any later moment can be resumed.
  package func begin(_ configuration: RunConfiguration) throws(RunError) {
    try requireUnused()
    try requireNothingElse()
    try RunFolder.make(path)
    do throws(FileError) {
      // Of a run that this one takes over.
      for file in [failure, provenance, events] { try AtomicFile.remove(file) }
      try AtomicFile.write(Array(configuration.canonicalYAML.utf8), to: self.configuration)
    } catch {
      throw RunError.folderUnusable(path: path, reason: error.reason)
    }
  }

  /// Adds what a session is computed with to what the folder says of those before.
  ///
  /// - Returns: where a damaged file is kept that was to say it; nil where there was none.
  @discardableResult
  func add(provenance: String) throws -> String? {
    let there = try RunFolder.contents(of: self.provenance)
    let before = there.flatMap(Provenance.facts(of:))
    let isDamaged = there != nil && before == nil
    let place = isDamaged ? try AtomicFile.setAside(self.provenance) : nil
    let all = Provenance.json(provenance, after: before)
    try AtomicFile.write(Array(all.utf8), to: self.provenance)
    return place
  }

  /// Does work whose results the folder gets, which says beforehand what they are of and what they
  /// are computed with. Results of the same configuration may be there; a folder that was made for
  /// work that comes to nothing is removed.
  ///
  /// - Parameters:
  ///   - provenance: what it is computed with; nil where nothing is, so that the folder keeps what it
  ///     says of itself.
  ///   - identity: what must be the same for results to be of the same configuration.
  package func keepingResults<Result>(
    of configuration: RunConfiguration, provenance: String?, in laboratory: Laboratory,
    identity: ResultsIdentity = .whole, _ work: () throws -> Result
  ) throws -> Result {
    guard try !RunFolder.has(checkpoints) else { throw RunError.folderInUse(path: path) }
    guard try !RunFolder.has(sweep) else {
      throw RunError.foreignResults(path: path, expected: "this command")
    }
    try requireSameIfBegun(configuration, in: laboratory, identity: identity)
    try requireNothingElse()
    let wasThere = try RunFolder.has(path)
    try RunFolder.make(path)
    guard access(path, W_OK) == 0 else {
      throw RunError.folderUnusable(path: path, reason: String(cString: strerror(errno)))
    }
    // Two commands at once would compute everything twice, each over the other's.
    let lock = try FolderLock(path)
    defer { withExtendedLifetime(lock) {} }
    // Another command may have begun the folder since it was looked at.
    try requireSameIfBegun(configuration, in: laboratory, identity: identity)
    let isNew = try !wasThere && !RunFolder.has(self.configuration)
    do {
      if let provenance {
        try AtomicFile.write(Array(configuration.canonicalYAML.utf8), to: self.configuration)
        try add(provenance: provenance)
      }
      return try work()
    } catch {
      if isNew { removeIfEmpty() }
      throw error
    }
  }

  /// Refuses a folder that has another configuration; one without any is as good as new.
  package func requireSameIfBegun(
    _ configuration: RunConfiguration, in laboratory: Laboratory,
    identity: ResultsIdentity = .whole
  ) throws {
    guard try RunFolder.has(self.configuration) else { return }
    try requireSame(configuration, in: laboratory, identity: identity)
  }

  /// Refuses a folder whose configuration is another, and says in what.
  func requireSame(
    _ configuration: RunConfiguration, in laboratory: Laboratory,
    identity: ResultsIdentity = .whole
  ) throws {
    let there = try identity.there(try loadConfiguration(in: laboratory))
    let here = try identity.here(configuration.asBegun(like: there))
    guard there == here else {
      throw RunError.otherResults(path: path, SettingDifferences(there: there, here: here))
    }
  }

  /// Removes the folder unless something has been computed. Only its lock's holder may.
  private func removeIfEmpty() {
    // The system removes no folder with something in it.
    guard rmdir(cells) == 0 || errno == ENOENT else { return }
    for file in [configuration, provenance, "\(path)/\(FolderLock.fileName)"] { unlink(file) }
    rmdir(path)
  }

  /// The configuration of the run in the folder.
  ///
  /// - Parameter laboratory: the kinds that it may name.
  package func loadConfiguration(in laboratory: Laboratory) throws -> RunConfiguration {
    guard try RunFolder.has(configuration) else {
      throw RunError.noRun(path: path)
    }
    return RunConfiguration(
      ofRun: try ResolvedConfiguration.load(path: configuration, in: laboratory))
  }

  /// Whether there is a folder at a path.
  static func isThere(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Makes a folder and those above it; the system's own words say why it cannot.
  package static func make(_ path: String) throws(RunError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      made += component
      if mkdir(made, 0o755) != 0 && errno != EEXIST {
        throw .folderUnusable(path: path, reason: "\(made): \(String(cString: strerror(errno)))")
      }
      made += "/"
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .folderUnusable(path: path, reason: "it is not a folder")
    }
  }
}

/// What of a configuration must be the same for results in a folder to be of it.
package struct ResultsIdentity {
  /// That of the configuration that a folder has.
  let there: (RunConfiguration) throws -> RunConfiguration
  /// That of another one.
  let here: (RunConfiguration) throws -> RunConfiguration

  package init(
    there: @escaping (RunConfiguration) throws -> RunConfiguration,
    here: @escaping (RunConfiguration) throws -> RunConfiguration
  ) {
    (self.there, self.here) = (there, here)
  }

  /// All of it.
  package static var whole: ResultsIdentity { ResultsIdentity(there: { $0 }, here: { $0 }) }
}
