/// What a terminal shows after the bytes that it was sent: a terminal emulator for tests, so that they read the screen
/// as a person does.
///
/// It understands what ncurses sends for the xterm, screen, tmux, linux and vt100 families, and keeps a list of what it
/// did not understand. It does not answer (no device reports) and keeps no scroll-back.
public struct VirtualScreen: Sendable {
  /// How a cell looks.
  public struct Look: Sendable, Hashable {
    /// Palette index; nil for the terminal's own.
    public var foreground: Int?
    /// Palette index; nil for the terminal's own.
    public var background: Int?
    /// Attributes.
    public var bold = false, dim = false, underline = false, reverse = false

    /// The terminal's own.
    public init() {}
  }

  /// One cell; the right half of a wide character has the empty text.
  public struct Cell: Sendable, Hashable {
    /// The character with its combining marks.
    public var text = " "
    /// How it looks.
    public var look = Look()

    /// A cell; a blank in the terminal's own look where nothing else is said.
    public init(text: String = " ", look: Look = Look()) {
      self.text = text
      self.look = look
    }
  }

  /// Columns.
  public private(set) var width: Int
  /// Rows.
  public private(set) var height: Int
  /// Row of the cursor, from 0.
  public internal(set) var cursorRow = 0
  /// Column of the cursor, from 0.
  public internal(set) var cursorColumn = 0
  /// The private modes (`CSI ? n h`) that are set: 25 cursor shown, 1049 alternate screen, 1000 mouse, 2004 paste, ...
  public internal(set) var modes: Set<Int> = Self.modesAtStart
  /// Whether the keypad is in application mode (`ESC =`).
  public internal(set) var applicationKeypad = false
  /// Sequences that were not understood, as text; empty in a good session.
  public internal(set) var misunderstood: [String] = []
  /// How often the whole screen was cleared.
  public internal(set) var clears = 0

  /// The modes of a terminal that nobody touched: cursor shown, lines wrap.
  public static let modesAtStart: Set<Int> = [7, 25]

  var cells: [Cell]
  var otherCells: [Cell]
  var look = Look()
  var savedCursor = (row: 0, column: 0)
  var wrapIsPending = false
  var scrollTop = 0
  var scrollBottom: Int
  var lastCharacter = " "
  var parser = Parser()

  /// An empty screen.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = [Cell](repeating: Cell(), count: width * height)
    otherCells = cells
    scrollBottom = height - 1
  }

  /// Changes the size; what is inside both stays at its place.
  public mutating func resize(width newWidth: Int, height newHeight: Int) {
    func fit(_ old: [Cell]) -> [Cell] {
      var new = [Cell](repeating: Cell(), count: newWidth * newHeight)
      for row in 0..<min(height, newHeight) {
        for column in 0..<min(width, newWidth) { new[row * newWidth + column] = old[row * width + column] }
      }
      return new
    }
    cells = fit(cells)
    otherCells = fit(otherCells)
    width = newWidth
    height = newHeight
    cursorRow = min(cursorRow, height - 1)
    cursorColumn = min(cursorColumn, width - 1)
    scrollTop = 0
    scrollBottom = height - 1
    wrapIsPending = false
  }

  /// Whether the terminal is as nobody had touched it: main screen, cursor shown, no reports, no keypad mode, no
  /// colours or attributes left on.
  public var isReset: Bool {
    modes == Self.modesAtStart && !applicationKeypad && look == Look()
  }

  /// A cell, or nil outside.
  public func cell(row: Int, column: Int) -> Cell? {
    guard (0..<height).contains(row), (0..<width).contains(column) else { return nil }
    return cells[row * width + column]
  }

  /// A row without its trailing blanks; empty outside.
  public func line(_ row: Int) -> String {
    guard (0..<height).contains(row) else { return "" }
    let text = cells[row * width..<(row + 1) * width].map(\.text).joined()
    guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
    return String(text[...last])
  }

  /// All rows.
  public var lines: [String] { (0..<height).map(line) }

  /// All rows, ended by newlines; what tests compare and what a failure shows.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  /// Whether a row holds the text.
  public func contains(_ text: String) -> Bool { find(text) != nil }

  /// Where the text stands first: its row, and the column of its first character.
  public func find(_ text: String) -> (row: Int, column: Int)? {
    guard let first = text.first else { return nil }
    for row in 0..<height where line(row).contains(text) {
      for column in 0..<width where cells[row * width + column].text.first == first {
        let rest = cells[row * width + column..<(row + 1) * width].map(\.text).joined()
        if rest.hasPrefix(text) { return (row, column) }
      }
    }
    return nil
  }
}

// A failed expectation shows the screen, not 20,000 cells.
extension VirtualScreen: CustomStringConvertible, CustomReflectable {
  /// The text.
  public var description: String { "\n" + text }
  /// Nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
