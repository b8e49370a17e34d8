import Engine

/// A session in which a script is played, what happens is recorded, or both, or neither.
///
/// Its `update` stands in for that of the explorer. Until the script ends the keyboard is not the person's: the first key
/// that is pressed ends the script and does nothing else, but for Ctrl-C, which leaves as always.
public struct ScriptedSession: Sendable {
  /// What was recorded; nil where nothing is.
  public private(set) var recorder: KeyScriptRecorder?
  /// Why the script could not go on; nil where it could.
  public private(set) var failure: InputError?
  private var player: KeyScriptPlayer?

  /// A session; `records` says whether what happens is written down.
  public init(playing script: KeyScript?, resizes: Bool, records: Bool) {
    player = script.map { KeyScriptPlayer($0, resizes: resizes) }
    recorder = records ? KeyScriptRecorder() : nil
  }

  /// A script is being played.
  public var isPlaying: Bool { player != nil }

  /// What to say of a script that waits for an answer which nobody gives.
  public var unfinished: InputError {
    .unsupported(
      at: InputPlace(file: player?.script.file ?? "", line: player?.line),
      what: "what this line asks for is not answered here", remedy: "play the script on a terminal")
  }

  /// Takes an event from outside, and then whatever of the script can be done.
  public mutating func update(_ state: inout ExplorerState, _ event: Event) -> [Effect] {
    if case .key(let key) = event, key != .control("c"), let player {
      let line = player.line
      self.player = nil
      return state.say("the script was stopped in line \(line)", .warning)
    }
    return take(event, &state) + play(&state)
  }

  /// Does of the script what can be done before something must happen outside.
  public mutating func play(_ state: inout ExplorerState) -> [Effect] {
    var effects: [Effect] = []
    while let turn = player?.turn(state) {
      switch turn {
      case .event(let event):
        effects += take(event, &state)
        if effects.contains(where: \.isQuit) {
          player = nil
          return effects
        }
      case .waiting: return effects
      case .ended: player = nil
      case .stuck(let error):
        failure = error
        player = nil
        effects += state.say("\(error)", .bad)
      }
    }
    return effects
  }

  private mutating func take(_ event: Event, _ state: inout ExplorerState) -> [Effect] {
    recorder?.note(event, in: state)
    return TUI.update(&state, event)
  }
}

extension Effect {
  /// It ends the explorer.
  fileprivate var isQuit: Bool { if case .quit = self { true } else { false } }
}
