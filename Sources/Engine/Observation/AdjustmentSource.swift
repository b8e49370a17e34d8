/// The source of an adjusted figure, by which files and notes tell it from one that nobody touched.
enum AdjustmentSource {
  private static let start = "adjusted x"

  /// `adjusted x0.93 by 3 observed runs (latest 1a2b3c4d)`.
  static func by(_ runs: [ObservedRun], factor: Double) -> String {
    let latest = runs.max { ($0.date ?? "", $0.id) < ($1.date ?? "", $1.id) }?.id ?? ""
    // A run may be nonsense; its factor is told up to a million.
    let hundredths = Int(bounded: (min(factor, 1e6) * 100).rounded())
    let digits = String(hundredths % 100)
    let text = "\(hundredths / 100)." + (digits.count < 2 ? "0" : "") + digits
    return "\(start)\(text) by \(runs.count) observed \(runs.count == 1 ? "run" : "runs") (latest \(latest))"
  }

  /// The same with what the figure was before.
  static func text(_ source: String, before figure: Figure) -> String {
    // A source is a line of at most 1,000 characters.
    let old = PlainText.line(figure.source, most: 700)
    return "\(source); before: \(Quantity.text(figure.value)), \(figure.provenance.rawValue): \(old)"
  }

  /// A table's source with the adjustment in front.
  static func text(_ source: String, before old: String) -> String {
    "\(source); before: " + PlainText.line(old, most: 700)
  }

  /// `x0.93` and `3 observed runs` of such a source; nil of another one.
  static func words(_ source: String) -> (factor: String, runs: String)? {
    guard isOne(source) else { return nil }
    let words = source.split(separator: " ", maxSplits: 6)
    guard words.count > 5 else { return nil }
    return (String(words[1]), words[3...5].joined(separator: " "))
  }

  /// True of the source of a figure that observed runs moved.
  static func isOne(_ source: String) -> Bool { source.hasPrefix(start) }
}
