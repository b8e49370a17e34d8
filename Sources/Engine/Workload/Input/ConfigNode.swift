/// A piece of a YAML (or JSON) input that knows where it stands.
///
/// Reads like `try root.mapping(["brume", "run"]).required("run", "a mapping")`; every accessor throws an `InputError`
/// that names file, line and field. It does not offer anchors, aliases or tags: such input is refused when parsed.
public struct ConfigNode: Sendable, Equatable {
  /// What a node holds.
  public enum Content: Sendable, Equatable {
    /// A scalar's text, and whether it was quoted (then it is a string whatever it looks like).
    case scalar(String, quoted: Bool)
    /// A list.
    case sequence([ConfigNode])
    /// Keys with their places and values, in the order of the file; keys are unique.
    case mapping([Entry])
  }

  /// One key of a mapping with its value.
  public struct Entry: Sendable, Equatable {
    /// The key.
    public var key: String
    /// Line of the key, from 1, where known.
    public var line: Int?
    /// The value.
    public var value: ConfigNode

    /// A key with its value.
    public init(key: String, line: Int?, value: ConfigNode) {
      self.key = key
      self.line = line
      self.value = value
    }
  }

  /// Where it stands.
  public var place: InputPlace
  /// What it holds.
  public var content: Content

  /// A node.
  public init(place: InputPlace, content: Content) {
    self.place = place
    self.content = content
  }

  /// True for an empty value, `null` and `~`: read as if the key were not there.
  public var isNull: Bool {
    guard case .scalar(let text, quoted: false) = content else { return false }
    return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
  }

  /// True for a scalar that is not null: a name, a path, a number.
  public var isScalar: Bool {
    if case .scalar = content { return !isNull }
    return false
  }

  /// A short form of the content for messages: the text, or the kind.
  public var found: String {
    switch content {
    case .scalar(let text, let quoted):
      if isNull { return "nothing" }
      let shown = PlainText.line(text, most: 60)
      return quoted ? "\"\(shown)\"" : "'\(shown)'"
    case .sequence(let items): return "a list of \(items.count)"
    case .mapping(let entries): return "a mapping of \(entries.count) keys"
    }
  }

  /// An error about this value.
  public func wrong(_ expected: String) -> InputError {
    .value(at: place, found: found, expected: expected)
  }

  /// A string of 1 to `maximum` characters, on one line.
  public func string(_ expected: String = "a text", maximum: Int = 1_000) throws(InputError) -> String {
    guard case .scalar(let text, _) = content, !isNull, !text.isEmpty else { throw wrong(expected) }
    guard text.unicodeScalars.count <= maximum else { throw wrong("\(expected) of at most \(maximum) characters") }
    guard !text.unicodeScalars.contains(where: PlainText.isForbidden) else {
      throw wrong("\(expected) on one line, without characters that control the terminal or the direction of text")
    }
    return text
  }

  /// `true` or `false` (also `yes` and `no`).
  public func bool() throws(InputError) -> Bool {
    if case .scalar(let text, quoted: false) = content {
      switch text.lowercased() {
      case "true", "yes": return true
      case "false", "no": return false
      default: break
      }
    }
    throw wrong("true or false")
  }

  /// A whole number in the range; `4096`, `4_096` and `1e6` are accepted.
  public func int(_ range: ClosedRange<Int>) throws(InputError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard case .scalar(let text, quoted: false) = content, let value = Quantity.number(text),
      value == value.rounded(), abs(value) <= 9e15, range.contains(Int(value))
    else { throw wrong(expected) }
    return Int(value)
  }

  /// A finite number in the range.
  public func double(_ range: ClosedRange<Double>) throws(InputError) -> Double {
    let expected = "a number from \(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
    guard case .scalar(let text, quoted: false) = content, let value = Quantity.number(text), range.contains(value)
    else { throw wrong(expected) }
    return value
  }

  /// A number with a unit (`384 GiB`, `25 GB/s`, `121 TFLOP/s`, `4 us`) or without (then in the base unit).
  public func quantity(_ unit: Quantity.Unit, _ range: ClosedRange<Double>) throws(InputError) -> Double {
    let bounds = "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound)) \(unit.base)"
    guard case .scalar(let text, _) = content, let value = Quantity.read(text, unit), range.contains(value) else {
      throw wrong("\(unit.example), within \(bounds)")
    }
    return value
  }

  /// One of the raw values of an enum.
  public func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) throws(InputError) -> Choice
  where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = content else { throw wrong("one of \(names.joined(separator: ", "))") }
    if let value = Choice(rawValue: text) { return value }
    let suggestion = Suggestion.nearest(to: text, in: names).map { "; did you mean '\($0)'?" } ?? ""
    throw wrong("one of \(names.joined(separator: ", "))\(suggestion)")
  }

  /// A list with a number of items in the range.
  public func list(_ count: ClosedRange<Int> = 0...100_000) throws(InputError) -> [ConfigNode] {
    guard case .sequence(let items) = content else { throw wrong("a list") }
    guard count.contains(items.count) else {
      let expected =
        count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      throw wrong("a list of \(expected) items")
    }
    return items
  }

  /// A mapping of which every key is in `allowed`.
  public func mapping(_ allowed: [String]) throws(InputError) -> ConfigMapping {
    let mapping = try anyMapping()
    for entry in mapping.entries where !allowed.contains(entry.key) {
      let own = entry.value.place
      let line = entry.line ?? (own.file == place.file ? place.line : nil)
      throw .unknownKey(
        at: InputPlace(file: own.file, line: line, field: place.field), key: entry.key,
        suggestion: Suggestion.nearest(to: entry.key, in: allowed), allowed: allowed)
    }
    return mapping
  }

  /// A mapping with any keys (a catalogue by name, or a foreign format).
  public func anyMapping() throws(InputError) -> ConfigMapping {
    guard case .mapping(let entries) = content else { throw wrong("a mapping (key: value)") }
    return ConfigMapping(place: place, entries: entries)
  }
}
