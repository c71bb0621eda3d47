import ArrayFiles
import Configurations
import Foundation
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

/// Few-shot classification of tables and of archives of images, and what is refused of them.
@Suite("Few shots of files")
struct FewShotKindTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private typealias Task = FewShotTask<MultilayerPerceptron>

  private func any(
    _ settings: String, model: String = "mlp", isReported: Bool = true
  ) throws -> any LearningTask {
    let text = settings.replacing("DIR", with: folder.path)
    return try shortConfiguration(
      "model: \(model)\nprecision: double\n", task: "{ kind: fewShot, \(text) }"
    ).makeTask(isReported: isReported)
  }

  private func task(_ settings: String) throws -> Task {
    let task = try any(settings)
    return try #require(task as? Task)
  }

  /// What refuses some settings, without the folder.
  private func refusal(
    _ settings: String, model: String = "mlp", isReported: Bool = true
  ) -> String {
    do {
      _ = try any(settings, model: model, isReported: isReported)
      return "nothing"
    } catch {
      return "\(error)".replacing("\(folder.path)/", with: "")
    }
  }

  /// 20 classes of 6 rows, of which the first number is 100 times the class; groups of 4 classes.
  private func table(_ others: [String: NumberArray] = [:]) throws {
    let rows = (0..<120).flatMap { row -> [Double] in [Double(100 * (row % 20)), Double(row)] }
    let arrays = [
      "inputs": NumberArray(rows, shape: [120, 2]),
      "targets": NumberArray((0..<120).map { Int64($0 % 20) }),
      "family": NumberArray((0..<120).map { Int64($0 % 20 / 4) }),
    ]
    try folder.put(try NPZ.encode(arrays.merging(others) { $1 }), as: "a.npz")
  }

  /// The classes that runs of a role draw from, by the first numbers of their rows.
  private func classes(_ role: EpisodeRole, of task: Task) -> [Int] {
    let inputs = task.dataset[0]
    let (numbers, width) = (inputs.doubles, inputs.shape[1])
    return (task.classes[role] ?? []).map { Int(numbers[Int($0[0]) * width]) / 100 }.sorted()
  }

  private let few = "shots: 1, queries: 5, ways: 3"

  // MARK: Tables

  @Test("classes of a table, by fractions of them")
  func fractions() throws {
    try table()
    let task = try task("file: DIR/a.npz, \(few)")
    let parts = EpisodeRole.allCases.map { classes($0, of: task) }
    #expect(parts.map(\.count) == [12, 4, 4])
    #expect(parts.joined().sorted() == Array(0..<20))
    for rows in task.classes.values.joined() { #expect(Set(rows.map { $0 % 20 }).count == 1) }
    #expect(
      task.notes == [
        "12 classes for training runs", "4 classes for validation runs",
        "4 classes for test runs",
      ])
    let again = try self.task("file: DIR/a.npz, \(few)")
    let other = try self.task("file: DIR/a.npz, \(few), splitSeed: 1")
    #expect(again.classes == task.classes && other.classes != task.classes)
    #expect(task.size.ways == 3 && task.dataset[1].shape == [3] && task.dataset[2].shape == [15])
  }

  @Test("groups of a table are held out whole, unless single classes are wanted")
  func groups() throws {
    try table()
    let task = try task("file: DIR/a.npz, groups: family, \(few)")
    for role in EpisodeRole.allCases {
      let own = classes(role, of: task)
      #expect(own.count == Set(own.map { $0 / 4 }).count * 4)
    }
    #expect(classes(.test, of: task).count == 4)
    let single = try self.task("file: DIR/a.npz, groups: family, heldOut: classes, \(few)")
    #expect(classes(.test, of: single) != classes(.test, of: task))
    try table(["family": NumberArray((0..<120).map { Int64($0 / 50) })])
    #expect(
      refusal("file: DIR/a.npz, groups: family, \(few)")
        == "cannot use a.npz: found rows of class 0 in the groups 0 and 1, expected each class in "
        + "one group of family")
  }

  @Test("classes that are given, by their names or those of their groups")
  func given() throws {
    try table()
    let task = try task(
      "file: DIR/a.npz, groups: family, validationClasses: ['1'], testClasses: ['4', '0'], \(few)")
    #expect(classes(.validation, of: task) == [4, 5, 6, 7])
    #expect(classes(.test, of: task) == [0, 1, 2, 3, 16, 17, 18, 19])
    #expect(classes(.training, of: task) == Array(8..<16))
    let some = try self.task(
      "file: DIR/a.npz, trainingClasses: ['1', '2', '3'], validationClasses: ['4', '5', '6'], "
        + "testClasses: ['7', '8', '19'], \(few)")
    #expect(classes(.training, of: some) == [1, 2, 3] && classes(.test, of: some) == [7, 8, 19])
    let named = try self.task("file: DIR/a.npz, trainingClasses: ['1', '2', '3', '4'], \(few)")
    #expect(classes(.training, of: named) == [1, 2, 3, 4])
    #expect(
      Set(classes(.test, of: named)).isDisjoint(
        with: classes(.validation, of: named) + [1, 2, 3, 4]))
    #expect(
      refusal("file: DIR/a.npz, testClasses: ['3', '4', x], \(few)")
        == "cannot use a.npz: found no class or group x in task.testClasses, expected some of "
        + (0..<20).map { "\($0)" }.joined(separator: ", "))
    #expect(
      refusal("file: DIR/a.npz, testClasses: ['3', '4'], validationClasses: ['4'], \(few)")
        .contains(
          "found class 4 in task.validationClasses and task.testClasses, expected it in one"))
  }

  @Test("classes that are texts")
  func names() throws {
    let rows = (0..<60).map { "\($0),\(["cat", "dog", "eel", "fox", "gnu", "hen"][$0 % 6])" }
    try folder.put(Array(("x,kind\n" + rows.joined(separator: "\n")).utf8), as: "a.csv")
    let task = try task(
      "file: DIR/a.csv, targets: kind, ways: 2, shots: 4, queries: 6, validationClasses: [dog, hen], "
        + "testClasses: [cat, fox]")
    #expect(task.classes[.test]?.map { $0[0] } == [0, 3])
    #expect(task.classes[.validation]?.map { $0[0] } == [1, 5])
  }

  @Test("rotated training classes are classes of their own")
  func rotations() throws {
    // Images of 2×2 pixels: class, row, 1, 2.
    let images = (0..<48).flatMap { row -> [Double] in
      [Double(100 * (row % 8)), Double(row), 1, 2]
    }
    try table([
      "inputs": NumberArray(images, shape: [48, 2, 2]),
      "targets": NumberArray((0..<48).map { Int64($0 % 8) }),
    ])
    let settings = "file: DIR/a.npz, ways: 2, shots: 1, queries: 5, validation: 0.25, test: 0.25"
    let (plain, task) = (try task(settings), try task(settings + ", rotations: true"))
    #expect(task.classes[.test] == plain.classes[.test])
    #expect(task.classes[.validation] == plain.classes[.validation])
    let training = try #require(task.classes[.training])
    #expect(training.count == 16 && Array(training.prefix(4)) == plain.classes[.training])
    #expect(Set(training.joined()).count == 4 * 24)
    let numbers = task.dataset[0].doubles
    func image(_ row: Int32) -> [Double] { Array(numbers[Int(row) * 4..<Int(row) * 4 + 4]) }
    for (position, turn) in [[1, 3, 0, 2], [3, 2, 1, 0], [2, 0, 3, 1]].enumerated() {
      for index in 0..<4 {
        let turned = training[4 * (position + 1) + index]
        for (one, other) in zip(training[index], turned) {
          #expect(image(other) == turn.map { image(one)[$0] })
        }
      }
    }
    #expect(task.notes.first == "4 classes for training runs, each in four positions")
    try table()
    #expect(
      refusal("file: DIR/a.npz, rotations: true, \(few)").contains(
        "found inputs of shape [120, 2] beside task.rotations, expected square images"))
  }

  // MARK: Archives

  /// An archive of alphabets, each of some letters of 6 drawings of 6×6 pixels: the corner of a
  /// drawing is as white as its letter's number, all else black.
  private func archive(
    _ name: String, _ alphabets: [(String, letters: Range<Int>)], corner: UInt8 = 0
  ) throws {
    var files: [(name: String, bytes: [UInt8])] = []
    for (alphabet, letters) in alphabets {
      for letter in letters {
        for drawing in 0..<6 {
          var pixels = [UInt8](repeating: 0, count: 36)
          (pixels[0], pixels[35]) = (UInt8(letter), corner)
          files.append(
            (
              "images/\(alphabet)/letter\(letter)/\(drawing).png",
              TestImages.png(height: 6, width: 6, pixels)
            ))
        }
      }
    }
    try folder.put(TestImages.zip(files), as: name)
  }

  @Test("alphabets of archives are held out, letters that two archives share are read once")
  func archives() throws {
    try archive("1.zip", [("a", 0..<4), ("b", 4..<8), ("c", 8..<12)])
    try archive("2.zip", [("c", 8..<12), ("d", 12..<16), ("e", 16..<20)])
    let files = "file: [DIR/1.zip, DIR/2.zip], side: 3"
    let task = try task("\(files), \(few)")
    #expect(task.dataset[0].shape == [120, 9])
    #expect(EpisodeRole.allCases.map { task.classes[$0]?.count } == [12, 4, 4])
    for classes in task.classes.values {
      #expect(classes.allSatisfy { $0.count == 6 && $0 == Array($0[0]..<$0[0] + 6) })
    }
    #expect(task.notes.count == 3 && task.notes[0].hasPrefix("12 classes for training runs, of "))
    let given = try self.task(
      "\(files), validationClasses: b, testClasses: [d, e/letter17, e/letter16, a/letter0], \(few)")
    #expect(
      given.notes == [
        "9 classes for training runs, of a, c, e", "4 classes for validation runs, of b",
        "7 classes for test runs, of a, d, e",
      ])
    // Black is 1; a corner is a quarter of a pixel of 2×2.
    let first = task.dataset[0].doubles.prefix(9)
    #expect(first.allSatisfy { $0 == 1 })
    let last = Array(task.dataset[0].doubles.suffix(9))
    #expect(abs(last[0] - (1 - 19 / 255.0 / 4)) < 1e-6 && last.dropFirst().allSatisfy { $0 == 1 })
    let white = try self.task("\(files), invert: false, \(few)").dataset[0].doubles
    #expect(zip(white, task.dataset[0].doubles).allSatisfy { abs($0 - (1 - $1)) < 1e-7 })
    let whole = try self.task("file: DIR/1.zip, side: none, \(few)")
    #expect(whole.dataset[0].shape == [72, 36])
    let convolutional = try any("\(files), \(few)", model: "{ kind: convolutional, filters: [2] }")
    #expect(convolutional.dataset[0].shape == [120, 3, 3, 1])
  }

  @Test("archives that cannot be used")
  func refusedArchives() throws {
    try archive("1.zip", [("a", 0..<4), ("b", 4..<8), ("c", 8..<12)])
    try archive("2.zip", [("c", 8..<12)], corner: 9)
    #expect(
      refusal("file: [DIR/1.zip, DIR/2.zip], \(few)")
        == "cannot read 2.zip: found another image than in an archive before at image "
        + "images/c/letter10/0.png, expected the same, or another name")
    for setting in ["inputs: x", "targetsFile: x", "layout: NHWC", "groups: x"] {
      #expect(
        refusal("file: DIR/1.zip, \(setting), \(few)").contains(
          "found an archive of images beside task.\(setting.prefix { $0 != ":" })"))
    }
    try table()
    #expect(
      refusal("file: [DIR/1.zip, DIR/a.npz], \(few)")
        == "cannot use a.npz: found no archive of PNG images among 2 files, expected archives "
        + "alone, or one table in task.file")
    let image = TestImages.png(height: 2, width: 2, [0, 0, 0, 0])
    try folder.put(TestImages.zip([("1.png", image)]), as: "flat.zip")
    #expect(
      refusal("file: DIR/flat.zip, \(few)").contains(
        "found no folder at image 1.png, expected a folder that is its class"))
    let other = TestImages.png(height: 2, width: 1, [0, 0])
    try folder.put(TestImages.zip([("a/1.png", image), ("a/2.png", other)]), as: "sizes.zip")
    #expect(
      refusal("file: DIR/sizes.zip, side: none, \(few)").contains(
        "found [2, 1] pixels at image a/2.png, expected [2, 2], as others have; or task.side=28"))
    try folder.put(TestImages.zip([("a/1.png", Array(image.dropLast(3)))]), as: "cut.zip")
    #expect(refusal("file: DIR/cut.zip, \(few)").hasPrefix("cannot read cut.zip: found"))
    #expect(refusal("file: DIR/none.zip, \(few)").contains("cannot read none.zip: No such file"))
  }

  // MARK: Sizes

  @Test("too few classes or examples are refused with their numbers")
  func tooFew() throws {
    try table()
    #expect(
      refusal("file: DIR/a.npz, queries: 5")
        == "cannot use a.npz: found 4 classes for validation runs, of 20, expected at least 5, as "
        + "task.ways; give more by task.validation or task.validationClasses, or lower task.ways")
    #expect(
      refusal("file: DIR/a.npz, validation: 0.5, test: 0.45, ways: 3").contains(
        "found 1 classes for training runs, of 20, expected at least 3, as task.ways; give more by "
          + "smaller fractions"))
    #expect(
      refusal("file: DIR/a.npz, ways: 3, shots: 2, queries: 5").contains(
        "expected at least 7 of each: task.shots 2 and task.queries 5"))
    #expect(
      refusal("file: DIR/a.npz, test: 0, \(few)").contains("found 0 classes for test runs"))
    #expect(refusal("file: DIR/a.npz, test: 0, \(few)", isReported: false) == "nothing")
    #expect(
      refusal("file: DIR/a.npz, \(few)", model: "{ kind: convolutional, filters: [2] }").hasPrefix(
        "cannot use a.npz: found"))
    #expect(
      errorText(of: "name: a\ntask: { kind: fewShot, file: x, test: 0.8, validation: 0.2 }\n")?
        .contains("task.test: found 0.8 beside validation 0.2, expected a sum below 1") == true)
    #expect(
      errorText(of: "name: a\ntask: fewShot\n")?.contains("task.file: found nothing") == true)
  }
}
