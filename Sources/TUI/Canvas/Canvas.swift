/// What the drawing code draws into: a frame, the look, and a clip that nothing can leave.
struct Canvas {
  /// The picture so far.
  private(set) var frame: Frame
  /// Theme, depth and charset.
  let look: Look
  /// Drawing outside of it is lost.
  private(set) var clip: Rect
  /// What lies below: roles that have no background of their own are drawn on that of this one; nil for the screen.
  var ground: Role?

  /// An empty picture in the theme's text style.
  init(size: Size, look: Look) {
    frame = Frame(size: Size(width: max(0, size.width), height: max(0, size.height)))
    self.look = look
    clip = Rect(x: 0, y: 0, width: frame.size.width, height: frame.size.height)
    fill(clip)
  }

  /// Draws with a smaller clip.
  mutating func inside(_ area: Rect, _ body: (inout Canvas) -> Void) {
    let outer = clip
    clip = clip.intersection(area)
    body(&self)
    clip = outer
  }

  /// Writes one line from (x, y) and returns the column after it; `width` cuts it off with `…`.
  @discardableResult
  mutating func put(_ text: String, x: Int, y: Int, _ role: Role = .text, width: Int? = nil) -> Int {
    put(text, x: x, y: y, style: style(role), width: width)
  }

  /// How a role looks on what lies below.
  func style(_ role: Role) -> Style {
    var style = look.style(role)
    if let ground, style.background == look.style(.text).background { style.background = look.style(ground).background }
    return style
  }

  /// Writes one line in a style.
  @discardableResult
  mutating func put(_ text: String, x: Int, y: Int, style: Style, width: Int? = nil) -> Int {
    let shown = width.map { CellText.fitted(text, width: $0) } ?? text
    var column = x
    for character in shown {
      let safe = look.charset.shown(CellText.safe(character))
      column += set(safe, x: column, y: y, style: style)
    }
    return column
  }

  /// Writes one line that ends before column `end`.
  mutating func putRight(_ text: String, end: Int, y: Int, _ role: Role = .text) {
    put(text, x: end - CharacterWidth.of(text), y: y, role)
  }

  /// Writes pieces of different roles one after the other, at most `width` columns, and returns the column after.
  @discardableResult
  mutating func put(_ spans: [Span], x: Int, y: Int, width: Int) -> Int {
    var column = x
    let end = x + width
    for span in spans where column < end {
      column = put(span.text, x: column, y: y, span.role, width: end - column)
    }
    return column
  }

  /// Fills an area with one character (of one column).
  mutating func fill(_ area: Rect, _ role: Role = .text, with character: Character = " ") {
    let style = style(role)
    let shown = look.charset.shown(character)
    let part = clip.intersection(area)
    for y in part.y..<part.y + part.height {
      for x in part.x..<part.x + part.width { set(shown, x: x, y: y, style: style) }
    }
  }

  /// Changes how cells look, not what stands there.
  mutating func restyle(_ area: Rect, _ change: (inout Style) -> Void) {
    let part = clip.intersection(area)
    for y in part.y..<part.y + part.height {
      for x in part.x..<part.x + part.width { change(&frame.cells[y * frame.size.width + x].style) }
    }
  }

  /// Says what an area selects when it is pointed at.
  mutating func hit(_ area: Rect, _ target: HitTarget) {
    let part = clip.intersection(area)
    if part.width > 0, part.height > 0 { frame.hits.append(Frame.Hit(area: part, target: target)) }
  }

  /// The text of a cell inside the clip, or nil.
  func text(x: Int, y: Int) -> String? {
    clip.contains(x: x, y: y) ? frame.cells[y * frame.size.width + x].text : nil
  }

  /// Sets a character that is safe already and returns its columns.
  ///
  /// A wide one that does not fit leaves a space; half of an overwritten wide one becomes a space.
  @discardableResult
  private mutating func set(_ character: Character, x: Int, y: Int, style: Style) -> Int {
    let width = character.isASCII ? 1 : max(1, CharacterWidth.of(character))
    guard clip.contains(x: x, y: y) else {
      // The right half of a wide character that starts left of the clip.
      if width == 2, clip.contains(x: x + 1, y: y) { store(" ", x: x + 1, y: y, style: style) }
      return width
    }
    guard width == 2 else {
      store(String(character), x: x, y: y, style: style)
      return 1
    }
    guard clip.contains(x: x + 1, y: y) else {
      store(" ", x: x, y: y, style: style)
      return 2
    }
    store(" ", x: x + 1, y: y, style: style)
    store(String(character), x: x, y: y, style: style)
    frame.cells[y * frame.size.width + x + 1].text = ""
    return 2
  }

  private mutating func store(_ text: String, x: Int, y: Int, style: Style) {
    let index = y * frame.size.width + x
    if frame.cells[index].text.isEmpty, x > 0 { frame.cells[index - 1].text = " " }
    if x + 1 < frame.size.width, frame.cells[index + 1].text.isEmpty { frame.cells[index + 1].text = " " }
    frame.cells[index] = Cell(text: text, style: style)
  }
}

/// A piece of a line with its role.
struct Span: Sendable, Equatable {
  /// What it says.
  var text: String
  /// How it looks.
  var role: Role

  /// A piece of a line.
  init(_ text: String, _ role: Role = .text) {
    self.text = text
    self.role = role
  }

  /// Columns that it takes.
  var width: Int { CharacterWidth.of(text) }
}
