import ArrayFiles
import Configurations
import Files
import Foundation
import MetaLearning
import TensorPrograms

/// The weights of somebody else's file as the tensors of a model.
struct ForeignWeights {
  private let source: WeightsFile
  private let parameters: ParameterLayout
  /// In the model's order; nil where the file has none.
  private let found: [Tensor?]
  /// What has another shape there, in words.
  private let otherShapes: [String]
  /// Names in the file that no tensor of the model is called.
  private let unused: [String]
  private let layout: WeightsFile.Layout

  /// Reads a file.
  ///
  /// - Throws: `DataError` for one that cannot be read or is another model's: what is missing or has
  ///   another shape, and a layout that cannot be seen from shapes.
  init(_ source: WeightsFile, for parameters: ParameterLayout) throws {
    let file = try ForeignArrays(source.file)
    let names = try Self.names(of: file, source, parameters)
    let arrays = names.map { $0.flatMap { file.arrays[$0] } }
    let axes = parameters.axes.map { $0.map(\.name) }
    let model = zip(parameters.paths, zip(axes, parameters.shapes)).map {
      (name: "\($0)", axes: $1.0, shape: $1.1.extents)
    }
    let layout = try source.layout ?? file.layout ?? Self.layout(of: arrays, as: model, source.file)
    let foreign = PyTorchLayout(model)
    var (tensors, others) = ([Tensor?](), [String]())
    for (index, tensor) in model.enumerated() {
      guard let array = arrays[index], let name = names[index] else {
        tensors.append(nil)
        continue
      }
      let order = layout == .pytorch ? PyTorchLayout.order(tensor.name, tensor.axes) : nil
      let expected = order.map { $0.map { tensor.shape[$0] } } ?? tensor.shape
      guard array.shape == expected else {
        if source.missing == .fresh {
          others.append(
            "\(name) of shape \(array.shape) for \(tensor.name) of shape \(tensor.shape)")
          tensors.append(nil)
          continue
        }
        throw DataError.unsuitable(
          path: source.file, found: "\(name) of shape \(array.shape)",
          expected: "\(expected) for \(tensor.name)"
            + (order == nil ? "" : ", in the layout of PyTorch")
            + "; missing: fresh draws what has another shape")
      }
      let numbers = array.convertedToDouble()
      if let bad = numbers.first(where: { !$0.isFinite }) {
        throw DataError.unsuitable(
          path: source.file, found: "\(bad) in \(name)", expected: "finite numbers")
      }
      let type = TensorType(Shape(array.shape), parameters.types[index].scalar)
      let own = Tensor(numbers, type)
      tensors.append(
        layout == .pytorch ? foreign.inward(own, tensor.name, axes: tensor.axes) : own)
    }
    let taken = Set(names.compactMap { $0 })
    (self.source, self.parameters, self.layout) = (source, parameters, layout)
    guard tensors.contains(where: { $0 != nil }) else {
      throw DataError.unsuitable(
        path: source.file, found: others.joined(separator: ", "),
        expected: "some tensors of the model's shapes")
    }
    (found, otherShapes) = (tensors, others)
    unused = file.arrays.keys.filter { !taken.contains($0) && file.isOfWeights($0) }.sorted()
  }

  /// All tensors of the model.
  ///
  /// - Parameter fresh: draws what the file does not have.
  func tensors(fresh: () -> [Tensor]) -> [Tensor] {
    let known = found.compactMap { $0 }
    return known.count == found.count ? known : zip(found, fresh()).map { $0 ?? $1 }
  }

  /// What was taken, what was drawn and what was left, in words.
  var notes: [String] {
    let missing = zip(parameters.paths, found).filter { $1 == nil }.map { "\($0.0)" }
    var notes = [
      "initial weights start from \(source.file), \(found.count - missing.count) of "
        + "\(found.count) tensors"
        + (layout == .pytorch ? ", taken from PyTorch's layout" : "")
    ]
    if !missing.isEmpty {
      notes.append(
        "drawn afresh, once for all runs, as \(source.file) has none of their shape: "
          + missing.joined(separator: ", "))
    }
    if !otherShapes.isEmpty {
      notes.append("\(source.file) has \(otherShapes.joined(separator: ", "))")
    }
    if !unused.isEmpty {
      notes.append(
        "\(source.file) has tensors that are not used: \(unused.joined(separator: ", "))")
    }
    return notes
  }

