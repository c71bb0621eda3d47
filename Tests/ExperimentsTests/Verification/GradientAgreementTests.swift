import Experiments
import Testing

@Suite("Agreement of gradients over batches")
struct GradientAgreementTests {
  /// References (3, 4) and (0, 0) with estimates that are 1 off in each number, up then down.
  @Test("numbers that can be worked out by hand")
  func byHand() {
    let agreement = GradientAgreement([[4, 5], [-1, -1]], [[3, 4], [0, 0]])
    #expect(agreement.count == 2)
    #expect(abs(agreement.norm - 12.5.squareRoot()) < 1e-15)
    #expect(abs(agreement.error - (2 / 12.5).squareRoot()) < 1e-15)
    // The gaps (1, 1) and (−1, −1) cancel; each number's variance is 2, over two batches.
    #expect(agreement.bias == 0)
    #expect(abs(agreement.biasError - (4 / 2 / 12.5).squareRoot()) < 1e-15)
    #expect(abs(agreement.variance - (12.5 + 18) / 12.5) < 1e-15)
    #expect(abs(agreement.referenceVariance - (4.5 + 8) / 12.5) < 1e-15)
    // A zero reference has no direction: its cosine counts as 0.
    #expect(abs(agreement.cosine - 0.5 * 32 / (5 * 41.0.squareRoot())) < 1e-15)
  }

  @Test("a constant gap is all bias")
  func bias() {
    let references = [[1.0, 0], [0, 1], [-1, 2]]
    let agreement = GradientAgreement(references.map { [$0[0] + 0.5, $0[1]] }, references)
    #expect(abs(agreement.bias - agreement.error) < 1e-15)
    #expect(agreement.biasError < 1e-15)
    #expect(abs(agreement.variance - agreement.referenceVariance) < 1e-15)
  }

  @Test("one batch has no variance to tell")
  func oneBatch() {
    let agreement = GradientAgreement([[1, 2]], [[1, 2]])
    #expect(agreement.error == 0 && abs(agreement.cosine - 1) < 1e-15)
    #expect(agreement.variance.isNaN && agreement.biasError.isNaN)
  }
}
