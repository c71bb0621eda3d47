import Settings
import TensorPrograms

/// Numbers dropped at random while training, each step anew, and the rest scaled up to keep the
/// mean: x·[u ≥ p]/(1 − p) with u uniform; nothing is dropped where the model is evaluated.
///
/// Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to
/// prevent neural networks from overfitting" (2014), in its inverted form.
public struct DropoutLayer: WeightlessLayer {
  /// p, from 0, below 1.
  public var rate: Double

  /// The word for it.
  public static let word = "dropout"
  /// What it is, and its rate.
  public static let schema = Schema<Self>(
    "numbers dropped at random while training, each step anew",
    Setting("rate", \.rate, .number(.belowOne), "the fraction that is dropped"))

  /// A tenth, unless said otherwise.
  public init(rate: Double = 0.1) { self.rate = rate }

  /// A number for each input.
  public func drawShapes(for input: Shape, batch: Int) -> [Shape] { [input.prepending(batch)] }

  /// The same, each of which is dropped by itself.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// x·[u ≥ p]/(1 − p) while training, else x.
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    guard pass.isTraining else { return inputs }
    let limit = Tensor(repeating: rate, TensorType(.scalar, inputs.scalarType))
    return inputs * (limit .<= pass.draw()) * (1 / (1 - rate))
  }
}
