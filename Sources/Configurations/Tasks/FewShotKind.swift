import ArrayFiles
import Files
import MetaLearning
import Settings
import TensorPrograms

/// Few-shot classification of a labelled table, or of archives of images such as Omniglot's.
public struct FewShotKind: TaskKind {
  /// A table, or archives of images.
  public var files: [String]
  /// Classes that a run tells apart.
  public var ways: Int
  /// Examples of each class to train on.
  public var shots: Int
  /// Examples of each class to be evaluated on.
  public var queries: Int
  /// What in a table a model sees, and the classes.
  public var contents: TableContents
  /// A table's dataset or column of the groups of classes.
  public var groups: String?
  /// Pixels of each side that an archive's images are brought to; nil leaves them.
  public var side: Int?
  /// Whether black becomes 1 in an archive's images, rather than white.
  public var inverts: Bool
  /// Whether training classes are turned by quarters to make others.
  public var rotates: Bool
  /// What fractions are of.
  public var heldOut: HeldOut
  /// The fraction of the classes for validation runs.
  public var validation: Double
  /// The fraction of the classes for test runs.
  public var test: Double
  /// What the choice of both follows from.
  private var seed: UInt64
  /// Names of classes or groups for training runs, and no others; nil for all that are left.
  public var trainingClasses: [String]?
  /// Names of classes or groups for validation runs; nil for a fraction.
  public var validationClasses: [String]?
  /// Names of classes or groups for test runs; nil for a fraction.
  public var testClasses: [String]?

  /// What is kept whole where classes are divided by fractions.
  public enum HeldOut: String, Sendable, CaseIterable {
    /// Groups, where there are several.
    case groups
    /// Classes, whatever groups they belong to.
    case classes
  }

  /// The word for it.
  public static let word = "fewShot"
  /// Files, episodes, classes.
  public static let schema = Schema<Self>(
    "few-shot classification: each run tells other classes of a table or of archives apart",
    Setting(
      "file", \.files, .list(of: .file("the path of a file"), isUnique: true),
      "a table of any format that the task table reads, or ZIP archives of PNG images in a folder "
        + "for each class, such as Omniglot's", mustBeWritten: true),
    Setting(
      "ways", \.ways, .integer(2...10_000), unit: "classes", "classes that each run tells apart"),
    Setting(
      "shots", \.shots, .integer(1...10_000), unit: "examples",
      "examples of each class to train on"),
    Setting(
      "queries", \.queries, .integer(1...10_000), unit: "examples",
      "examples of each class to be evaluated on"),
    Setting(
      "validation", \.validation, .number(.between0And1),
      "fraction of the classes that validation runs draw from, and no others",
      isWritten: { $0.validationClasses == nil }),
    Setting(
      "test", \.test, .number(.belowOne),
      "fraction of the classes that test runs draw from, and no others",
      isWritten: { $0.testClasses == nil }),
    Setting(
      "splitSeed", \.seed, .seed, "what the choice of those classes follows from, for all runs"),
    Setting(
      "heldOut", \.heldOut, .word("what fractions are made of"),
      "whole groups of classes, such as alphabets, where there are several; or single classes"),
    Setting(
      "trainingClasses", \.trainingClasses, .optional(.list(of: .text, isUnique: true)),
      "names of groups or classes that training runs draw from, and no others"),
    Setting(
      "validationClasses", \.validationClasses, .optional(.list(of: .text, isUnique: true)),
      "the same for validation runs, in place of a fraction"),
    Setting(
      "testClasses", \.testClasses, .optional(.list(of: .text, isUnique: true)),
      "the same for test runs, in place of a fraction"),
    Setting(
      "rotations", \.rotates, .flag,
      "whether images of training classes, turned by one, two and three quarters, are classes too"),
    Setting(
      "side", \.side, .optional(.integer(1...1024)), unit: "pixels",
      "pixels of each side that images of archives are brought to; none: as they are"),
    Setting(
      "invert", \.inverts, .flag,
      "whether black of an archive's images is 1 and white 0, rather than the reverse"),
    Setting(
      "groups", \.groups, .optional(.text),
      "of a table, a dataset or column with the group of each row's class; of archives, groups are "
        + "folders of classes")
  ).adding(TableContents.schema(\Self.contents)).refusing { task, written in
    // Named classes take the place of fractions.
    guard task.validationClasses == nil, task.testClasses == nil,
      task.validation + task.test >= 1
    else { return nil }
    return Conflict(
      written.contains("test") ? "test" : "validation",
      written.contains("test") ? task.test : task.validation,
      written.contains("test")
        ? " beside validation \(task.validation)" : " beside test \(task.test)",
      expected: "a sum below 1", advice: "training gets the rest")
  }

