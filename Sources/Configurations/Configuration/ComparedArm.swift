import Arms
import MetaLearning
import Settings

/// An arm of an ablation: how rates are chosen, and what is set otherwise than in the rest of the
/// file.
public struct ComparedArm: Sendable {
  /// How rates are chosen.
  public var arm: any AblationArm
  /// What tables call the arm; nil for what the choice calls itself.
  public var name: String?
  /// Values in place of the file's.
  public var changes: [Change]
  /// Those of the changes that factors make.
  package var levels: [Change] = []

  /// An arm; it has the file's own settings unless said otherwise.
  public init(_ arm: any AblationArm, name: String? = nil, changes: [Change] = []) {
    (self.arm, self.name, self.changes) = (arm, name, changes)
  }
}

extension Form<ComparedArm> {
  /// An arm's word or mapping, in which `name` and `with` may stand too.
  static var comparedArm: Form {
    .kind(
      of: .arms, at: \.arm, standard: ComparedArm(LearnedArm()),
      also: Schema(
        "an arm",
        Setting(
          "name", \.name,
          .optional(
            .text(
              "a text of one line, up to 100 characters",
              where: { name in
                !name.isEmpty && name.count <= 100
                  && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
              })), "what tables call the arm",
          isWritten: { $0.name != nil }),
        Setting(
          "with", \.changes, .changes, "values in place of the file's, for this arm alone",
          isWritten: { !$0.changes.isEmpty })))
  }
}
