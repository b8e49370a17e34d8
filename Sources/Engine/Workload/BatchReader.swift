/// Reads the global batch of a run: `512`, a range `512..2048` in doublings, or a list `[512, 768, 1024]`.
enum BatchReader {
  /// What it must be, for messages.
  static let expected = "a number of samples, a range such as 512..2048, or a list of up to \(mostChoices)"
  /// The most batches to choose from.
  static let mostChoices = 64
  /// Batches that a run may have, samples.
  static let allowed = 1...10_000_000

  /// The batches, rising and each once; one where there is nothing to choose.
  ///
  /// A range is its lower end, that doubled as long as it stays below the upper end, and the upper end.
  static func batches(_ node: ConfigNode) throws(InputError) -> [Int] {
    guard node.isScalar else {
      guard case .sequence = node.content else { throw node.wrong(expected) }
      var found: [Int] = []
      for item in try node.list(1...mostChoices) { found.append(try item.int(allowed)) }
      return Set(found).sorted()
    }
    guard case .scalar(let text, _) = node.content, let dots = text.firstRange(of: "..") else {
      return [try node.int(allowed)]
    }
    guard let low = Int(text[..<dots.lowerBound].filter { $0 != " " }),
      let high = Int(text[dots.upperBound...].filter { $0 != " " }), allowed.contains(low), allowed.contains(high),
      low <= high
    else { throw node.wrong("a range of samples such as 512..2048, from 1 to \(allowed.upperBound), rising") }
    var found: [Int] = []
    var batch = low
    while batch < high {
      found.append(batch)
      batch *= 2
    }
    return found + [high]
  }

  /// Several batches as a person writes them: a range where they are its doublings, else a list.
  static func text(_ batches: [Int]) -> String {
    if let low = batches.first, let high = batches.last {
      let range = "\(low)..\(high)"
      let node = ConfigNode(place: InputPlace(file: ""), content: .scalar(range, quoted: false))
      if (try? self.batches(node)) == batches { return range }
    }
    return "[\(batches.map(String.init).joined(separator: ", "))]"
  }
}
