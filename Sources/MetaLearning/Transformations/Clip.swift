import Settings

/// Transformations that limit gradients by one number, below which nothing changes.
public protocol Clip: GradientTransformation {
  /// c, the limit.
  var limit: Double { get set }
}

extension Clip {
  /// The limit c, by the name `clip_limit`.
  public var number: ScalarLayout.Entry? { .init("clip_limit", limit, .positive) }
  /// It limits gradients.
  public var isClip: Bool { true }
  /// Below the limit nothing changes.
  public var keepsSmallGradients: Bool { true }
}

extension Setting where Root: Clip {
  /// c, which must be written.
  ///
  /// - Parameter meaning: what is limited.
  public static func limit(_ meaning: String) -> Setting {
    Setting("limit", \.limit, .number(.positive), meaning, mustBeWritten: true)
  }
}
