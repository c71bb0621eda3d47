extension Plan {
  /// One line per kernel, loop bodies indented: what runs, in which order, over how many numbers.
  package var text: String { lines(indentation: "  ").joined(separator: "\n") }

  private func lines(indentation: String) -> [String] {
    kernels.flatMap { kernel -> [String] in
      let inside = indentation + "  "
      return [indentation + kernel.text + (kernel.isShared ? ", shared" : "")]
        + kernel.bodies.flatMap { name, body in
          (name.isEmpty ? [] : [indentation + name]) + body.lines(indentation: inside)
        }
    }
  }
}
