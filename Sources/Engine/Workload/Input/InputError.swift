/// Where in an input something stands: for messages that a person can follow.
public struct InputPlace: Sendable, Hashable {
  /// The file as the person named it; `--set` for an override, `stdin` for standard input.
  public var file: String
  /// Line, from 1; nil where the whole file is meant.
  public var line: Int?
  /// Path of keys from the root: `run.batch`, `stages[2].layers`; empty for the root.
  public var field: String

  /// A place.
  public init(file: String, line: Int? = nil, field: String = "") {
    self.file = file
    self.line = line
    self.field = field
  }
}

extension InputPlace {
  /// Longest path of keys that is kept, bytes: every value of a file has one.
  private static let longestField = 400

  /// The place of a part: `step` is `.key` or `[2]`, left out where the path is long; `line` nil where this line is meant.
  func inside(_ step: String, line: Int?) -> InputPlace {
    let isLong = field.utf8.count + step.utf8.count > Self.longestField && !field.isEmpty
    return InputPlace(file: file, line: line ?? self.line, field: isLong ? field : field + step)
  }
}

extension InputPlace: CustomStringConvertible {
  /// Most scalars of a name of a file, and of a path of keys, in a message.
  private static let mostShown = (file: 400, field: 200)

  /// `file:line: field`, without the parts that are not known; fit to be shown (`PlainText.line`).
  public var description: String {
    let file = PlainText.line(file, most: Self.mostShown.file)
    let position = line.map { "\(file):\($0)" } ?? file
    return field.isEmpty ? position : "\(position): \(PlainText.line(field, most: Self.mostShown.field))"
  }
}

/// Input that cannot be read: which file, line and field, what is wrong, and what would be right.
public enum InputError: Error, Sendable, Equatable {
  /// The file cannot be opened, is too large, or is not text.
  case unreadable(file: String, problem: String, remedy: String)
  /// Not YAML (nor JSON).
  case syntax(at: InputPlace, problem: String)
  /// A key that nobody reads; `allowed` in the order in which the documentation lists them.
  case unknownKey(at: InputPlace, key: String, suggestion: String?, allowed: [String])
  /// A key that must be there.
  case missing(at: InputPlace, key: String, expected: String)
  /// A value of the wrong kind or out of its range.
  case value(at: InputPlace, found: String, expected: String)
  /// A name that is not in a catalogue; `kind` is `model`, `GPU`, `node type`, `sample`.
  case unknownName(at: InputPlace, kind: String, name: String, suggestion: String?, known: [String])
  /// Valid, but not something that this program does.
  case unsupported(at: InputPlace, what: String, remedy: String)
  /// Two fields that do not go together.
  case conflict(at: InputPlace, problem: String, remedy: String)

  /// Where it stands.
  public var place: InputPlace {
    switch self {
    case .unreadable(let file, _, _): InputPlace(file: file)
    case .syntax(let place, _), .unknownKey(let place, _, _, _), .missing(let place, _, _), .value(let place, _, _),
      .unknownName(let place, _, _, _, _), .unsupported(let place, _, _), .conflict(let place, _, _):
      place
    }
  }
}

extension InputError {
  /// The error of a file that is named at `place`: what cannot be opened is told where its name stands.
  func named(at place: InputPlace) -> InputError {
    guard case .unreadable(let file, let problem, let remedy) = self, file != place.file else { return self }
    return .unsupported(at: place, what: "\(PlainText.line(file, most: 400)): \(problem)", remedy: remedy)
  }
}

extension InputError: CustomStringConvertible {
  /// `file:line: field: what is wrong; what would be right`, fit to be shown: one line, nothing hidden, not long.
  public var description: String { PlainText.line(text) }

  private var text: String {
    switch self {
    case .unreadable(_, let problem, let remedy): "\(place): \(problem); \(remedy)"
    case .syntax(let place, let problem): "\(place): not valid \(Self.format(of: place.file)): \(problem)"
    case .unknownKey(_, let key, let suggestion, let allowed):
      "\(place): unknown key '\(PlainText.line(key, most: 200))'; " + Self.hint(suggestion, "keys here", allowed)
    case .missing(_, let key, let expected): "\(place): '\(key)' is missing; it must be \(expected)"
    case .value(_, let found, let expected): "\(place): found \(PlainText.line(found, most: 200)), must be \(expected)"
    case .unknownName(_, let kind, let name, let suggestion, let known):
      "\(place): no \(kind) is called '\(PlainText.line(name, most: 200))'; " + Self.hint(suggestion, "known", known)
    case .unsupported(_, let what, let remedy), .conflict(_, let what, let remedy): "\(place): \(what); \(remedy)"
    }
  }

  /// What a file is written in, by its name.
  private static func format(of file: String) -> String {
    let name = file.lowercased()
    if [".json", ".jsonl"].contains(where: name.hasSuffix) { return "JSON" }
    return [".yaml", ".yml"].contains(where: name.hasSuffix) ? "YAML" : "YAML or JSON"
  }

  private static func hint(_ suggestion: String?, _ label: String, _ names: [String]) -> String {
    if let suggestion { return "did you mean '\(suggestion)'?" }
    return names.isEmpty ? "no keys are expected here" : "\(label): \(names.joined(separator: ", "))"
  }
}
