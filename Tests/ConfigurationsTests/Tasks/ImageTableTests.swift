import Configurations
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

/// Tables of images, from the digits and from files, for models that want them and others.
@Suite("Tables of images")
struct ImageTableTests {
  /// The task that a configuration makes of a file whose inputs have the given shape.
  private func task(
    inputs shape: [Int], model: String, lastClass: Int32? = nil
  ) throws -> any LearningTask {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "images-\(UUID().uuidString).h5")
    defer { try? FileManager.default.removeItem(at: file) }
    var tree = HDF5Tree()
    tree["/inputs"] = HDF5Dataset((0..<shape.reduce(1, *)).map { Float($0 % 11) }, shape: shape)
    var classes = (0..<shape[0]).map { Int32($0 % 3) }
    if let lastClass { classes[shape[0] - 1] = lastClass }
    tree["/targets"] = HDF5Dataset(classes)
    try Data(HDF5Image.encode(tree)).write(to: file)
    do {
      return try shortConfiguration(
        "model: \(model)\n", task: "{ kind: table, file: \"\(file.path)\" }"
      ).makeTask()
    } catch let error as DataError {
      // The message without the folder of this test.
      throw Message(text: "\(error)".replacingOccurrences(of: file.path, with: "FILE"))
    }
  }

  private struct Message: Error, Equatable {
    let text: String
  }

  @Test(
    "images with and without channels",
    arguments: [([12, 4, 6], [12, 4, 6, 1]), ([12, 4, 6, 2], [12, 4, 6, 2])])
  func images(shape: [Int], images: [Int]) throws {
    let task = try task(inputs: shape, model: "{ kind: convolutional, filters: [2, 3] }")
    #expect(task is SupervisedTask<ConvolutionalNetwork>)
    #expect(task.dataset[0].shape == Shape(images))
    #expect(task.dataset[0].doubles[13] == 2)
  }

  @Test("a perceptron takes an image as a row of numbers")
  func flat() throws {
    let task = try task(inputs: [12, 4, 6, 2], model: "{ hidden: [3], normalization: layer }")
    #expect(task.dataset[0].shape == [12, 48])
    var stream = RandomStream(seed: 1, purpose: "test")
    let model = try #require(task as? SupervisedTask<MultilayerPerceptron>)
      .initialParameters(from: &stream)
    #expect(model.normalizations.count == 1)
  }

  @Test("as many classes as rows, or as are usual: one wrong number asks for no more")
  func classes() throws {
    #expect(
      try task(inputs: [12, 9], model: "mlp", lastClass: 1023)
        is SupervisedTask<MultilayerPerceptron>)
    #expect(
      throws: Message(
        text:
          "cannot use FILE: found the class 1024.0 at element 11 of targets, expected whole numbers "
          + "from 0 to 1023: as many classes as rows, or 1024 where those are fewer")
    ) { try task(inputs: [12, 9], model: "mlp", lastClass: 1024) }
    #expect(
      try task(inputs: [1025, 2], model: "mlp", lastClass: 1024)
        is SupervisedTask<MultilayerPerceptron>)
  }

  @Test("the digits are images of one channel")
  func digits() throws {
    let task = try shortConfiguration("model: convolutional\n").makeTask()
    #expect(task.dataset[0].shape == [1797, 8, 8, 1])
    #expect(task.dataset[0].doubles.max() == 1)
  }

  @Test("inputs that are no images, or too small ones")
  func refuses() {
    #expect(
      throws: Message(
        text: "cannot use FILE: found convolutional, which reads images, beside examples of "
          + "shape [9], expected examples of shape [height, width] or [height, width, channels]; "
          + "or another model, such as mlp")
    ) { try task(inputs: [12, 9], model: "convolutional") }
    #expect(
      throws: Message(
        text: "cannot use FILE: found 2 layers in model.filters, expected at most 1: each halves "
          + "the 3×9 pixels; remove 1")
    ) { try task(inputs: [12, 3, 9], model: "convolutional") }
    #expect(
      throws: Message(
        text: "cannot use FILE: found inputs of shape [12], expected shape [rows, features], "
          + "[rows, height, width] or [rows, height, width, channels] with at least 4 rows")
    ) { try task(inputs: [12], model: "mlp") }
  }
}
