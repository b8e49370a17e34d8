/// How a hardware figure came to be known, from the surest to the least sure.
public enum Provenance: String, Sendable, Equatable, CaseIterable {
  /// Measured on such hardware; the source says by whom.
  case measured
  /// Stated by the vendor.
  case vendor
  /// Computed from vendor figures by a rule of docs/model.md.
  case derived
  /// Nobody told; the usual value of such machines.
  case assumed
}

/// A number with its origin: no hardware figure goes without one.
public struct Figure: Sendable, Equatable {
  /// The value, in the unit that the property holding it names.
  public var value: Double
  /// How it came to be known.
  public var provenance: Provenance
  /// Where it stands: a document, a table, a rule.
  public var source: String

  /// A figure with its origin.
  public init(_ value: Double, _ provenance: Provenance, source: String) {
    self.value = value
    self.provenance = provenance
    self.source = source
  }
}
