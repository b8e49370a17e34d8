/// Why there is no certificate.
public enum CertifierError: Error, Sendable, Equatable {
  /// No choice of layers and points exists, by GLPK or because a stage has no point at all.
  case infeasible
  /// The time ran out with no choice found and none given; the bound holds, seconds.
  case undecided(bound: Double)
  /// The problem or the given solution cannot be put to GLPK; the text says what is wrong with it.
  case invalid(String)
  /// Cancelled before the end.
  case cancelled
}

extension CertifierError: CustomStringConvertible {
  /// What happened, for people.
  public var description: String {
    switch self {
    case .infeasible: "no split of the layers fits: there is nothing to certify"
    case .undecided(let bound): "GLPK found no plan within its time; none is faster than \(bound) s"
    case .invalid(let reason): "GLPK cannot be asked: \(reason)"
    case .cancelled: "the certificate was cancelled"
    }
  }
}
