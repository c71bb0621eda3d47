/// What a comparison says of a hypergradient.
package enum AgreementVerdict: String, Sendable {
  /// The two sides are equal as far as their rounding allows, or one is but an estimate.
  case agree
  /// They are not.
  case differ
  /// The reference is too uncertain to say either.
  case cannotTell = "cannot tell"
}
