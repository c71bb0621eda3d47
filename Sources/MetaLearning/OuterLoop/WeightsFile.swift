import Settings

/// Initial weights in somebody else's file, and how its tensors are those of a model.
public struct WeightsFile: Sendable, Equatable {
  /// How a file's tensors lie.
  public enum Layout: String, Sendable, CaseIterable {
    /// As they are here: inputs before outputs, a kernel's window first.
    case metarate
    /// As PyTorch has them: outputs first.
    case pytorch
  }

  /// What becomes of tensors that the file does not have.
  public enum Missing: String, Sendable, CaseIterable {
    /// They are an error.
    case refuse
    /// They are drawn, once for all runs.
    case fresh
  }

  /// What a part of a model is called in the file.
  public struct Rename: Sendable, Equatable {
    /// Its name there, or what names of its tensors begin with: `fc1`.
    public var from: String
    /// Its path here, or what paths begin with: `000_dense`.
    public var to: String

    /// A name there and here.
    public init(from: String, to: String) { (self.from, self.to) = (from, to) }
  }

  /// The file's path.
  public var file: String
  /// Names of parts that are called otherwise there.
  public var rename: [Rename]
  /// How tensors lie; nil to see it from their shapes.
  public var layout: Layout?
  /// What becomes of tensors that are not there.
  public var missing: Missing

  /// A file whose tensors are called as the model's, unless said otherwise.
  public init(
    file: String, rename: [Rename] = [], layout: Layout? = nil, missing: Missing = .refuse
  ) {
    (self.file, self.rename, self.layout, self.missing) = (file, rename, layout, missing)
  }
}

extension WeightsFile.Rename: Configurable {
  /// Both names.
  public static let schema = Schema<Self>(
    "what a part of the model is called in the file",
    Setting(
      "from", \.from,
      .text("a name of 1 to 1000 characters", where: { (1...1000).contains($0.count) }),
      "a tensor's name in the file, or what names begin with", mustBeWritten: true,
      expecting: "a name in the file, such as fc1"),
    Setting(
      "to", \.to, .text("a path of 1 to 1000 characters", where: { (1...1000).contains($0.count) }),
      "its path in the model, as run --dry-run prints them, or what paths begin with",
      mustBeWritten: true, expecting: "a path in the model, such as 000_dense"))
}

extension WeightsFile {
  /// File, names, layout, what is missing.
  package static let settings: [Setting<WeightsFile>] = [
    Setting(
      "file", \.file, .file("a file's path"), "the path of a file of safetensors or .npz",
      mustBeWritten: true),
    Setting(
      "rename", \.rename, .list(of: .section(Rename(from: "fc1", to: "000_dense"))),
      "what parts of the model are called in the file, where that is something else"),
    Setting(
      "layout", \.layout, .word("auto", or: .word("a layout")),
      "how tensors lie; auto: as their shapes say, asked for where they do not"),
    Setting(
      "missing", \.missing, .word("what to do"),
      "what becomes of tensors that the file does not have"),
  ]
}
