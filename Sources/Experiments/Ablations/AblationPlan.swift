import Arms
import Checkpoints
import Configurations
import Foundation
import MetaLearning
import Settings
import TensorPrograms

/// What an ablation consists of: a cell for each repetition and arm, computed or not.
package struct AblationPlan {
  /// The arms, crossed with the factors.
  package let arms: [ComparedArm]
  /// By repetition and arm.
  package let cells: [[PlannedCell]]
  let configuration: RunConfiguration
  let folder: RunFolder
  /// The checkpoints that arms and their candidates start from.
  let startingFiles: [String]

  /// The plan of a configuration, and what a folder holds of it.
  ///
  /// - Parameter contents: tells files by what they hold.
  /// - Throws: `RunError` for a damaged cell.
  package init(
    _ configuration: RunConfiguration, in folder: RunFolder, laboratory: Laboratory,
    contents: FileContents = FileContents()
  ) throws {
    (self.configuration, self.folder) = (configuration, folder)
    let arms = configuration.ablation.crossedArms
    self.arms = arms
    let own = try arms.map { try configuration.configuration(of: $0, in: laboratory) }
    let keys = try zip(arms, own).map { arm, own in
      let searched = try own.settled(
        arm.arm.searched(own.ablation.tuning), in: laboratory, paths: contents.inPlaceOfPaths)
      return try own.replacingPaths(by: contents, in: laboratory)
        .keyed(by: arm.arm.searching(searched))
    }
    startingFiles = try zip(arms, own).flatMap { arm, own in
      try own.startingFiles(of: arm.arm, in: laboratory)
    }.unique
    cells = try (0..<configuration.ablation.repetitions).map { repetition in
      try arms.indices.map { index in
        try PlannedCell(
          arms[index].arm, own[index].repeated(repetition), repetition,
          key: keys[index].repeated(repetition), in: folder)
      }
    }
  }

  /// How many cells there are, and how many of them are computed.
  package var count: (all: Int, done: Int) {
    let all = cells.flatMap(\.self)
    return (all.count, all.count(where: \.isDone))
  }

  /// What the folder has of it, in words; nil for nothing.
  var present: String? {
    let files = cells.flatMap(\.self).compactMap(\.file)
    guard !files.isEmpty else { return nil }
    return "\(files.count) of \(count.all) cells are in \(folder.cells)"
      + (files.contains(where: \.isFromElsewhere)
        ? "; computed by another version, processor or BLAS, bits may differ" : "")
  }
}

extension RunConfiguration {
  /// The checkpoints that an arm starts from, or that what it searches names.
  fileprivate func startingFiles(
    of arm: any AblationArm, in laboratory: Laboratory
  ) throws -> [String] {
    let candidates = try arm.searched(ablation.tuning).flatMap(\.examples)
      .filter { !$0.value.isNumber }.map { try changed([$0], in: laboratory) }
    return ([self] + candidates).flatMap { $0.references(withRates: true).map(\.reference.file) }
  }
}
