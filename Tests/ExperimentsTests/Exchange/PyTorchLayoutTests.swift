import Experiments
import TensorPrograms
import Testing

@Suite("PyTorch's layout")
struct PyTorchLayoutTests {
  private static let kernel = ["kernel_row", "kernel_column", "input", "output"]
  /// A convolution of 3 filters, flattened from 2 × 2 positions, and a matrix behind it.
  private let tensors: [(name: String, axes: [String], shape: [Int])] = [
    ("000_convolution/weight", kernel, [3, 3, 2, 3]), ("000_convolution/bias", ["output"], [3]),
    ("001_dense/weight", ["input", "output"], [12, 5]),
    ("002_dense/weight", ["input", "target"], [5, 4]),
  ]

  private func counting(_ shape: [Int]) -> Tensor {
    let shape = Shape(shape)
    return Tensor((0..<shape.count).map(Double.init), TensorType(shape, .float64))
  }

  @Test("kernels have outputs first, matrices too, and flattened images channels before positions")
  func outward() {
    let layout = PyTorchLayout(tensors)
    let kernel = counting([3, 3, 2, 3])
    let theirs = layout.outward(kernel, "000_convolution/weight", axes: Self.kernel)
    #expect(theirs.shape == [3, 2, 3, 3])
    // [output 1, input 0, row 2, column 1].
    #expect(theirs.doubles[((1 * 2 + 0) * 3 + 2) * 3 + 1] == Double(((2 * 3 + 1) * 2 + 0) * 3 + 1))

    let matrix = counting([12, 5])
    let flattened = layout.outward(matrix, "001_dense/weight", axes: ["input", "output"])
    #expect(flattened.shape == [5, 12])
    // Channel 2 at position 3: theirs is 2 · 4 + 3, ours 3 · 3 + 2.
    #expect(flattened.doubles[1 * 12 + 2 * 4 + 3] == Double((3 * 3 + 2) * 5 + 1))

    let last = layout.outward(counting([5, 4]), "002_dense/weight", axes: ["input", "target"])
    #expect(last.doubles == counting([5, 4]).transposed().doubles)
  }

  @Test("what comes back is what went", arguments: 0..<4)
  func inverse(_ index: Int) {
    let layout = PyTorchLayout(tensors)
    let (name, axes, shape) = tensors[index]
    let tensor = counting(shape)
    let there = layout.outward(tensor, name, axes: axes)
    #expect(layout.inward(there, name, axes: axes).doubles == tensor.doubles)
  }

  @Test("an axis of time stays first, means over inputs stay one")
  func rates() {
    let layout = PyTorchLayout(tensors)
    let timed = layout.outward(
      counting([7, 12, 5]), "001_dense/weight", axes: ["input", "output"])
    #expect(timed.shape == [7, 5, 12])
    let means = layout.outward(counting([1, 5]), "001_dense/weight", axes: ["input", "output"])
    #expect(means.shape == [5, 1])
    #expect(means.doubles == [0, 1, 2, 3, 4])
  }

  @Test("embeddings lie as here; normalizations and running statistics have PyTorch's names")
  func names() {
    let embedding = PyTorchLayout([("000_embedding/weight", ["input", "output"], [6, 2])])
    #expect(
      embedding.outward(counting([6, 2]), "000_embedding/weight", axes: ["input", "output"]).shape
        == [6, 2])
    #expect(PyTorchLayout.name("001_batch_norm/scale") == "001_batch_norm.weight")
    #expect(PyTorchLayout.name("001_batch_norm/offset") == "001_batch_norm.bias")
    #expect(PyTorchLayout.name("001_batch_norm/running_variance") == "001_batch_norm.running_var")
    #expect(PyTorchLayout.name("002_dense/weight") == "002_dense.weight")
  }
}