  /// What each of the model's tensors is called in the file; nil where it is not there.
  private static func names(
    of file: ForeignArrays, _ source: WeightsFile, _ parameters: ParameterLayout
  ) throws -> [String?] {
    var byPath: [String: [String]] = [:]
    for name in file.arrays.keys.sorted() where file.isOfWeights(name) {
      byPath[file.path(of: name, source.rename), default: []].append(name)
    }
    if let rename = source.rename.first(where: { !file.hasName(beginningWith: $0.from) }) {
      let all = file.arrays.keys.filter(file.isOfWeights).sorted()
      throw DataError.unsuitable(
        path: source.file,
        found: "nothing called \(rename.from), which rename says is \(rename.to)",
        expected: "names that are there: \(all.shortened)")
    }
    let names = try parameters.paths.map { path -> String? in
      let others = PyTorchLayout.name("\(path)").replacingOccurrences(of: ".", with: "/")
      let found = Set(["\(path)", others]).flatMap { byPath[$0] ?? [] }
      guard found.count <= 1 else {
        throw DataError.unsuitable(
          path: source.file, found: "\(found.sorted().joined(separator: " and ")) for \(path)",
          expected: "one of them: let rename say which")
      }
      return found.first
    }
    let missing = zip(parameters.paths, names).filter { $1 == nil }.map { "\($0.0)" }
    guard missing.isEmpty || (source.missing == .fresh && missing.count < names.count) else {
      let all = file.arrays.keys.filter(file.isOfWeights).sorted()
      throw DataError.unsuitable(
        path: source.file,
        found: "no tensors for \(missing.joined(separator: ", ")) among \(all.shortened)",
        expected:
          "them by these names, or outer.initialWeights.rename to say what they are called, "
          + "such as [{ from: \(all.first?.partBefore ?? "fc1"), to: "
          + "\(missing[0].partBefore) }]"
          + (missing.count < names.count ? "; missing: fresh draws what is not there" : ""))
    }
    return names
  }

  /// The layout that shapes show.
  private static func layout(
    of arrays: [NumberArray?], as model: [(name: String, axes: [String], shape: [Int])],
    _ path: String
  ) throws -> WeightsFile.Layout {
    var (own, other, open) = ([String](), [String](), [String]())
    for (array, tensor) in zip(arrays, model) {
      let order = PyTorchLayout.order(tensor.name, tensor.axes)
      guard let array, order != Array(order.indices) else { continue }
      let there = order.map { tensor.shape[$0] }
      if there == tensor.shape {
        open.append(tensor.name)
      } else if array.shape == there {
        other.append(tensor.name)
      } else if array.shape == tensor.shape {
        own.append(tensor.name)
      }
    }
    switch (own.first, other.first, open.first) {
    case (let own?, let other?, _):
      throw DataError.unsuitable(
        path: path, found: "\(other) as PyTorch has it and \(own) otherwise",
        expected: "one layout; write outer.initialWeights.layout")
    case (_?, nil, _): return .metarate
    case (nil, _?, _): return .pytorch
    case (nil, nil, let open?):
      throw DataError.unsuitable(
        path: path, found: "matrices such as \(open) whose shapes are the same in both layouts",
        expected:
          "outer.initialWeights.layout to say metarate (inputs first) or pytorch (outputs first)")
    case (nil, nil, nil): return .metarate
    }
  }
}

extension [String] {
  /// The first few.
  fileprivate var shortened: String {
    count <= 12
      ? joined(separator: ", ") : prefix(12).joined(separator: ", ") + " and \(count - 12) more"
  }
}

extension String {
  /// A name without its last part.
  fileprivate var partBefore: String {
    guard let end = lastIndex(where: { $0 == "." || $0 == "/" }) else { return self }
    return String(self[..<end])
  }
}
