import Foundation
import TensorPrograms

/// What a control does to learned rates.
public enum RateControl: String, Sendable, CaseIterable {
  /// Shuffles them within each tensor: the same rates in other places.
  case shuffled
  /// Their mean over each tensor.
  case tensorMeans
  /// Their mean over each layer.
  case layerMeans
  /// Their mean over the inputs of each output unit.
  case outputUnitMeans
  /// Their mean over each orbit of parameters that no run with fresh weights tells apart.
  case orbitMeans
  /// Draws them anew for each tensor, log-normal with the mean and the variance that the learned
  /// ones have; normal where some are not above 0.
  case logNormal
}

extension RateControl {
  /// What tables call it.
  var name: String {
    switch self {
    case .shuffled: "shuffled"
    case .tensorMeans: "tensor means"
    case .layerMeans: "layer means"
    case .outputUnitMeans: "output-unit means"
    case .orbitMeans: "orbit means"
    case .logNormal: "log-normal"
    }
  }

  /// What is done, in words.
  var text: String {
    switch self {
    case .shuffled: "shuffled within tensors"
    case .tensorMeans: "replaced by tensors' means"
    case .layerMeans: "replaced by layers' means"
    case .outputUnitMeans: "replaced by output units' means"
    case .orbitMeans: "replaced by the means of fresh weights' orbits"
    case .logNormal: "drawn anew, log-normal with the same moments"
    }
  }

  /// Does it to rates.
  ///
  /// - Parameters:
  ///   - tensors: the rates of each tensor, [tensor, row of time, parameter].
  ///   - widths: the output units of each tensor, along its last axis.
  ///   - orbits: the orbit of each parameter in its tensor, counted from 0.
  ///   - layers: numbers that tensors of one layer share.
  package func applied(
    to tensors: [[[Double]]], widths: [Int], orbits: [[Int]], layers: [Int],
    _ stream: inout RandomStream
  ) -> [[[Double]]] {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    switch self {
    case .shuffled:
      return tensors.map { rows in
        let order = Array((rows.first ?? []).indices).shuffled(using: &stream)
        return rows.map { row in order.map { row[$0] } }
      }
    case .tensorMeans:
      return tensors.map { rows in
        rows.map { [Double](repeating: mean($0), count: $0.count) }
      }
    case .layerMeans:
      return tensors.indices.map { tensor in
        tensors[tensor].indices.map { row in
          let members = tensors.indices.filter { layers[$0] == layers[tensor] }
          let layer = members.flatMap { tensors[$0][row] }
          return [Double](repeating: mean(layer), count: tensors[tensor][row].count)
        }
      }
    case .outputUnitMeans:
      return zip(tensors, widths).map { rows, width in
        rows.map { row in
          let means = (0..<width).map { unit in
            mean(stride(from: unit, to: row.count, by: width).map { row[$0] })
          }
          return row.indices.map { means[$0 % width] }
        }
      }
    case .orbitMeans:
      return zip(tensors, orbits).map { rows, orbits in
        rows.map { row in
          var members = [[Double]](repeating: [], count: (orbits.max() ?? -1) + 1)
          for (orbit, rate) in zip(orbits, row) { members[orbit].append(rate) }
          let means = members.map(mean)
          return orbits.map { means[$0] }
        }
      }
    case .logNormal:
      return tensors.map { rows in
        let draws = (rows.first ?? []).map { _ in stream.normal() }
        return rows.map { row in
          let mean = mean(row)
          let variance =
            row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(max(1, row.count))
          guard row.allSatisfy({ $0 > 0 }) else {
            return draws.map { mean + variance.squareRoot() * $0 }
          }
          let spread = log(1 + variance / (mean * mean))
          return draws.map { exp(log(mean) - spread / 2 + spread.squareRoot() * $0) }
        }
      }
    }
  }
}
