import Configurations
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

@Suite("Dividing tables")
struct TableSplitTests {
  private func refusal(
    rows: Int, validation: Double, test: Double, isReported: Bool = true
  ) throws -> String? {
    let folder = try TestFolder()
    var tree = HDF5Tree()
    tree["/inputs"] = HDF5Dataset([Double](repeating: 1, count: 3 * rows), shape: [rows, 3])
    tree["/targets"] = HDF5Dataset((0..<rows).map { Int64($0 % 2) })
    try HDF5Image.encode(tree).write(to: "\(folder.path)/table.h5")
    do {
      _ = try shortConfiguration(
        task:
          "{ kind: table, file: \(folder.path)/table.h5, validation: \(validation), test: \(test) }"
      ).makeTask(isReported: isReported)
      return nil
    } catch let error as DataError {
      #expect(!error.isInputOutput)
      return "\(error)".replacing("\(folder.path)/", with: "")
    }
  }

  @Test("splits that leave nothing to train, evaluate or report on are refused with the numbers")
  func refusals() throws {
    #expect(
      try refusal(rows: 10, validation: 0.04, test: 0.95)
        == "cannot use table.h5: found 10 rows, of which task.test 0.95 takes 10 and leaves 0, "
        + "expected at least 2 rows beside the test rows, one to train on and one to be evaluated on; "
        + "lower task.test to 0.8 or less")
    #expect(
      try refusal(rows: 10, validation: 0.04, test: 0.9)?.contains("takes 9 and leaves 1") == true)
    #expect(
      try refusal(rows: 10, validation: 0.75, test: 0.24)
        == "cannot use table.h5: found 10 rows, of which task.test 0.24 takes 2 and task.validation "
        + "0.75 the other 8, expected at least 1 row to train on; lower task.validation to 0.7 or less"
    )
    #expect(
      try refusal(rows: 10, validation: 0.25, test: 0)
        == "cannot use table.h5: found no test rows to report on: task.test 0.0 of 10 rows, expected "
        + "at least 1; write task.test=0.25")
    #expect(try refusal(rows: 10, validation: 0.25, test: 0.04)?.contains("no test rows") == true)
  }

  @Test("what is not reported on needs no test rows")
  func accepted() throws {
    #expect(try refusal(rows: 10, validation: 0.25, test: 0, isReported: false) == nil)
    #expect(try refusal(rows: 10, validation: 0.25, test: 0.25) == nil)
    #expect(try refusal(rows: 4, validation: 0.25, test: 0.25) == nil)
    #expect(try refusal(rows: 4, validation: 0.1, test: 0.5) == nil)
  }
}
