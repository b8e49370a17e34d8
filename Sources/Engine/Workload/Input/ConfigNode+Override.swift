extension ConfigNode {
  /// Applies `key.path=value` assignments, in order; the value is read as YAML (`64`, `[1, 2]`, `24 GiB`).
  ///
  /// A name on the way (`model: gpt-7b`, then `model.layers=30`) becomes `{from: name}` and what is set is laid over
  /// it. Errors that the value causes later name the assignment instead of the file.
  public func applying(_ assignments: [String]) throws(InputError) -> ConfigNode {
    var root = self
    for assignment in assignments {
      let place = InputPlace(file: "--set \(assignment)")
      guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
        throw .value(at: place, found: "'\(assignment)'", expected: "key.path=value, such as run.batch=256")
      }
      let keys = assignment[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard keys.allSatisfy({ !$0.isEmpty }), keys.count <= Self.maximumNesting else {
        throw .value(
          at: place, found: "'\(assignment[..<equals])'", expected: "keys with points between, such as run.batch")
      }
      let text = String(assignment[assignment.index(after: equals)...])
      let value = try Self.overrideValue(text, place: place, field: keys.joined(separator: "."))
      root = try root.setting(keys[...], to: value, place: place)
    }
    return root
  }

  /// A value as it is typed, read as YAML: all of its places are `place` at `field`.
  static func overrideValue(_ text: String, place: InputPlace, field: String) throws(InputError) -> ConfigNode {
    let place = InputPlace(file: place.file, field: field)
    guard !text.allSatisfy(\.isWhitespace) else { return ConfigNode(place: place, content: .scalar("", quoted: false)) }
    return try parse(text, file: place.file).moved(to: place)
  }

  /// The same content with all of its places at `place`.
  private func moved(to place: InputPlace) -> ConfigNode {
    switch content {
    case .scalar: return ConfigNode(place: place, content: content)
    case .sequence(let items):
      let moved = items.enumerated().map { index, item in
        item.moved(to: place.inside("[\(index + 1)]", line: nil))
      }
      return ConfigNode(place: place, content: .sequence(moved))
    case .mapping(let entries):
      let moved = entries.map { entry in
        let inner = place.inside(".\(entry.key)", line: nil)
        return Entry(key: entry.key, line: nil, value: entry.value.moved(to: inner))
      }
      return ConfigNode(place: place, content: .mapping(moved))
    }
  }

  /// The node with the value at the end of a path of keys replaced, or added; `place` is where the value was given.
  func setting(
    _ keys: ArraySlice<String>, to value: ConfigNode, place: InputPlace
  ) throws(InputError) -> ConfigNode {
    guard let key = keys.first else { return value }
    var entries: [Entry]
    switch content {
    case .mapping(let present): entries = present
    case .scalar: entries = isNull ? [] : [Entry(key: "from", line: self.place.line, value: self)]
    case .sequence:
      throw .value(at: place, found: "a list at \(self.place.field)", expected: "a mapping; set the whole list")
    }
    let field = self.place.field.isEmpty ? key : "\(self.place.field).\(key)"
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = try entries[index].value.setting(keys.dropFirst(), to: value, place: place)
    } else {
      let empty = ConfigNode(place: InputPlace(file: place.file, field: field), content: .scalar("", quoted: false))
      entries.append(Entry(key: key, line: nil, value: try empty.setting(keys.dropFirst(), to: value, place: place)))
    }
    return ConfigNode(place: self.place, content: .mapping(entries))
  }
}
