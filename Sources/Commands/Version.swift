import Experiments

/// What `--version` prints.
enum Version {
  static let text = "metarate \(Provenance.version)"
}
