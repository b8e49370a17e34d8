/// What is known of the options of a launcher: which an importer reads, which cost nothing, which cost something that is
/// not modelled.
struct LaunchOptionTable: Sendable {
  /// An option that changes time or memory and is not modelled.
  struct Concern: Sendable {
    /// Values with which it changes nothing, in lower case.
    var harmless: Set<String>
    /// What it means for the prediction.
    var meaning: String

    /// A concern where the option is neither off nor at one of these values.
    init(_ meaning: String, unless harmless: String...) {
      self.meaning = meaning
      self.harmless = Set(harmless + ["false", "none", "no", "0", "auto", "off"])
    }

    /// Whether these values change something.
    func concerns(_ values: [String]) -> Bool { values.isEmpty || !harmless.contains(values[0].lowercased()) }
  }

  /// Options that the importer reads.
  let read: Set<String>
  /// Options that change neither time nor memory of a step, or too little to name; `name.*` stands for all below it.
  let harmless: Set<String>
  /// Options that change it, with what that means; `name.*` stands for all below it.
  let concerns: [String: Concern]

  /// A table; names are separated by white space.
  init(read: String, harmless: String, concerns: [String: Concern]) {
    func names(_ text: String) -> Set<String> { Set(text.split(whereSeparator: \.isWhitespace).map(String.init)) }
    self.read = names(read)
    self.harmless = names(harmless)
    self.concerns = concerns
  }

  /// Adds to an import which of these options are unknown, and what those that are not modelled mean.
  ///
  /// Each is named once, in the order of the file. Complexity: O(options).
  func judge(_ options: [LaunchOption], for found: inout LaunchImport) {
    var (told, unknown) = (Set(found.warnings), Set(found.unknown))
    for option in options {
      let general = Self.ancestors(of: option.name)
      if let concern = ([option.name] + general).lazy.compactMap({ concerns[$0] }).first {
        let values = option.values.map(\.text)
        let warning = "\(option.text): \(concern.meaning)"
        if concern.concerns(values), told.insert(warning).inserted { found.warnings.append(warning) }
      } else if !read.contains(option.name), !harmless.contains(option.name), harmless.isDisjoint(with: general),
        unknown.insert(option.text).inserted
      {
        found.unknown.append(option.text)
      }
    }
  }

  /// `a.*` and `a.b.*` for `a.b.c`.
  private static func ancestors(of name: String) -> [String] {
    let parts = name.split(separator: ".")
    return (0..<max(0, parts.count - 1)).map { parts[...$0].joined(separator: ".") + ".*" }.reversed()
  }
}
