import Engine
import Testing

@testable import TUI

/// Every pane, at every size, with every set of characters, in 256 colours and in none, with few and many stages:
/// recordings in `Golden/Panes/`, made again by `BRUME_RECORD=1 swift test --filter GoldenTests`. One after the other:
/// what is recorded is looked at when it is there.
@Suite(.serialized) struct PaneGoldenTests {
  @Test("every pane looks as recorded at every size", arguments: GoldenMatrix.stageCounts)
  func panes(stages: Int) throws {
    let matrix = try GoldenMatrix(stages: stages)
    for size in GoldenMatrix.sizes {
      for screen in GoldenMatrix.screens(size) {
        for charset in GoldenMatrix.charsets {
          let drawn = GoldenScreen(matrix.state(screen, charset), size: size)
          try GoldenFile.compare(
            drawn, "Panes/" + GoldenMatrix.file(screen, charset, stages: stages),
            title: matrix.title(screen, charset))
        }
      }
    }
  }

  @Test("the recordings show every pane at each size, with each set of characters, at each depth, with 1, 4, 16 stages")
  func complete() throws {
    let entries = try GoldenFile.recorded(in: "Panes").values.flatMap(GoldenMatrix.Entry.read)
    var wanted: Set<GoldenMatrix.Entry> = []
    for pane in Pane.allCases {
      for size in ["80x24", "120x36", "200x60"] {
        for (charset, depth) in [("ascii", "none"), ("ascii", "256"), ("braille", "none"), ("braille", "256")] {
          for stages in ["1", "4", "16"] {
            wanted.insert(.init(pane: pane.name, size: size, charset: charset, depth: depth, stages: stages))
          }
        }
      }
    }
    #expect(Set(entries) == wanted)
  }

  @Test("no recording of a pane is left over from a screen that is drawn no more")
  func leftover() throws {
    let names = GoldenMatrix.stageCounts.flatMap { stages in
      GoldenMatrix.sizes.flatMap(GoldenMatrix.screens).flatMap { screen in
        GoldenMatrix.charsets.map { GoldenMatrix.file(screen, $0, stages: stages) }
      }
    }
    #expect(try Set(GoldenFile.recorded(in: "Panes").keys) == Set(names))
  }
}
