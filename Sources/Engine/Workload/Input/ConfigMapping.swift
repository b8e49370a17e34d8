/// A mapping whose keys are looked up by name.
public struct ConfigMapping: Sendable, Equatable {
  /// Where the mapping stands.
  public var place: InputPlace
  /// Its keys and values, in the order of the file.
  public var entries: [ConfigNode.Entry]

  /// A mapping from its entries.
  public init(place: InputPlace, entries: [ConfigNode.Entry]) {
    self.place = place
    self.entries = entries
  }

  /// The value of a key, or nil where it is absent or null.
  ///
  /// Complexity: O(keys).
  public subscript(key: String) -> ConfigNode? {
    guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
    return entry.value
  }

  /// The value of a key that must be there; `expected` completes "it must be ...".
  public func required(_ key: String, _ expected: String) throws(InputError) -> ConfigNode {
    guard let node = self[key] else { throw .missing(at: place, key: key, expected: expected) }
    return node
  }

  /// A whole number that must be there, or `fallback` where the caller has one.
  public func int(_ key: String, _ range: ClosedRange<Int>, or fallback: Int? = nil) throws(InputError) -> Int {
    if let node = self[key] { return try node.int(range) }
    if let fallback { return fallback }
    throw .missing(
      at: place, key: key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }

  /// A finite number that must be there, or `fallback` where the caller has one.
  public func double(_ key: String, _ range: ClosedRange<Double>, or fallback: Double? = nil) throws(InputError)
    -> Double
  {
    if let node = self[key] { return try node.double(range) }
    if let fallback { return fallback }
    let bounds = "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
    throw .missing(at: place, key: key, expected: "a number from \(bounds)")
  }

  /// A boolean, or `fallback` where it is absent.
  public func bool(_ key: String, or fallback: Bool) throws(InputError) -> Bool {
    guard let node = self[key] else { return fallback }
    return try node.bool()
  }

  /// A text that must be there, or `fallback` where the caller has one.
  public func string(_ key: String, or fallback: String? = nil) throws(InputError) -> String {
    if let node = self[key] { return try node.string() }
    if let fallback { return fallback }
    throw .missing(at: place, key: key, expected: "a text")
  }

  /// One of an enum's raw values, or `fallback` where it is absent.
  public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, or fallback: Choice) throws(InputError)
    -> Choice where Choice.RawValue == String
  {
    guard let node = self[key] else { return fallback }
    return try node.choice(Choice.self)
  }

  /// Checks `brume: 1`; a newer format is refused, a missing one is an error too.
  public func checkFormat() throws(InputError) {
    let node = try required("brume", "the format version, 1")
    let version = try node.int(1...1_000_000)
    guard version <= ConfigNode.formatVersion else {
      throw .unsupported(
        at: node.place, what: "this file has format \(version), this program reads up to \(ConfigNode.formatVersion)",
        remedy: "use a newer brume, or save the file again with this one")
    }
  }
}
