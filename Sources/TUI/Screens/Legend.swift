/// Signs of a chart and what they mean: in the lower line of the pane's frame, where they cost no row.
struct Legend: Equatable, Sendable {
  /// One sign.
  struct Entry: Equatable, Sendable {
    /// The sign, as the chart draws it.
    var sign: Span
    /// What it means.
    var meaning: String

    /// A sign of a role and its meaning.
    init(_ sign: String, _ role: Role, _ meaning: String) {
      self.sign = Span(sign, role)
      self.meaning = meaning
    }

    /// Columns of sign, blank and meaning.
    var width: Int { sign.width + 1 + CharacterWidth.of(meaning) }
  }

  /// The signs, the most useful first.
  var entries: [Entry]

  /// A legend.
  init(_ entries: [Entry] = []) { self.entries = entries }

  /// True when all of it fits into the lower line of a frame around so many columns.
  func fitsFrame(inner width: Int) -> Bool {
    entries.reduce(-2) { $0 + $1.width + 2 } <= width - 4
  }

  /// The entries as lines of at most `width` columns.
  func lines(width: Int) -> [[Span]] {
    var lines: [[Span]] = [[]]
    var used = 0
    for entry in entries {
      if used > 0, used + 2 + entry.width > width {
        lines.append([])
        used = 0
      }
      if used > 0 { lines[lines.count - 1].append(Span("  ", .muted)) }
      lines[lines.count - 1] += [entry.sign, Span(" " + entry.meaning, .muted)]
      used += entry.width + (used > 0 ? 2 : 0)
    }
    return lines
  }

  /// Writes as many entries as fit into the lower line of a frame.
  func draw(_ canvas: inout Canvas, frame area: Rect) {
    var column = area.x + 2
    for entry in entries {
      guard column + entry.width + 2 <= area.maxX - 1 else { break }
      column = canvas.put(" ", x: column, y: area.maxY - 1)
      column = canvas.put(entry.sign.text, x: column, y: area.maxY - 1, entry.sign.role)
      column = canvas.put(" \(entry.meaning) ", x: column, y: area.maxY - 1, .muted)
    }
  }
}
