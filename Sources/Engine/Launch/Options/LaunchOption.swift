/// An option of a command, or a key of a configuration: its name, its values, and where it stands.
struct LaunchOption: Sendable, Equatable {
  /// The name with underscores, without leading dashes: `per_device_train_batch_size`; parts of a nested key are joined
  /// by dots.
  var name: String
  /// The name as it is written: `--per-device-train-batch-size`.
  var written: String
  /// Its values; none for a bare switch.
  var values: [ShellArgument]
  /// Where it stands.
  var place: InputPlace

  /// As people write it: `--some-option 3`.
  var text: String { PlainText.line(([written] + values.map(\.text)).joined(separator: " "), most: 200) }

  /// The options in the words of a command: each takes the words behind it that start with no dash.
  ///
  /// Words before the first option are left out. Complexity: O(words).
  static func all(in words: some Sequence<ShellArgument>, file: String) -> [LaunchOption] {
    var found: [LaunchOption] = []
    for word in words {
      guard isName(word.text) else {
        if !found.isEmpty { found[found.count - 1].values.append(word) }
        continue
      }
      let parts = word.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let written = String(parts[0])
      let name = String(written.drop { $0 == "-" }).replacing("-", with: "_")
      var values: [ShellArgument] = []
      if parts.count == 2 {
        var value = word
        value.text = String(parts[1])
        values = [value]
      }
      found.append(
        LaunchOption(
          name: name, written: written, values: values,
          place: InputPlace(file: file, line: word.line, field: written)))
    }
    return found
  }

  /// The options in a mapping of JSON or YAML: nested keys are joined by dots, lists become several values.
  static func all(in mapping: ConfigMapping, prefix: String = "") -> [LaunchOption] {
    mapping.entries.flatMap { entry -> [LaunchOption] in
      let name = prefix + entry.key
      var place = entry.value.place
      place.line = entry.line ?? place.line
      func values(_ node: ConfigNode) -> [ShellArgument] {
        guard case .scalar(let text, _) = node.content else { return [] }
        return [ShellArgument(text: text, line: node.place.line ?? 1)]
      }
      switch entry.value.content {
      case .scalar:
        guard !entry.value.isNull else { return [] }
        return [LaunchOption(name: name, written: name, values: values(entry.value), place: place)]
      case .sequence(let items):
        return [LaunchOption(name: name, written: name, values: items.flatMap(values), place: place)]
      case .mapping(let inner):
        return all(in: ConfigMapping(place: place, entries: inner), prefix: name + ".")
      }
    }
  }

  /// Whether a word is the name of an option: it starts with a dash, and is no number.
  static func isName(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let first = word.drop(while: { $0 == "-" }).first else { return false }
    return first.isLetter || first == "_"
  }
}
