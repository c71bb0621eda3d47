import ArrayFiles
import Configurations
import Files
import Foundation
import TensorPrograms

/// Exported rates and weights as files.
package struct ExportFiles {
  /// What leaves.
  package struct Parts: Sendable {
    /// Learned rates.
    package var rates: Bool
    /// Weights, and what normalizations keep.
    package var weights: Bool

    /// Both, unless said otherwise.
    package init(rates: Bool = true, weights: Bool = true) {
      (self.rates, self.weights) = (rates, weights)
    }
  }

  private let export: CheckpointExport
  private let parts: Parts
  private let layout: PyTorchLayout

  /// Files of an export.
  package init(_ export: CheckpointExport, _ parts: Parts) {
    (self.export, self.parts) = (export, parts)
    layout = PyTorchLayout(export.items.map { ($0.name, $0.axes, $0.shape) })
  }

  /// Writes them.
  ///
  /// - Parameters:
  ///   - format: what others read them with.
  ///   - output: a file, or a folder of formats that come with an optimizer; neither may be there.
  /// - Returns: the files.
  /// - Throws: where something is there, or the format's optimizer cannot do what the run's did.
  package func write(as format: ExportFormat, to output: String) throws -> [String] {
    if format.hasOptimizer, parts.rates,
      let obstacle = OptimizerDescription.obstacle(export.configuration)
    {
      throw DataError.unsuitable(
        path: export.path, found: obstacle,
        expected: "what the optimizers of the format \(format.rawValue) can do; --format "
          + "safetensors takes the arrays alone")
    }
    try RunFolder.requireNew(output)
    switch format {
    case .safetensors: return [try write(try Safetensors.encode(all), to: output)]
    case .npz:
      return [
        try write(
          try NPZ.encode(
            all.tensors, texts: ["metadata.json": all.metadata["metarate"] ?? ""]), to: output)
      ]
    case .pytorch:
      return try writeFolder(
        output, module: "metarate_torch", parts: ["for_torch", "formulas", "for_torch_rest"],
        rates: foreign(rates: "rates.", weights: nil), weights: foreign(rates: nil, weights: ""))
    case .optax:
      return try writeFolder(
        output, module: "metarate_optax", parts: ["for_optax", "formulas", "for_optax_rest"],
        rates: own(rates: "rates/", weights: nil), weights: own(rates: nil, weights: ""))
    }
  }

  /// What was written, and how others begin with it.
  package func text(of written: [String], _ format: ExportFormat) -> String {
    let numbers = export.items.reduce(0) { $0 + $1.shape.reduce(1, *) }
    var lines = [
      "from         \(export.path): \(export.stateText)",
      "tensors      \(export.items.count) of \(numbers) parameters",
    ]
    if parts.rates {
      lines.append(
        "rates        \(export.granularity.text)"
          + (export.changesOverTime ? ", at each of \(export.schedule.count) steps" : ""))
    }
    if parts.rates, export.configuration.inner.online != nil {
      lines.append("             rates that the inner steps adapt; these are what they begin with")
    }
    if parts.weights { lines.append("weights      \(export.weightsText)") }
    if format == .pytorch, let note = layout.note { lines.append("layout       \(note)") }
    lines += written.map { "written      \($0)" }
    switch format {
    case .pytorch where parts.rates:
      lines.append(
        "use          from metarate_torch import LearnedRates; "
          + "LearnedRates(model.named_parameters(), \"rates.safetensors\")")
    case .optax where parts.rates:
      lines.append(
        "use          from metarate_optax import learned_rates; learned_rates(\"rates.safetensors\")"
      )
    case .pytorch, .optax:
      lines.append(
        "use          from metarate_\(format == .pytorch ? "torch" : "optax") import load_weights")
    case .safetensors, .npz: break
    }
    return lines.joined(separator: "\n")
  }

  /// Everything in one file.
  private var all: SafetensorsFile {
    get throws {
      try own(
        rates: parts.rates ? "rates/" : nil, weights: parts.weights ? "weights/" : nil)
    }
  }

  /// Arrays as they are here.
  private func own(rates: String?, weights: String?) throws -> SafetensorsFile {
    try file(
      layout: "metarate", rates: rates, weights: weights, name: { $0 }, axes: \.axes,
      tensor: { tensor, _ in tensor })
  }

  /// Arrays as PyTorch has them.
  private func foreign(rates: String?, weights: String?) throws -> SafetensorsFile {
    try file(
      layout: "pytorch", rates: rates, weights: weights, name: PyTorchLayout.name,
      axes: { item in PyTorchLayout.order(item.name, item.axes).map { item.axes[$0] } },
      tensor: { layout.outward($0, $1.name, axes: $1.axes) })
  }

  /// A file's arrays.
  ///
  /// - Parameters:
  ///   - layout: what it is called how tensors lie.
  ///   - rates: what names of rates begin with; nil leaves them out.
  ///   - weights: what names of weights begin with; nil leaves them out.
  ///   - name: what a tensor is called.
  ///   - axes: what its axes run over.
  ///   - tensor: how a tensor lies.
  private func file(
    layout: String, rates: String?, weights: String?, name: (String) -> String,
    axes: (CheckpointExport.Item) -> [String],
    tensor: (Tensor, CheckpointExport.Item) -> Tensor
  ) throws -> SafetensorsFile {
    var tensors: [String: NumberArray] = [:]
    for item in export.items {
      if let rates {
        // Of one rate for all there are no axes to lay out.
        let isSingle = item.rates.rank < item.axes.count
        tensors[rates + name(item.name)] = NumberArray(
          isSingle ? item.rates : tensor(item.rates, item))
      }
      if let weights {
        tensors[weights + name(item.name)] = NumberArray(tensor(item.weights, item))
      }
    }
    if let weights {
      // Apart from weights where both are in one file.
      let prefix = weights.isEmpty ? "" : "state/"
      for (path, tensor) in export.state { tensors[prefix + name(path)] = NumberArray(tensor) }
    }
    if rates != nil { tensors["schedule"] = NumberArray(export.schedule) }
    return SafetensorsFile(
      tensors: tensors,
      metadata: [
        "format": layout == "pytorch" ? "pt" : "np",
        "metarate": try export.metadata(layout: layout, name: name, axes: axes),
      ])
  }

  /// Writes a folder that appears whole or not at all.
  private func writeFolder(
    _ folder: String, module: String, parts programs: [String],
    rates: @autoclosure () throws -> SafetensorsFile,
    weights: @autoclosure () throws -> SafetensorsFile
  ) throws -> [String] {
    var files: [(name: String, bytes: [UInt8])] = []
    if parts.rates { files.append(("rates.safetensors", try Safetensors.encode(try rates()))) }
    if parts.weights {
      files.append(("weights.safetensors", try Safetensors.encode(try weights())))
    }
    let source = programs.map(EmbeddedData.pythonProgram).joined()
    files.append(("\(module).py", Array(source.utf8)))
    let temporary = "\(folder).\(getpid())\(Self.suffix)"
    try RunFolder.make(temporary)
    do {
      for file in files { _ = try write(file.bytes, to: "\(temporary)/\(file.name)") }
      guard rename(temporary, folder) == 0 else {
        throw FileError("rename \(temporary) to", folder, code: errno)
      }
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
    return files.map { "\(folder)/\($0.name)" }
  }

  /// How the names of folders end that are not whole yet.
  private static let suffix = ".metarate-tmp"

  private func write(_ bytes: [UInt8], to path: String) throws -> String {
    try AtomicFile.write(bytes, to: path)
    return path
  }
}
