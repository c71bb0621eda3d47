extension Plan {
  /// One line a kernel, loop bodies indented: what runs, in which order, over how many numbers.
  package var text: String { lines(indentation: "  ").joined(separator: "\n") }

  private func lines(indentation: String) -> [String] {
    kernels.flatMap { kernel -> [String] in
      let inside = indentation + "  "
      return [indentation + kernel.text + (kernel.isShared ? ", shared" : "")]
        + kernel.bodies.enumerated().flatMap { position, body in
          (position == 0 ? [] : [indentation + "pullback"]) + body.lines(indentation: inside)
        }
    }
  }
}