  /// Five ways, one shot and 15 queries of 28×28 pixels, a fifth of the classes each for
  /// validation and test, unless said otherwise.
  public init(files: [String]) {
    self.files = files
    (ways, shots, queries) = (5, 1, 15)
    (contents, side, inverts, rotates) = (TableContents(), 28, true, false)
    (heldOut, validation, test, seed) = (.groups, 0.2, 0.2, 0)
  }

  /// What the choice of classes follows from.
  public var splitSeed: UInt64? {
    get { seed }
    set { seed = newValue ?? 0 }
  }
  /// Runs do not divide rows: they have classes of their own.
  public var isTable: Bool { false }
  /// Classes are told apart by the cross-entropy.
  public var loss: LossFunction? { .crossEntropy }
  /// Classes of their own.
  public var testRunsTrainOn: String { "a few examples of classes that learning did not see" }

  /// The files' classes learned by the configured model.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    var examples = try read()
    let division = try division(of: examples, reportsOnTest: context.reportsOnTest)
    var training = division.training
    let notes = notes(on: division, of: examples)
    if rotates { training += try examples.addRotations(of: training) }
    let classes: [EpisodeRole: [[Int32]]] = [
      .training: training.map { examples.classes[$0].rows },
      .validation: division.validation.map { examples.classes[$0].rows },
      .test: division.test.map { examples.classes[$0].rows },
    ]
    let inputs = try InputTensor(
      examples.inputs, scale: contents.scale, masks: contents.missing == .mask,
      training: (training + division.validation).flatMap { examples.classes[$0].rows },
      context.scalar, examples.unsuitable)
    return try task(
      context.model, inputs.values, classes, examples, notes: examples.notes + notes + inputs.notes)
  }

  private func task(
    _ model: some ModelKind, _ inputs: Tensor, _ classes: [EpisodeRole: [[Int32]]],
    _ examples: LabelledExamples, notes: [String]
  ) throws(DataError) -> any LearningTask {
    do throws(ModelError) {
      let drawing = try model.drawing(
        for: ExampleForm(
          inputs: inputs.shape.dropFirst, outputs: ways, scalar: inputs.scalarType))
      if examples.isLayoutAmbiguous, drawing.inputs.rank == 3 {
        throw ImageLayout.error(inputs.shape.extents)
      }
      return FewShotTask(
        inputs: inputs.reshaped(to: drawing.inputs.prepending(inputs.shape[0])), classes: classes,
        size: .init(ways: ways, shots: shots, queries: queries), notes: notes, model: drawing.draw)
    } catch {
      let place = error.key.isEmpty ? "" : " in model.\(error.key)"
      throw examples.unsuitable(error.found + place, error.expected)
    }
  }

  // MARK: Files

  private func read() throws(DataError) -> LabelledExamples {
    var archives: [(path: String, bytes: [UInt8])] = []
    for path in files {
      let bytes = try UserFile.bytes(of: path)
      guard ImageArchive.isLikely(bytes) else {
        guard files.count == 1 else {
          throw .unsuitable(
            path: path, found: "no archive of PNG images among \(files.count) files",
            expected: "archives alone, or one table in task.file")
        }
        return try LabelledExamples(table: path, contents, groups: groups)
      }
      archives.append((path, bytes))
    }
    let ofTables: [(String, Bool)] = [
      ("inputs", contents.inputs != nil), ("targetsFile", contents.targetsFile != nil),
      ("layout", contents.layout != nil), ("transpose", contents.transpose != nil),
      ("groups", groups != nil),
    ]
    if let (setting, _) = ofTables.first(where: \.1) {
      throw .unsuitable(
        path: files[0], found: "an archive of images beside task.\(setting)",
        expected:
          "it beside a table alone, as an archive's folders are classes and groups; remove it"
      )
    }
    return try LabelledExamples(archives: archives, side: side, inverts: inverts)
  }

  // MARK: Classes

  private func division(
    of examples: LabelledExamples, reportsOnTest: Bool
  ) throws(DataError) -> ClassDivision {
    let classes = examples.classes
    let given = [
      ("trainingClasses", try numbers(trainingClasses, "trainingClasses", of: examples)),
      ("validationClasses", try numbers(validationClasses, "validationClasses", of: examples)),
      ("testClasses", try numbers(testClasses, "testClasses", of: examples)),
    ]
    var places: [Int: String] = [:]
    for (setting, numbers) in given {
      for number in numbers ?? [] {
        if let other = places.updateValue(setting, forKey: number) {
          throw examples.unsuitable(
            "class \(classes[number].name) in task.\(other) and task.\(setting)",
            "it in one of them")
        }
      }
    }
    let names = Set(classes.map(\.group)).sorted { $0 ?? "" < $1 ?? "" }
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let groups =
      heldOut == .groups && names.count > 1 ? classes.map { numbers[$0.group] ?? 0 } : nil
    let division = ClassDivision(
      of: Array(classes.indices), groups: groups, training: given[0].1,
      validation: given[1].1.map { .classes($0) } ?? .fraction(validation),
      test: given[2].1.map { .classes($0) } ?? .fraction(test), seed: seed)
    for role in EpisodeRole.allCases {
      let own = division.classes(for: role)
      guard role != .test || reportsOnTest || !own.isEmpty else { continue }
      guard own.count >= ways else {
        throw examples.unsuitable(
          "\(own.count) classes for \(role) runs, of \(classes.count)",
          "at least \(ways), as task.ways; give more by "
            + (role == .training
              ? "smaller fractions" : "task.\(role) or task.\(role)Classes, or lower task.ways"))
      }
      if let few = own.first(where: { classes[$0].rows.count < shots + queries }) {
        throw examples.unsuitable(
          "\(classes[few].rows.count) examples of class \(classes[few].name)",
          "at least \(shots + queries) of each: task.shots \(shots) and task.queries \(queries)"
        )
      }
    }
    return division
  }

  /// The classes that have some names, or belong to groups that have them.
  private func numbers(
    _ names: [String]?, _ setting: String, of examples: LabelledExamples
  ) throws(DataError) -> [Int]? {
    guard let names else { return nil }
    var numbers: [Int] = []
    for name in names {
      let group = examples.classes.indices.filter { examples.classes[$0].group == name }
      let found =
        group.isEmpty
        ? examples.classes.indices.filter { examples.classes[$0].name == name } : group
      guard !found.isEmpty else {
        let groups = Set(examples.classes.compactMap(\.group)).sorted()
        let there = groups.isEmpty ? examples.classes.map(\.name) : groups
        throw examples.unsuitable(
          "no class or group \(name) in task.\(setting)", "some of \(FewShotKind.list(there))")
      }
      numbers += found.filter { !numbers.contains($0) }
    }
    return numbers
  }

  /// How many classes are for what, and of which groups.
  private func notes(on division: ClassDivision, of examples: LabelledExamples) -> [String] {
    EpisodeRole.allCases.compactMap { role in
      let own = division.classes(for: role)
      guard !own.isEmpty else { return nil }
      let groups = Set(own.compactMap { examples.classes[$0].group }).sorted()
      let turned = role == .training && rotates ? ", each in four positions" : ""
      return "\(own.count) classes for \(role) runs\(turned)"
        + (groups.isEmpty ? "" : ", of \(FewShotKind.list(groups))")
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }
}
