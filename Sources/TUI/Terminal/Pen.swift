/// How a terminal draws characters from now on: a style in the colours that the terminal has.
struct Pen: Hashable, Comparable {
  /// Palette index of the text; -1 for the terminal's own.
  var foreground = -1
  /// Palette index behind it; -1 for the terminal's own.
  var background = -1
  /// Bold.
  var bold = false
  /// Dim.
  var dim = false
  /// Text and background exchanged.
  var reverse = false
  /// Underlined.
  var underline = false

  /// The terminal's own look.
  init() {}

  /// A style on a terminal.
  init(_ style: Style, in language: TerminalLanguage) {
    (bold, dim, reverse, underline) = (style.bold, style.dim, style.reverse, style.underline)
    foreground = Pen.fitted(style.foreground, colours: language.colours)
    background = Pen.fitted(style.background, colours: language.colours)
    if foreground >= language.colours, language.colours > 0 {
      // With eight colours the bright ones are the dark ones, bold.
      foreground -= 8
      bold = true
    }
    if background >= language.colours, language.colours > 0 { background -= 8 }
    guard foreground >= 0 || background >= 0 else { return }
    let lost = language.attributesLostInColour
    if lost.contains(.underline) { underline = false }
    if lost.contains(.reverse) { reverse = false }
    if lost.contains(.dim) { dim = false }
    if lost.contains(.bold) { bold = false }
  }

  /// An index that the terminal has, or a bright one of a terminal with eight colours; else -1.
  private static func fitted(_ colour: Colour, colours: Int) -> Int {
    guard case .indexed(let index) = colour else { return -1 }
    return Int(index) < colours || colours == 8 && index < 16 ? Int(index) : -1
  }

  /// A blank that is drawn with it shows its background alone.
  var hidesBlanks: Bool { !reverse && !underline }

  /// Pens that cost little to change between stand side by side.
  static func < (one: Pen, other: Pen) -> Bool { one.order < other.order }

  private var order: Int {
    let bits = (bold ? 1 : 0) + (dim ? 2 : 0) + (reverse ? 4 : 0) + (underline ? 8 : 0)
    return ((background + 1) * 512 + foreground + 1) * 16 + bits
  }
}
