import Testing

@testable import TUI

/// Colour is never the only sign: what must be told apart can be without any.
@Suite struct SignTests {
  private static let size = Size(width: 120, height: 36)

  /// A cell as it is seen without colours.
  private struct Seen: Hashable {
    var text: String
    var attributes: [Bool]

    init(_ cell: Cell) {
      text = cell.text
      attributes = [cell.style.bold, cell.style.dim, cell.style.reverse, cell.style.underline]
    }
  }

  private func seen(_ state: ExplorerState) -> [Seen] { render(state, size: Self.size).cells.map(Seen.init) }

  /// States in every theme without colours, in ASCII.
  private func states(_ build: () throws -> ExplorerState) throws -> [ExplorerState] {
    try Theme.shipped().map { theme in
      var state = try build()
      state.look = Look(theme: theme, depth: .none, charset: .ascii)
      return state
    }
  }

  private func opened() throws -> ExplorerState {
    var state = try Scenes.finished(stages: 4, size: Self.size)
    Scenes.type("2gjjllllll", &state)
    return state
  }

  @Test("a pinned cell has a mark of its own, under the cursor and beside it: a star, or a line where there is no room")
  func pinned() throws {
    for free in try states(opened) {
      for (column, hasRoom) in [("hhhh", true), ("", false)] {
        var (before, pinned) = (free, free)
        Scenes.type(column, &before)
        Scenes.type(column + "p", &pinned)
        #expect(pinned.request.pins.pins.count == 1)
        (before.message, pinned.message) = (nil, nil)
        #expect(table(before) != table(pinned), "\(free.look.theme.name): under the cursor")
        let texts = [table(before), table(pinned)].map { $0.map(\.text) }
        #expect((texts[0] != texts[1]) == hasRoom, "\(free.look.theme.name): a star")
        Scenes.type("k", &before)
        Scenes.type("k", &pinned)
        #expect(table(before) != table(pinned), "\(free.look.theme.name): beside the cursor")
      }
    }
  }

  /// The rows of the stages in the stage table: neither the title, which counts pins, nor the pane's last line.
  private func table(_ state: ExplorerState) -> [Seen] {
    let cells = seen(state)
    return (6..<11).flatMap { y in (60..<Self.size.width).map { x in cells[y * Self.size.width + x] } }
  }

  @Test("the cell under the cursor is seen, in each column and each row, and so is the pane with the keys")
  func selected() throws {
    for start in try states(opened) {
      for keys in ["l", "j", "k", "3"] {
        var moved = start
        Scenes.type(keys, &moved)
        let differing = zip(seen(start), seen(moved)).filter { $0 != $1 }.count
        #expect(differing > 0, "\(start.look.theme.name): \(keys)")
      }
    }
  }

  @Test("a plan over its memory says so in words, and its bar has a sign")
  func over() throws {
    for state in try states({ try Scenes.over(size: Self.size) }) {
      let lines = plainText(render(state, size: Self.size))
      #expect(lines[1].contains("OVER"), "\(state.look.theme.name): \(lines[1])")
      let bars = lines.filter { $0.contains("GiB reserved") && $0.contains("wwww") }
      #expect(!bars.isEmpty && bars.allSatisfy { $0.contains("!") }, "\(state.look.theme.name): \(bars)")
    }
  }
}
