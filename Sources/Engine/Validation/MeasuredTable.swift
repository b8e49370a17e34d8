/// A table of measured runs, read from JSON lines (docs/validation.md).
public struct MeasuredTable: Sendable, Equatable {
  /// The runs, in the order of the files.
  public var rows: [MeasuredRow]

  private static let folder = "samples/measured/"

  /// Sources of the table that ships: the names of its files.
  public static var shippedSources: [String] {
    ShippedFiles.paths.compactMap { path in
      guard path.hasPrefix(folder), path.hasSuffix(".jsonl") else { return nil }
      return String(path.dropFirst(folder.count).dropLast(".jsonl".count))
    }
  }

  /// The table that ships, `samples/measured/*.jsonl`, or what it has of one source (nothing where it does not have it).
  ///
  /// Complexity: O(size of the files): half a second in a debug build for all.
  public static func shipped(source: String? = nil) throws(InputError) -> MeasuredTable {
    var rows: [MeasuredRow] = []
    for name in shippedSources where source == nil || name == source {
      let path = folder + name + ".jsonl"
      rows += try MeasuredTable(text: ShippedFiles.text(path) ?? "", file: path).rows
    }
    return MeasuredTable(rows: rows)
  }

  /// The table in a file of at most 1 MB.
  public static func read(_ path: String) throws(InputError) -> MeasuredTable {
    try MeasuredTable(text: ConfigNode.readText(path), file: path)
  }

  /// A table of given rows.
  public init(rows: [MeasuredRow]) { self.rows = rows }

  /// Reads one JSON object a line; empty lines and unknown keys are passed over (the format is foreign).
  ///
  /// A line `{"defaults": {...}}` gives what the rows after it have where they do not say otherwise.
  /// Errors name file, line and field. Complexity: O(length).
  public init(text: String, file: String) throws(InputError) {
    rows = []
    var seen: Set<String> = []
    var defaults: ConfigNode?
    for node in try JSONLines.nodes(text, file: file) {
      if let given = try node.anyMapping()["defaults"] {
        try node.mapping(["brume", "defaults"]).checkFormat()
        defaults = given
        continue
      }
      let mapping = try (defaults.map { node.filled(from: $0) } ?? node).anyMapping()
      let row = try MeasuredRowReader(mapping: mapping).row()
      guard seen.insert(row.id).inserted else {
        throw .conflict(
          at: mapping["id"]?.place ?? mapping.place, problem: "two rows are called '\(row.id)'",
          remedy: "rename one of them")
      }
      rows.append(row)
    }
    guard !rows.isEmpty else {
      throw .unreadable(file: file, problem: "the table is empty", remedy: "it must hold one JSON object a line")
    }
  }
}

extension ConfigNode {
  /// This mapping with the keys that it lacks taken from another one, mappings in it likewise.
  fileprivate func filled(from defaults: ConfigNode) -> ConfigNode {
    guard case .mapping(var entries) = content, case .mapping(let given) = defaults.content else { return self }
    for entry in given {
      if let index = entries.firstIndex(where: { $0.key == entry.key }) {
        entries[index].value = entries[index].value.filled(from: entry.value)
      } else {
        entries.append(entry)
      }
    }
    var filled = self
    filled.content = .mapping(entries)
    return filled
  }
}
