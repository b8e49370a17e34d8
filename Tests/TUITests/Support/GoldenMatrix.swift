import Engine
import Testing

@testable import TUI

/// The screens that show every pane at every size, with every set of characters and few and many stages.
///
/// One screen shows as many panes as fit: where one fills the screen there is a screen for each, with the keys in it.
struct GoldenMatrix {
  /// One of them.
  struct Screen: Sendable {
    /// Which panes are looked at: one by its name, or `all` that are open at first.
    var name: String
    /// Keys that open it, from Stages.
    var keys: String
    /// Its size.
    var size: Size
  }

  /// What the explorer shows with a plan of so many stages, before its size and characters are chosen.
  let state: ExplorerState
  /// Stages of the plan.
  let stages: Int

  /// Sizes of the matrix: one pane, four panes, and side panes beside them.
  static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 60)]
  /// Characters of the matrix.
  static let charsets: [Charset] = [.ascii, .braille]
  /// Stages of the plans of the matrix.
  static let stageCounts = [1, 4, 16]

  /// All screens of a size.
  static func screens(_ size: Size) -> [Screen] {
    func screen(_ name: String, _ keys: String) -> Screen { Screen(name: name, keys: keys, size: size) }
    let compare = screen("compare", "c")
    switch ScreenLayout(size: size, focus: .stages).kind {
    case .tooSmall: return []
    case .single: return Pane.allCases.map { screen($0.name, "\($0.rawValue)") }
    case .four: return [screen("all", "1"), screen("why", "w"), compare, screen("runs", "7")]
    case .wide: return [screen("all", ""), compare]
    }
  }

  /// A finished search, with columns compared, the plan judged, and the cursor on a stage's time.
  init(stages: Int) throws {
    self.stages = stages
    var state = try Scenes.compared(stages: stages, size: Self.sizes[1])
    Scenes.press([.escape, .escape, .character("7")], &state)
    Scenes.judge(&state)
    Scenes.press([.escape], &state)
    // To the end of the row of the first stage, and back to its time.
    Scenes.type("2gjj" + String(repeating: "l", count: 20) + "hhh", &state)
    try #require(state.focus == .stages && state.whyQuestion?.figure == .stable(0))
    self.state = state
  }

  /// The state that a screen shows.
  func state(_ screen: Screen, _ charset: Charset) -> ExplorerState {
    var state = state
    state.look.charset = charset
    Scenes.explained(.resize(screen.size), &state)
    Scenes.typeExplained(screen.keys, &state)
    return state
  }

  /// The name of its file.
  static func file(_ screen: Screen, _ charset: Charset, stages: Int) -> String {
    "\(screen.name)-\(screen.size.width)x\(screen.size.height)-\(charset.rawValue)-\(stages)"
  }

  /// What its file says of itself: the panes in sight among others.
  func title(_ screen: Screen, _ charset: Charset) -> String {
    let panes = Pane.allCases.filter { state(screen, charset).layout.area($0) != nil }.map(\.name)
    let depths = GoldenScreen.depths.map(\.name)
    return Entry.line(panes, screen.size, charset.rawValue, depths, stages: stages)
  }

  /// One combination of the matrix.
  struct Entry: Hashable {
    var pane: String
    var size: String
    var charset: String
    var depth: String
    var stages: String

    /// What a file says that shows some of them.
    static func line(_ panes: [String], _ size: Size, _ charset: String, _ depths: [String], stages: Int) -> String {
      "\(panes.joined(separator: " ")); \(size.width)x\(size.height); \(charset); colours "
        + "\(depths.joined(separator: " ")); stages \(stages)"
    }

    /// Those that the first line of a file tells of.
    static func read(_ line: String) -> [Entry] {
      let parts = line.split(separator: ";").map { $0.split(separator: " ").map(String.init) }
      guard parts.count == 5, let size = parts[1].first, let charset = parts[2].first, let stages = parts[4].last
      else { return [] }
      return parts[0].flatMap { pane in
        parts[3].dropFirst().map { Entry(pane: pane, size: size, charset: charset, depth: $0, stages: stages) }
      }
    }
  }
}
