import Engine

/// A colour of a cell: the terminal's own, or an index of the 256-colour palette.
///
/// Themes name colours for 256, 16 and no colours; the frame already holds those of the depth in use.
public enum Colour: Sendable, Hashable {
  /// The terminal's default.
  case terminal
  /// 0...255.
  case indexed(UInt8)
}

/// How a cell looks.
public struct Style: Sendable, Hashable {
  /// Text colour.
  public var foreground: Colour = .terminal
  /// Background colour.
  public var background: Colour = .terminal
  /// Bold.
  public var bold = false
  /// Dim.
  public var dim = false
  /// Foreground and background exchanged.
  public var reverse = false
  /// Underlined.
  public var underline = false

  /// The terminal's own look.
  public init() {}

  /// A style of its parts.
  public init(
    foreground: Colour = .terminal, background: Colour = .terminal, bold: Bool = false, dim: Bool = false,
    reverse: Bool = false, underline: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.bold = bold
    self.dim = dim
    self.reverse = reverse
    self.underline = underline
  }
}

/// One cell: a character of width 1 or 2 with its combining marks; the right half of a wide one is `.continuation`.
public struct Cell: Sendable, Hashable {
  /// What stands there; the empty string in the right half of a wide character.
  public var text: String
  /// How it looks.
  public var style: Style

  /// A cell.
  public init(text: String = " ", style: Style = Style()) {
    self.text = text
    self.style = style
  }

  /// An empty cell.
  public static let blank = Cell()
  /// The right half of a wide character.
  public static let continuation = Cell(text: "")
}

/// Columns and rows.
public struct Size: Sendable, Hashable {
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// Columns and rows.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// A rectangle of cells.
public struct Rect: Sendable, Hashable {
  /// Left column, from 0.
  public var x: Int
  /// Top row, from 0.
  public var y: Int
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A rectangle.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// A picture of the whole screen: cells, and what each place stands for.
public struct Frame: Sendable, Equatable {
  /// Columns and rows.
  public let size: Size
  /// Row-major, `size.width * size.height` cells.
  public internal(set) var cells: [Cell]
  /// What can be pointed at, last drawn first found.
  public internal(set) var hits: [Hit]

  /// A place on the screen and what it selects.
  public struct Hit: Sendable, Equatable {
    /// The place.
    public var area: Rect
    /// What it selects.
    public var target: HitTarget
  }

  /// An empty screen.
  public init(size: Size) {
    self.size = size
    cells = [Cell](repeating: .blank, count: max(0, size.width * size.height))
    hits = []
  }
}

/// What a place on the screen selects when pointed at.
public enum HitTarget: Sendable, Hashable {
  /// A pane, by its number from 1.
  case pane(Int)
  /// A point of the frontier, by its index.
  case frontierPoint(Int)
  /// A stage, from 0.
  case stage(Int)
  /// A column of the stage table, by its index.
  case column(Int)
  /// A choice in the plan's own row.
  case planCell(PlanKnob)
  /// A choice in the row of the run.
  case runCell(WorkloadKnob)
  /// A row of the Why pane, by its index among all of them.
  case whyRow(Int)
  /// The moments of the timeline: the wheel zooms there, and dragging moves it.
  case timeline
  /// A pass of a stage's schedule, by its index there.
  case pass(stage: Int, interval: Int)
}
