import Foundation
import Yams

extension ConfigNode {
  /// The format version that this program writes, and the newest that it reads.
  public static let formatVersion = 1
  /// Largest input, bytes.
  public static let maximumBytes = 1_048_576
  /// Deepest nesting of lists and mappings.
  public static let maximumNesting = 32
  /// Longest key, bytes.
  static let maximumKeyBytes = 1_000

  /// Parses one YAML document (JSON is YAML too); `file` is for messages.
  ///
  /// Refuses more than 1 MB, more than 32 levels, keys of more than 1,000 bytes, anchors, aliases, tags, duplicate keys, keys that are not text, and
  /// more than one document. Complexity: O(length).
  public static func parse(_ text: String, file: String) throws(InputError) -> ConfigNode {
    guard text.utf8.count <= maximumBytes else {
      throw .unreadable(
        file: file, problem: "the file has \(text.utf8.count) bytes", remedy: "the limit is \(maximumBytes)")
    }
    try InputGuard(file: file).check(text)
    let parser: Parser
    let document: Yams.Node?
    do {
      // The basic resolver leaves the kind of a scalar to the accessors: `no` may be a name.
      parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      document = try parser.singleRoot()
    } catch let error as YamlError {
      throw syntaxError(error, file: file)
    } catch {
      throw .syntax(at: InputPlace(file: file), problem: "\(error)")
    }
    guard let document else {
      throw .unreadable(file: file, problem: "the file is empty", remedy: "see the samples for what goes into it")
    }
    let root = try convert(document, place: InputPlace(file: file, line: document.mark?.line), depth: 0)
    // Nodes hold their anchors weakly: the parser must outlive the conversion that refuses them.
    withExtendedLifetime(parser) {}
    return root
  }

  /// Reads and parses a file.
  public static func parse(contentsOf path: String) throws(InputError) -> ConfigNode {
    try parse(readText(path), file: path)
  }

  /// The text of a file of at most 1 MB, or of `maximumBytes`.
  public static func readText(_ path: String, maximumBytes: Int = maximumBytes) throws(InputError) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .unreadable(file: path, problem: "no such file", remedy: "check the path, or name a sample")
    }
    guard !isFolder.boolValue else {
      throw .unreadable(file: path, problem: "this is a folder", remedy: "name a file in it")
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .unreadable(file: path, problem: "the file cannot be opened", remedy: "check its permissions")
    }
    defer { try? handle.close() }
    let data: Data
    do {
      data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw .unreadable(file: path, problem: "the file cannot be read", remedy: "check its permissions")
    }
    guard data.count <= maximumBytes else {
      throw .unreadable(file: path, problem: "the file is too large", remedy: "the limit is \(maximumBytes) bytes")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw .unreadable(file: path, problem: "the file is not UTF-8 text", remedy: "save it as UTF-8")
    }
    return text
  }

  private static func syntaxError(_ error: YamlError, file: String) -> InputError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      let detail = context.map { "\($0.text.trimmingCharacters(in: .whitespaces)), \(problem)" } ?? problem
      return .syntax(at: InputPlace(file: file, line: mark.line), problem: detail)
    case .composer(_, let problem, let mark, _):
      return .syntax(at: InputPlace(file: file, line: mark.line), problem: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return .syntax(
        at: InputPlace(file: file, line: context.mark.line),
        problem: "the key '\(duplicates.first ?? "")' stands twice in one mapping; keep one of them")
    case .reader(let problem, _, _, _):
      return .syntax(at: InputPlace(file: file), problem: problem)
    default:
      return .syntax(at: InputPlace(file: file), problem: "it cannot be parsed")
    }
  }

  private static func convert(_ node: Yams.Node, place: InputPlace, depth: Int) throws(InputError) -> ConfigNode {
    guard depth <= maximumNesting else { throw InputGuard.tooDeep(place) }
    guard node.anchor == nil else { throw InputGuard.anchor(place) }
    switch node {
    case .alias: throw InputGuard.anchor(place)
    case .scalar(let scalar):
      guard isPlain(scalar.tag) else { throw InputGuard.tag(place) }
      let quoted = scalar.style != .plain && scalar.style != .any
      return ConfigNode(place: place, content: .scalar(scalar.string, quoted: quoted))
    case .sequence(let sequence):
      guard isPlain(sequence.tag) else { throw InputGuard.tag(place) }
      var items: [ConfigNode] = []
      for (index, item) in sequence.enumerated() {
        let inner = place.inside("[\(index + 1)]", line: item.mark?.line)
        items.append(try convert(item, place: inner, depth: depth + 1))
      }
      return ConfigNode(place: place, content: .sequence(items))
    case .mapping(let mapping):
      guard isPlain(mapping.tag) else { throw InputGuard.tag(place) }
      return ConfigNode(place: place, content: .mapping(try convert(mapping, place: place, depth: depth)))
    }
  }

  private static func convert(_ mapping: Yams.Node.Mapping, place: InputPlace, depth: Int) throws(InputError) -> [Entry]
  {
    var entries: [Entry] = []
    var seen: Set<String> = []
    for (key, value) in mapping {
      let line = key.mark?.line ?? place.line
      let keyPlace = InputPlace(file: place.file, line: line, field: place.field)
      let keyNode = try convert(key, place: keyPlace, depth: depth + 1)
      guard case .scalar(let name, _) = keyNode.content else {
        throw .syntax(at: keyPlace, problem: "a key must be a text, not \(keyNode.found)")
      }
      guard seen.insert(name).inserted else {
        throw .syntax(at: keyPlace, problem: "the key '\(name)' stands twice in one mapping; keep one of them")
      }
      guard name.utf8.count <= maximumKeyBytes else {
        throw .syntax(at: keyPlace, problem: "a key of \(name.utf8.count) bytes; at most \(maximumKeyBytes) are read")
      }
      let inner = place.inside(place.field.isEmpty ? name : ".\(name)", line: value.mark?.line ?? line)
      entries.append(Entry(key: name, line: line, value: try convert(value, place: inner, depth: depth + 1)))
    }
    return entries
  }

  private static func isPlain(_ tag: Tag) -> Bool {
    // Tags that the parser gives by itself; one written out is refused by `InputGuard`.
    let name = tag.description
    return name == Tag.Name.implicit.rawValue || name == Tag.Name.str.rawValue || name == Tag.Name.seq.rawValue
      || name == Tag.Name.map.rawValue
  }
}
