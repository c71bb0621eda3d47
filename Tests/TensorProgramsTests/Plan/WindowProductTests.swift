import TensorPrograms
import Testing

/// Convolutions run without the contents of their windows.
@Suite struct WindowProductTests {
  /// A convolution's squared sum, as a function of images and weights.
  private func loss(_ images: Tensor, _ weight: Tensor, _ windows: Windows) -> Tensor {
    let patches = images.patches(windows)
    let elements = patches.shape.extents.last!
    let flat = patches.reshaped(to: [patches.shape.count / elements, elements])
    return flat.product(weight).sin().sum()
  }

  @Test("values, gradients and second derivatives agree with the interpreter, without contents")
  func agreesWithTheInterpreter() {
    let windows = Windows(height: 3, width: 3, verticalPadding: 1, horizontalPadding: 1)
    var numbers = Numbers("window products")
    let (images, weight) = (numbers.tensor([5, 9, 11, 8]), numbers.tensor([72, 20]))
    let direction = numbers.tensor([72, 20])
    let program = trace([images.type, weight.type, weight.type]) { x in
      gradient(at: [x[0], x[1]]) { point in
        let slopes = gradient(at: point) { loss($0[0], $0[1], windows) }
        return (slopes[1] * x[2]).sum() + slopes[0].squared().sum()
      }
    }.program
    let inputs = [images, weight, direction]
    let compiled = CompiledProgram(program)
    let kinds = compiled.planText.split(separator: "\n").compactMap {
      $0.split(separator: " ").first
    }
    #expect(kinds.contains("windows"))
    #expect(!kinds.contains("patches"))
    for (found, expected) in zip(
      compiled(inputs), Interpreter.run(program, inputs.map(\.doubles)))
    {
      let scale = expected.map(abs).max()!
      #expect(zip(found.doubles, expected).allSatisfy { abs($0 - $1) <= 1e-12 * scale })
    }
  }

  @Test("tasks of a map, with weights of their own or shared, agree with one by one")
  func tasks() {
    let windows = Windows(height: 2, width: 3, stride: 2)
    var numbers = Numbers("window tasks")
    let (images, weights) = (numbers.tensor([3, 4, 7, 9, 5]), numbers.tensor([3, 30, 6]))
    for isShared in [false, true] {
      func slopes(_ images: Tensor, _ weight: Tensor) -> [Tensor] {
        gradient(at: [images, weight]) { loss($0[0], $0[1], windows) }
      }
      let all = compile([images.type, weights.type]) { x in
        vmap(over: isShared ? [x[0]] : x) { slopes($0[0], isShared ? x[1][0] : $0[1]) }
      }([images, weights])
      for task in 0..<3 {
        let one = slopes(images[task], weights[isShared ? 0 : task])
        for (together, alone) in zip(all, one) {
          let difference = (together[task] - alone).doubles.map(abs).max()!
          #expect(difference <= 1e-12)
        }
      }
    }
  }
}
