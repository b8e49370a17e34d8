import Foundation

/// A sample that ships: a workload, or a plan.
public struct Sample: Sendable, Equatable {
  /// The name under which it can be opened; a plan's ends in `.plan`.
  public var name: String
  /// Its path from the repository's root.
  public var path: String
  /// What its first line says, for lists.
  public var summary: String
}

extension Catalogue {
  /// The shipped sample workloads, by name.
  public static let samples = shipped.filter { !$0.name.hasSuffix(".plan") }
  /// The shipped sample plans, by name.
  public static let plans = shipped.filter { $0.name.hasSuffix(".plan") }

  /// The files right in samples/.
  static let shipped: [Sample] = ShippedFiles.paths.compactMap { path in
    guard path.hasPrefix("samples/"), path.hasSuffix(".yaml"), path.split(separator: "/").count == 2 else { return nil }
    let first = ShippedFiles.text(path)?.split(separator: "\n", maxSplits: 1).first ?? ""
    let summary = first.hasPrefix("# ") ? String(first.dropFirst(2)) : ""
    return Sample(name: String(path.dropFirst("samples/".count).dropLast(".yaml".count)), path: path, summary: summary)
  }
}

extension WorkloadSource {
  /// A text that was found under a name or a path.
  struct Found {
    /// The text.
    var text: String
    /// What messages call it.
    var file: String
    /// Where relative paths in it start; nil for the current folder.
    var folder: String?
    /// What the workload is called unless it says so itself.
    var name: String?
  }

  /// The text of a file, of a sample by name, or (`-`) of standard input.
  ///
  /// A bare name means a sample; anything with a slash or a suffix means a file first.
  static func text(_ nameOrPath: String, standardInput: String?) throws(InputError) -> Found {
    if nameOrPath == "-" {
      guard let standardInput else {
        throw .unreadable(file: "stdin", problem: "nothing was given on standard input", remedy: "pipe a file in")
      }
      return Found(text: standardInput, file: "stdin", folder: nil, name: nil)
    }
    let looksLikePath = nameOrPath.contains("/") || nameOrPath.contains(".yaml") || nameOrPath.contains(".yml")
    if looksLikePath, FileManager.default.fileExists(atPath: nameOrPath) { return try file(nameOrPath) }
    if let found = sample(nameOrPath) { return found }
    if FileManager.default.fileExists(atPath: nameOrPath) { return try file(nameOrPath) }
    let known = Catalogue.shipped.map(\.name)
    throw .unknownName(
      at: InputPlace(file: nameOrPath), kind: "file or sample", name: nameOrPath,
      suggestion: Suggestion.nearest(to: stem(nameOrPath), in: known), known: known)
  }

  private static func file(_ path: String) throws(InputError) -> Found {
    Found(
      text: try ConfigNode.readText(path), file: path,
      folder: URL(fileURLWithPath: path).deletingLastPathComponent().path,
      name: PlainText.name(stem(path), or: "workload"))
  }

  private static func sample(_ name: String) -> Found? {
    let wanted = stem(name)
    guard !name.contains("/") || name.hasPrefix("samples/"),
      let sample = Catalogue.shipped.first(where: { $0.name == wanted }), let text = ShippedFiles.text(sample.path)
    else { return nil }
    return Found(text: text, file: sample.path, folder: nil, name: sample.name)
  }

  /// A path without its folders and its `.yaml`.
  private static func stem(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    for suffix in [".yaml", ".yml"] where last.hasSuffix(suffix) { return String(last.dropLast(suffix.count)) }
    return last
  }
}
