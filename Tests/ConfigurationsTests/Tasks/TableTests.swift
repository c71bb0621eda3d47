import ArrayFiles
import Configurations
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

/// Tables in every format and form, and what is refused of them.
@Suite("Tables of one's own")
struct TableTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
  }

  private func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

  /// The task of some settings, in which DIR is the folder.
  private func task(
    _ settings: String, model: String = "mlp"
  ) throws -> SupervisedTask<MultilayerPerceptron> {
    let task = try any(settings, model: model)
    return try #require(task as? SupervisedTask<MultilayerPerceptron>)
  }

  private func any(_ settings: String, model: String = "mlp") throws -> any LearningTask {
    let text = settings.replacing("DIR", with: folder.path)
    return try shortConfiguration(
      "model: \(model)\nprecision: double\n", task: "{ kind: table, \(text) }"
    ).makeTask(isReported: true)
  }

  /// What refuses some settings, without the folder.
  private func refusal(_ settings: String, model: String = "mlp") -> String {
    do {
      _ = try any(settings, model: model)
      return "nothing"
    } catch {
      return "\(error)".replacing("\(folder.path)/", with: "")
    }
  }

  /// 12 rows of 2 numbers.
  private var numbers: [Double] { (0..<24).map(Double.init) }

  private func npz(_ arrays: [String: NumberArray]) throws {
    var arrays = arrays
    if arrays["inputs"] == nil { arrays["inputs"] = NumberArray(numbers, shape: [12, 2]) }
    if arrays["targets"] == nil {
      arrays["targets"] = NumberArray((0..<12).map { Int64($0 % 3) })
    }
    try write(try NPZ.encode(arrays), "a.npz")
  }

  @Test("the same table from every format")
  func formats() throws {
    let labels = (0..<12).map { Int64($0 % 3) }
    let (x, y) = (NumberArray(numbers, shape: [12, 2]), NumberArray(labels))
    try npz(["extra": y])
    try write(
      try Safetensors.encode(SafetensorsFile(tensors: ["inputs": x, "targets": y])), "a.st")
    try write(try NPY.encode(x), "x.npy")
    try write(try NPY.encode(y), "y.npy")
    var tree = HDF5Tree()
    tree["/inputs"] = HDF5Dataset(numbers, shape: [12, 2])
    tree["/targets"] = HDF5Dataset(labels, shape: [12, 1])
    try write(try HDF5Image.encode(tree), "a.h5")
    let rows = (0..<12).map { "\(2 * $0),\(2 * $0 + 1),\($0 % 3)" }
    try write("a,b,targets\n" + rows.joined(separator: "\n"), "a.csv")
    for file in [
      "DIR/a.npz", "DIR/a.st", "DIR/x.npy, targetsFile: DIR/y.npy", "DIR/a.h5", "DIR/a.csv",
    ] {
      let task = try task("file: \(file)")
      #expect(task.dataset[0].shape == [12, 2], "\(file)")
      #expect(task.dataset[0].doubles == numbers, "\(file)")
      #expect(task.dataset[1].doubles == labels.map(Double.init), "\(file)")
      #expect(task.dataset.count == 2 && task.notes.isEmpty, "\(file): \(task.notes)")
    }
  }

  @Test("images and labels of IDX files, a test in files of its own, and pixels that are noticed")
  func idx() throws {
    func idx(_ axes: [UInt8], _ elements: [UInt8]) -> [UInt8] {
      [0, 0, 8, UInt8(axes.count)] + axes.flatMap { [0, 0, 0, $0] } + elements
    }
    for (name, rows) in [("train", UInt8(8)), ("test", UInt8(3))] {
      try write(idx([rows, 2, 3], (0..<rows * 6).map { $0 * 4 }), "\(name).images")
      try write(idx([rows], (0..<rows).map { $0 % 2 }), "\(name).labels")
    }
    let files =
      "file: DIR/train.images, targetsFile: DIR/train.labels, testFile: DIR/test.images, "
      + "testTargetsFile: DIR/test.labels"
    let task = try task(files)
    #expect(task.dataset[0].shape == [11, 6])
    #expect(task.division.test == [8, 9, 10])
    #expect(task.division.pool == Array(0..<8))
    #expect(task.notes.count == 1 && task.notes.first?.contains("by: 255") == true)
    let scaled = try self.task(files + ", scale: { kind: divide, by: 255 }")
    #expect(scaled.dataset[0].doubles[1] == 4.0 / 255)
    #expect(scaled.notes.isEmpty)
    #expect(refusal("file: DIR/train.images").contains("expected task.targetsFile"))
  }

  @Test("labels in every form")
  func labels() throws {
    let hot = (0..<12).flatMap { row in (0..<4).map { $0 == row % 3 ? 1.0 : 0 } }
    try npz(["targets": NumberArray(hot, shape: [12, 4])])
    let task = try task("file: DIR/a.npz")
    #expect(task.dataset[1].doubles == (0..<12).map { Double($0 % 3) })
    #expect(task.notes == ["classes without rows: 3 of 4"])
    try npz(["targets": NumberArray(hot.map { $0 * 2 }, shape: [12, 4])])
    #expect(refusal("file: DIR/a.npz").contains("whose row 0 has no single one"))
    let rows = (0..<12).map { "\($0),\($0 % 2 == 0 ? "\"a, b\"" : "c")" }
    try write("x,targets\n" + rows.joined(separator: "\n"), "a.csv")
    let named = try self.task("file: DIR/a.csv")
    #expect(named.dataset[1].doubles == (0..<12).map { Double($0 % 2) })
    #expect(named.notes == ["classes by name: 0 a, b, 1 c"])
    let binary = try self.task("file: DIR/a.csv, loss: binaryCrossEntropy")
    #expect(binary.dataset[1].shape == [12, 1])
    #expect(refusal("file: DIR/a.csv, loss: meanSquaredError").contains("targets that are texts"))
  }

  @Test("layouts of images: asked for where they are not plain, and permuted")
  func layouts() throws {
    let count = 12 * 3 * 4 * 4
    try npz(["inputs": NumberArray((0..<count).map(Double.init), shape: [12, 3, 4, 4])])
    let model = "{ kind: convolutional, filters: [2] }"
    #expect(
      refusal("file: DIR/a.npz", model: model)
        == "cannot use a.npz: found inputs of shape [12, 3, 4, 4] without a layout, expected "
        + "task.layout=NCHW for 3 channels of 4×4 pixels, or NHWC for 3×4 pixels of 4 channels")
    let task = try any("file: DIR/a.npz, layout: NCHW", model: model)
    #expect(task.dataset[0].shape == [12, 4, 4, 3])
    #expect(Array(task.dataset[0].doubles.prefix(4)) == [0, 16, 32, 1])
    let last = try any("file: DIR/a.npz, layout: NHWC", model: model)
    #expect(last.dataset[0].shape == [12, 3, 4, 4])
    // A perceptron reads numbers in any order.
    #expect(try any("file: DIR/a.npz").dataset[0].shape == [12, 48])
  }

  @Test("standardized by the rows that are not for testing")
  func standardize() throws {
    try npz([:])
    let task = try task("file: DIR/a.npz, scale: standardize")
    let (values, pool) = (task.dataset[0].doubles, task.division.pool.map(Int.init))
    for column in 0..<2 {
      let there = pool.map { values[2 * $0 + column] }
      let mean = there.reduce(0, +) / Double(there.count)
      let variance = there.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(there.count)
      #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
    }
  }

  @Test("missing values are refused with their place, or masked")
  func missing() throws {
    var lines = (0..<12).map { "\($0),\($0 % 3),\($0 % 2)" }
    lines[4] = ",1,0"
    lines[6] = "6,NA,0"
    try write("x,y,z\n" + lines.joined(separator: "\n"), "a.csv")
    #expect(
      refusal("file: DIR/a.csv, targets: z")
        == "cannot use a.csv: found a missing value at line 6, column x, expected a number; or "
        + "task.missing=mask")
    let task = try task(
      "file: DIR/a.csv, inputs: x, targets: [y, z], loss: meanSquaredError, missing: mask")
    let pool = task.division.pool.map(Int.init).filter { $0 != 4 }
    let mean = pool.map(Double.init).reduce(0, +) / Double(pool.count)
    #expect(abs(task.dataset[0].doubles[4] - mean) < 1e-12)
    #expect(task.dataset[2].shape == [12, 2])
    #expect(task.dataset[2].doubles.enumerated().filter { $0.element == 0 }.map(\.offset) == [12])
    let classes = try self.task("file: DIR/a.csv, inputs: z, targets: y, missing: mask")
    #expect(classes.division.pool.count + classes.division.test.count == 11)
    #expect(!(classes.division.pool + classes.division.test).contains(6))
    var holes = numbers
    holes[5] = .nan
    try npz(["inputs": NumberArray(holes, shape: [12, 2])])
    #expect(
      refusal("file: DIR/a.npz")
        == "cannot use a.npz: found nan at element 5 of inputs (row 2, column 1), expected finite numbers; "
        + "or task.missing=mask")
  }

  @Test("rows that are given, as numbers or as marks")
  func givenRows() throws {
    try npz([
      "train": NumberArray([0, 1, 2, 3, 11] as [Int64]), "valid": NumberArray([4, 5] as [Int64]),
      "test": NumberArray((0..<12).map { Double($0 > 8 && $0 < 11 ? 1 : 0) }),
      "wrong": NumberArray([12] as [Int64]),
    ])
    let task = try task(
      "file: DIR/a.npz, trainingRows: train, validationRows: valid, testRows: test")
    #expect(task.division.pool == [0, 1, 2, 3, 11])
    #expect(task.division.givenValidation == [4, 5])
    #expect(task.division.test == [9, 10])
    #expect(refusal("file: DIR/a.npz, testRows: wrong").contains("found 12.0 in task.testRows"))
    #expect(
      refusal("file: DIR/a.npz, trainingRows: train, validationRows: train").contains(
        "each row in one"))
    #expect(
      refusal("file: DIR/a.npz, validationRows: no").contains("found no dataset no, expected"))
  }

  @Test("groups are never torn apart")
  func groups() throws {
    let groups = [0, 0, 0, 1, 2, 2, 3, 3, 3, 3, 4, 4].map { Int64($0 * 7) }
    try npz(["who": NumberArray(groups)])
    let task = try task("file: DIR/a.npz, groups: who")
    let inTest = Set(task.division.test.map { groups[Int($0)] })
    let inPool = Set(task.division.pool.map { groups[Int($0)] })
    #expect(inTest.isDisjoint(with: inPool) && !inTest.isEmpty)
    for seed in 0..<20 {
      let episode = task.episode(
        EpisodeRequest(
          role: .training, steps: 30, batch: 4,
          stream: RandomStream(seed: UInt64(seed), purpose: "t")))
      let trained = Set(episode.steps[0].doubles.map { groups[Int($0)] })
      let judged = Set(episode.evaluation[0].doubles.map { groups[Int($0)] })
      #expect(episode.evaluation[0].shape == [task.division.validationCount])
      #expect(trained.isDisjoint(with: judged) && trained.union(judged).isSubset(of: inPool))
    }
  }

  @Test("weights of rows and of classes")
  func weights() throws {
    try npz(["w": NumberArray((0..<12).map { Double($0) })])
    let rows = try task("file: DIR/a.npz, weights: w")
    #expect(rows.dataset[2].doubles == (0..<12).map(Double.init))
    let given = try task(
      "file: DIR/a.npz, weights: w, classWeights: { kind: given, weights: [1, 0, 2] }")
    #expect(Array(given.dataset[2].doubles.prefix(6)) == [0, 0, 4, 3, 0, 10])
    let balanced = try task("file: DIR/a.npz, classWeights: balanced")
    let pool = balanced.division.pool.map(Int.init)
    let sums = (0..<3).map { number in
      pool.filter { $0 % 3 == number }.map { balanced.dataset[2].doubles[$0] }.reduce(0, +)
    }
    #expect(sums.allSatisfy { abs($0 - Double(pool.count) / 3) < 1e-12 })
    #expect(
      refusal("file: DIR/a.npz, classWeights: { kind: given, weights: [1] }").contains(
        "found 3 classes"))
  }

  @Test("MATLAB's files have their axes turned round, where a user says so")
  func matlab() throws {
    var tree = HDF5Tree()
    tree["/inputs"] = HDF5Dataset(numbers, shape: [2, 12])
    tree["/targets"] = HDF5Dataset((0..<12).map { Double($0 % 3) }, shape: [1, 12])
    let bytes = try HDF5Image.encode(tree)
    try write(bytes, "plain.h5")
    let turned = try task("file: DIR/plain.h5, transpose: true")
    #expect(turned.dataset[0].shape == [12, 2])
    #expect(Array(turned.dataset[0].doubles.prefix(4)) == [0, 12, 1, 13])
    try write(
      Array("MATLAB 7.3 MAT-file".utf8) + [UInt8](repeating: 0x20, count: 493) + bytes, "m.mat")
    #expect(refusal("file: DIR/m.mat").contains("found a file of MATLAB 7.3"))
  }

  @Test("files that are none")
  func files() throws {
    try write("PK\u{3}\u{4}", "a.npz")
    #expect(
      refusal("file: DIR/a.npz").hasPrefix("cannot read a.npz: found no directory at its end"))
    try write("a,targets\n1,x y\n2\n", "a.csv")
    #expect(refusal("file: DIR/a.csv").contains("found 1 fields at line 3, expected 2"))
    #expect(refusal("file: DIR/none").contains("cannot read none: No such file"))
    try write("x,targets\n1,1\n2,2\nz,3\n4,4\n", "b.csv")
    #expect(
      refusal("file: DIR/b.csv").contains(
        "found \"z\" at line 4, column x, expected a finite number"))
  }

  @Test("the word that it had before is read")
  func formerWord() throws {
    let old = try shortConfiguration(task: "{ kind: hdf5, file: x.h5 }")
    #expect(old == (try shortConfiguration(task: "{ kind: table, file: x.h5 }")))
    #expect(old.task.word == "table")
  }

  @Test(
    "settings that exclude each other",
    arguments: [
      ("testFile: b, testRows: c", "task.testRows: found testRows beside testFile"),
      ("testFile: b, targetsFile: c", "task.testFile: found targetsFile without testTargetsFile"),
      ("testTargetsFile: c", "task.testTargetsFile: found it without testFile"),
      ("classWeights: balanced, loss: meanSquaredError", "beside loss meanSquaredError"),
    ])
  func conflicts(settings: String, expected: String) {
    let text = errorText(of: "name: a\ntask: { kind: table, file: x, \(settings) }\n") ?? ""
    #expect(text.contains(expected), "\(text)")
  }
}
