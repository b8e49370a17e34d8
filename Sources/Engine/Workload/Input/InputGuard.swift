/// Refuses text that would cost the YAML parser time or stack out of proportion, before it is parsed.
///
/// It follows indentation, brackets and quotes just well enough to bound the nesting and to see anchors, aliases and
/// tags where a value starts. What it lets through is checked again on the parsed nodes.
struct InputGuard {
  /// For messages.
  let file: String

  /// Complexity: O(length).
  func check(_ text: String) throws(InputError) {
    var state = State()
    for byte in text.utf8 {
      try state.take(byte, file: file)
    }
  }

  /// The error for nesting beyond the limit.
  static func tooDeep(_ place: InputPlace) -> InputError {
    .unsupported(
      at: place, what: "nested deeper than \(ConfigNode.maximumNesting) levels", remedy: "flatten the file")
  }

  /// The error for anchors and aliases.
  static func anchor(_ place: InputPlace) -> InputError {
    .unsupported(
      at: place, what: "YAML anchors (&) and aliases (*) are not read",
      remedy: "write the value out, or quote a text that starts with & or *")
  }

  /// The error for tags.
  static func tag(_ place: InputPlace) -> InputError {
    .unsupported(at: place, what: "YAML tags (!) are not read", remedy: "leave the tag out, or quote the text")
  }

  private struct State {
    private var line = 1
    private var column = 0
    /// Columns at which the open block collections start.
    private var indents: [Int] = []
    private var flowDepth = 0
    /// Nothing but spaces and dashes so far on this line.
    private var inIndent = true
    /// The next visible character starts a value.
    private var atValue = true
    private var quote: UInt8?
    /// The last byte closed a single quote: another one right behind it means a quote inside the text.
    private var closedSingle = false
    private var escaped = false
    private var inComment = false
    private var previous: UInt8 = 10

    mutating func take(_ byte: UInt8, file: String) throws(InputError) {
      let place = InputPlace(file: file, line: line)
      if byte == 10 {
        line += 1
        column = -1
        inIndent = true
        inComment = false
        if quote == nil, flowDepth == 0 { atValue = true }
      } else if closedSingle, byte == UInt8(ascii: "'") {
        quote = byte
        closedSingle = false
      } else if inComment || insideQuote(byte) {
        inIndent = false
      } else {
        try takeVisible(byte, place)
      }
      column += 1
      previous = byte
    }

    private mutating func insideQuote(_ byte: UInt8) -> Bool {
      closedSingle = false
      guard let open = quote else { return false }
      if escaped {
        escaped = false
      } else if open == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
        escaped = true
      } else if byte == open {
        quote = nil
        closedSingle = open == UInt8(ascii: "'")
      }
      return true
    }

    private mutating func takeVisible(_ byte: UInt8, _ place: InputPlace) throws(InputError) {
      switch byte {
      case 32, 9, 13:
        if previous == UInt8(ascii: ":") || previous == UInt8(ascii: "-") || previous == UInt8(ascii: "?") {
          atValue = true
        }
        return
      case UInt8(ascii: "#") where previous == 32 || previous == 9 || previous == 10:
        inComment = true
        return
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if atValue || flowDepth > 0 { flowDepth += 1 }
        atValue = true
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        flowDepth = max(0, flowDepth - 1)
        atValue = false
      case UInt8(ascii: ",") where flowDepth > 0:
        atValue = true
      default:
        try takeText(byte, place)
      }
      noteIndent(byte)
      if indents.count + flowDepth > ConfigNode.maximumNesting { throw InputGuard.tooDeep(place) }
    }

    private mutating func takeText(_ byte: UInt8, _ place: InputPlace) throws(InputError) {
      guard atValue else { return }
      atValue = false
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "*"): throw InputGuard.anchor(place)
      case UInt8(ascii: "!"): throw InputGuard.tag(place)
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      default: break
      }
    }

    /// A dash or a key at a deeper column opens a block collection; a shallower one closes those inside it.
    private mutating func noteIndent(_ byte: UInt8) {
      guard inIndent, flowDepth == 0 else {
        inIndent = false
        return
      }
      while let last = indents.last, last > column { indents.removeLast() }
      if indents.last ?? -1 < column { indents.append(column) }
      inIndent = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?")
    }
  }
}
