import TensorPrograms
import Testing

@Suite struct OpenBLASTests {
  @Test("kernels of SSE's time are not for a processor with more")
  func names() {
    for core in ["Prescott", "PRESCOTT", "Core2", "Nehalem", "Generic"] {
      #expect(!OpenBLAS.knows(core: core, level: "x86-64-v4"), "\(core)")
      #expect(!OpenBLAS.knows(core: core, level: "x86-64-v3"), "\(core)")
      #expect(OpenBLAS.knows(core: core, level: "x86-64"), "\(core)")
    }
    for core in ["Haswell", "SkylakeX", "Cooperlake", "SapphireRapids", "Zen", "Sandybridge"] {
      #expect(OpenBLAS.knows(core: core, level: "x86-64-v4"), "\(core)")
    }
  }

  @Test("provenance says who computes large products")
  func words() {
    #expect(
      Host.largeProducts.hasPrefix(OpenBLAS.isOfThisProcessor ? "OpenBLAS (" : "own kernel ("))
  }
}
