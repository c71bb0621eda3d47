import MetaLearning
import Settings

/// What in the file of a table a model sees and answers with.
public struct TableContents: Sendable, Equatable {
  /// The file of the targets, where that is another one.
  public var targetsFile: String?
  /// Datasets or columns that a model sees; nil for the dataset `inputs`, or all other columns.
  public var inputs: [String]?
  /// Datasets or columns that it answers with.
  public var targets: [String]
  /// The order of the axes of images with channels; nil where that is plain from their lengths.
  public var layout: ImageLayout?
  /// Whether axes are in reverse order, as in MATLAB's files; nil where the file is none.
  public var transpose: Bool?
  /// What becomes of inputs before a model sees them.
  public var scale: InputScale
  /// What becomes of values that are missing.
  public var missing: MissingValues

  /// The dataset `targets` for all that the file has besides, as it is, unless said otherwise.
  public init() { (targets, scale, missing) = (["targets"], .none, .refuse) }

  /// The settings of contents as those of a task that has them.
  static func schema<Task: Sendable>(
    _ property: WritableKeyPath<Task, TableContents> & Sendable
  ) -> Schema<Task> {
    Schema<TableContents>(
      "what in the file of a table a model sees and answers with",
      Setting(
        "targetsFile", \.targetsFile, .optional(.file("the path of a file")),
        "the file of the targets, where a file holds one array alone, as IDX files do"),
      Setting(
        "inputs", \.inputs, .word("auto", or: .list(of: .text, isUnique: true)),
        "the dataset of the inputs, or columns of a CSV file; auto for inputs, or all columns that "
          + "nothing else names"),
      Setting(
        "targets", \.targets, .list(of: .text, isUnique: true),
        "the dataset of the targets, or columns of a CSV file"),
      Setting(
        "layout", \.layout, .word("auto", or: .word("a layout")),
        "the axes of images with channels, height first or channels first; asked for where both are "
          + "possible"
      ),
      Setting(
        "transpose", \.transpose, .word("auto", or: .flag),
        "whether the file has all axes in reverse order, as MATLAB's do; asked for where it is "
          + "MATLAB's"
      ),
      Setting("scale", \.scale, .scale, "what becomes of inputs before a model sees them"),
      Setting(
        "missing", \.missing, .word("a treatment of missing values"),
        "refuse them with their place, or mask: inputs are their mean, targets do not count")
    ).lifted(property)
  }
}

/// The order of the axes of images with channels.
public enum ImageLayout: String, Sendable, CaseIterable {
  /// [rows, height, width, channels], as models here read them.
  case heightFirst = "NHWC"
  /// [rows, channels, height, width], as PyTorch has them.
  case channelsFirst = "NCHW"

  /// Whether the channels of images of a shape might be the first axis: the last one is not the
  /// shortest.
  static func isAmbiguous(_ shape: [Int]) -> Bool {
    shape.count == 4
      && !(shape[3] < min(shape[1], shape[2]) || shape[3] == 1 && shape[1] > 1)
  }

  /// The error of such images without a layout.
  static func error(_ shape: [Int]) -> ModelError {
    let (a, b, c) = (shape[1], shape[2], shape[3])
    return ModelError(
      found: "inputs of shape \(shape) without a layout",
      expected:
        "task.layout=NCHW for \(a) channels of \(b)×\(c) pixels, or NHWC for \(a)×\(b) pixels of "
        + "\(c) channels")
  }
}

/// What becomes of values that are missing.
public enum MissingValues: String, Sendable, CaseIterable {
  /// An error with the place of the first.
  case refuse
  /// Inputs become the mean of their column, targets do not count.
  case mask
}

/// What becomes of inputs before a model sees them.
public enum InputScale: Sendable, Equatable {
  /// Nothing.
  case none
  /// A division by a number.
  case divide(by: Double)
  /// Each column, or each channel of images, gets mean 0 and standard deviation 1 over the rows
  /// that are not for testing.
  case standardize
}

extension Form<InputScale> {
  /// `none`, `divide` with a number, or `standardize`.
  static var scale: Form {
    .choice(
      "a scale",
      [
        Alternative("none", .none, "inputs as they are"),
        Alternative(
          "divide", 255.0, "inputs divided by a number",
          Setting("by", \.self, .number(.positive), "the number: 255 brings pixels to 0…1"),
          value: { .divide(by: $0) },
          payload: { if case .divide(let number) = $0 { number } else { nil } }),
        Alternative(
          "standardize", .standardize,
          "mean 0 and deviation 1 of each column, or channel, over the rows that are not for "
            + "testing"
        ),
      ])
  }
}
