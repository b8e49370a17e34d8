/// A foreign table: one JSON object a line.
enum JSONLines {
  /// The objects of the lines in their order, each with its line's number in all of its places; empty lines are passed
  /// over.
  ///
  /// Errors name file and line. Complexity: O(length).
  static func nodes(_ text: String, file: String) throws(InputError) -> [ConfigNode] {
    var found: [ConfigNode] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      found.append(try node(String(line), file: file, line: index + 1))
    }
    return found
  }

  /// One line's object with the line's number in all of its places.
  static func node(_ text: String, file: String, line: Int) throws(InputError) -> ConfigNode {
    do {
      return try ConfigNode.parse(text, file: file).onLine(line)
    } catch {
      // The parser saw one line: whatever it says is about line 1 of 1.
      let place = InputPlace(file: file, line: line, field: error.place.field)
      switch error {
      case .syntax(_, let problem): throw .syntax(at: place, problem: problem)
      case .unsupported(_, let what, let remedy): throw .unsupported(at: place, what: what, remedy: remedy)
      case .unreadable(_, let problem, let remedy): throw .conflict(at: place, problem: problem, remedy: remedy)
      default: throw error
      }
    }
  }
}

extension ConfigNode {
  /// The same content with all of its places on one line.
  fileprivate func onLine(_ line: Int) -> ConfigNode {
    var moved = self
    moved.place.line = line
    switch content {
    case .scalar: break
    case .sequence(let items): moved.content = .sequence(items.map { $0.onLine(line) })
    case .mapping(let entries):
      moved.content = .mapping(entries.map { Entry(key: $0.key, line: line, value: $0.value.onLine(line)) })
    }
    return moved
  }
}
