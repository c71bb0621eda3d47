import Experiments
import Settings
import TestSupport
import Testing

@Suite("Analysis of learned rates")
struct RateAnalysisTests {
  /// The analysis of a short run whose learning moves nothing that is seen.
  private func analysis(_ overrides: [String]) throws -> String {
    let folder = try TestFolder()
    let configuration = try shortConfiguration(
      overrides: [
        "model.hidden=[6, 5]", "inner.steps=4", "inner.batch=8", "outer.steps=2", "outer.tasks=2",
        "outer.optimizer.rate=1e-9", "outer.validation.tasks=2", "testRuns=2",
        "checkpoint.every=1",
      ] + overrides)
    let run = RunFolder("\(folder.path)/run")
    var silence = Silence()
    _ = try TrainingRun(
      beginning: configuration, in: run, interruption: Interruption(maximumSeconds: nil),
      command: ["test"], laboratory: .standard)(&silence)
    let files = try NamedCheckpoints.best(of: run.path)
    #expect(files == ["\(run.path)/checkpoints/best.h5"])
    return try RateAnalysis(ofFile: files[0], in: .standard).text
  }

  @Test("a layer factor is found as it was made, in the reading in which it was made")
  func layerFactor() throws {
    let text = try analysis([
      "rates.initial={kind: layerFactor, base: 0.2, factor: 0.5, index: tensor}"
    ])
    #expect(text.contains("0.2000 · 0.5000^tensor, R² 1.000"), "\(text)")
    #expect(text.contains("layerFactor by tensor                   2    100.0 %"), "\(text)")
    #expect(text.contains("what only single parameters have               0.0 %"))
    #expect(!text.contains("^layer, R² 1.000"))
  }

  @Test("equal rates have nothing to explain, and reasons for not having moved")
  func equal() throws {
    let text = try analysis([])
    #expect(text.contains("All rates are equal: there is nothing to explain."), "\(text)")
    // Pixels at the edge are 0 in all images.
    #expect(text.contains("its input is 0 in all examples"))
    #expect(text.contains("the Hessian's diagonal is exact"))
  }

  @Test("rates below 0 are counted, and their logarithms are not")
  func negative() throws {
    let text = try analysis([
      "rates.parameterization=direct", "rates.initial.rate=-0.01", "inner.optimizer=sgd",
    ])
    #expect(text.contains("485 of 485 rates are not above 0 and have none"), "\(text)")
    #expect(!text.contains("equal"))
  }

  @Test("folders without a checkpoint and files of another kind are refused")
  func refused() throws {
    let folder = try TestFolder()
    #expect(throws: RunError.noCheckpoint(path: folder.path)) {
      try NamedCheckpoints.best(of: folder.path)
    }
    let file = "\(folder.path)/a.h5"
    try Array("no HDF5".utf8).write(to: file)
    #expect(throws: (any Error).self) { try RateAnalysis(ofFile: file, in: .standard) }
  }
}
