/// A JSON document whose objects keep the order in which their members were added.
///
/// Numbers are written as the shortest decimal that reads back to the same double. JSON has no infinity and no
/// not-a-number: `removingNonFinite` turns them into null and tells where they stood.
enum JSONValue: Sendable, Equatable {
  /// `null`: not known, or not applicable.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A double; must be finite when written.
  case number(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in their order; keys are unique.
  case object([JSONMember])

  /// A number, or null where there is none.
  static func optional(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }

  /// A list of texts.
  static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

  /// The member of that name of an object, or nil.
  subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

/// One member of a JSON object.
struct JSONMember: Sendable, Equatable {
  /// Its name.
  var key: String
  /// What it holds.
  var value: JSONValue

  /// A member.
  init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
  init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { JSONMember($0, $1) }) }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(stringLiteral value: String) { self = .string(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(integerLiteral value: Int) { self = .int(value) }
  init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
  /// The same document with null for every number that JSON cannot write, and the paths of those numbers.
  ///
  /// A path looks like `stages[0].deltaSeconds`.
  func removingNonFinite() -> (document: JSONValue, paths: [String]) {
    var paths: [String] = []
    let document = removingNonFinite(at: "", into: &paths)
    return (document, paths)
  }

  private func removingNonFinite(at path: String, into paths: inout [String]) -> JSONValue {
    switch self {
    case .number(let value) where !value.isFinite:
      paths.append(path)
      return .null
    case .array(let values):
      var clean: [JSONValue] = []
      for (index, value) in values.enumerated() {
        clean.append(value.removingNonFinite(at: "\(path)[\(index)]", into: &paths))
      }
      return .array(clean)
    case .object(let members):
      var clean: [JSONMember] = []
      for member in members {
        let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
        clean.append(JSONMember(member.key, member.value.removingNonFinite(at: inner, into: &paths)))
      }
      return .object(clean)
    default: return self
    }
  }
}
