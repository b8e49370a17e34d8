extension VirtualScreen {
  /// Does what a control sequence says.
  mutating func run(_ sequence: ControlSequence) {
    switch (sequence.mark, sequence.final) {
    case ("?", "h"), ("?", "l"): for mode in sequence.numbers { set(mode ?? 0, on: sequence.final == "h") }
    case ("", "h"), ("", "l"), ("", "t"), ("", "c"), ("?", "c"), (">", "c"): break  // no matter here
    case ("", "m"): select(sequence.numbers)
    case ("", "r"):
      scrollTop = min(sequence.count(0), height) - 1
      scrollBottom = min(max(sequence.number(1) ?? height, 1), height) - 1
      move(row: 0, column: 0)
    case ("", _): if !runMovement(sequence) && !runEditing(sequence) { misunderstood.append("\(sequence)") }
    default: misunderstood.append("\(sequence)")
    }
  }

  private mutating func runMovement(_ sequence: ControlSequence) -> Bool {
    let count = sequence.count()
    switch sequence.final {
    case "A": move(row: cursorRow - count, column: cursorColumn)
    case "B", "e": move(row: cursorRow + count, column: cursorColumn)
    case "C", "a": move(row: cursorRow, column: cursorColumn + count)
    case "D": move(row: cursorRow, column: cursorColumn - count)
    case "E": move(row: cursorRow + count, column: 0)
    case "F": move(row: cursorRow - count, column: 0)
    case "G", "`": move(row: cursorRow, column: count - 1)
    case "H", "f": move(row: count - 1, column: sequence.count(1) - 1)
    case "d": move(row: count - 1, column: cursorColumn)
    case "I": move(row: cursorRow, column: (cursorColumn / 8 + count) * 8)
    case "Z": move(row: cursorRow, column: ((cursorColumn + 7) / 8 - count) * 8)
    case "s": savedCursor = (cursorRow, cursorColumn)
    case "u": move(row: savedCursor.row, column: savedCursor.column)
    default: return false
    }
    return true
  }

  private mutating func runEditing(_ sequence: ControlSequence) -> Bool {
    let count = sequence.count()
    let start = cursorRow * width
    switch sequence.final {
    case "J": eraseScreen(sequence.number() ?? 0)
    case "K":
      let part = sequence.number() ?? 0
      erase(start + (part == 0 ? cursorColumn : 0)..<start + (part == 1 ? cursorColumn + 1 : width))
    case "X": erase(start + cursorColumn..<start + min(width, cursorColumn + count))
    case "@":
      let inserted = min(count, width - cursorColumn)
      for column in stride(from: width - 1, through: cursorColumn + inserted, by: -1) {
        cells[start + column] = cells[start + column - inserted]
      }
      erase(start + cursorColumn..<start + cursorColumn + inserted)
    case "P":
      let removed = min(count, width - cursorColumn)
      for column in cursorColumn..<width - removed { cells[start + column] = cells[start + column + removed] }
      erase(start + width - removed..<start + width)
    case "L": scroll(from: cursorRow, to: scrollBottom, by: -count)
    case "M": scroll(from: cursorRow, to: scrollBottom, by: count)
    case "S": scroll(from: scrollTop, to: scrollBottom, by: count)
    case "T": scroll(from: scrollTop, to: scrollBottom, by: -count)
    case "b": for _ in 0..<count { put(lastCharacter, width: 1) }
    default: return false
    }
    wrapIsPending = false
    return true
  }

  private mutating func eraseScreen(_ part: Int) {
    let here = cursorRow * width + cursorColumn
    switch part {
    case 0:
      if here == 0 { clears += 1 }
      erase(here..<cells.count)
    case 1: erase(0..<here + 1)
    default:
      clears += 1
      erase(0..<cells.count)
    }
  }

  private mutating func erase(_ range: Range<Int>) {
    var blank = Cell()
    blank.look.background = look.background
    for index in range { cells[index] = blank }
  }

  /// Sets or resets a private mode; the alternate screen starts empty.
  private mutating func set(_ mode: Int, on: Bool) {
    let isAlternate = mode == 1049 || mode == 1047 || mode == 47
    if isAlternate && on != modes.contains(mode) {
      swap(&cells, &otherCells)
      if on {
        savedCursor = (cursorRow, cursorColumn)
        for index in cells.indices { cells[index] = Cell() }
      } else {
        move(row: savedCursor.row, column: savedCursor.column)
      }
    }
    if on { modes.insert(mode) } else { modes.remove(mode) }
  }

  private mutating func select(_ numbers: [Int?]) {
    var rest = numbers.map { $0 ?? 0 }[...]
    if rest.isEmpty { look = Look() }
    while let number = rest.popFirst() {
      switch number {
      case 0: look = Look()
      case 1: look.bold = true
      case 2: look.dim = true
      case 4: look.underline = true
      case 7: look.reverse = true
      case 22: (look.bold, look.dim) = (false, false)
      case 24: look.underline = false
      case 27: look.reverse = false
      case 30...37: look.foreground = number - 30
      case 40...47: look.background = number - 40
      case 90...97: look.foreground = number - 82
      case 100...107: look.background = number - 92
      case 10: break  // the first font: TERM=linux
      case 39: look.foreground = nil
      case 49: look.background = nil
      case 38 where rest.count >= 2 && rest.first == 5: look.foreground = rest.dropFirst().first
      case 48 where rest.count >= 2 && rest.first == 5: look.background = rest.dropFirst().first
      default: misunderstood.append("CSI \(number)m")
      }
      if number == 38 || number == 48 { rest = rest.dropFirst(2) }
    }
  }

  /// Moves the cursor, kept inside.
  mutating func move(row: Int, column: Int) {
    cursorRow = min(max(row, 0), height - 1)
    cursorColumn = min(max(column, 0), width - 1)
    wrapIsPending = false
  }

  /// Down, scrolling at the bottom of the region.
  mutating func lineFeed() {
    if cursorRow == scrollBottom {
      scroll(from: scrollTop, to: scrollBottom, by: 1)
    } else {
      move(row: cursorRow + 1, column: cursorColumn)
    }
  }

  /// Up, scrolling at the top of the region.
  mutating func reverseLineFeed() {
    if cursorRow == scrollTop {
      scroll(from: scrollTop, to: scrollBottom, by: -1)
    } else {
      move(row: cursorRow - 1, column: cursorColumn)
    }
  }

  /// Moves rows up (positive) or down within a region; empty ones come in.
  private mutating func scroll(from top: Int, to bottom: Int, by count: Int) {
    guard top <= bottom else { return }
    let rows = top...bottom
    let old = cells
    for row in rows {
      if rows.contains(row + count) {
        for column in 0..<width { cells[row * width + column] = old[(row + count) * width + column] }
      } else {
        erase(row * width..<(row + 1) * width)
      }
    }
  }

  /// Puts a character of 0, 1 or 2 columns at the cursor, with the late wrap of xterm and vt100.
  mutating func put(_ text: String, width characterWidth: Int) {
    if characterWidth == 0 {
      let index = cursorRow * width + cursorColumn - (wrapIsPending ? 0 : 1)
      if cells.indices.contains(index) { cells[index].text += text }
      return
    }
    if wrapIsPending || cursorColumn + characterWidth > width {
      lineFeed()
      move(row: cursorRow, column: 0)
    }
    let index = cursorRow * width + cursorColumn
    cells[index] = Cell(text: text, look: look)
    if characterWidth == 2 && cursorColumn + 1 < width { cells[index + 1] = Cell(text: "", look: look) }
    lastCharacter = text
    if cursorColumn + characterWidth >= width {
      cursorColumn = width - 1
      wrapIsPending = modes.contains(7)
    } else {
      cursorColumn += characterWidth
    }
  }
}
