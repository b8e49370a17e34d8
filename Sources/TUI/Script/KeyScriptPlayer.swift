import Engine

/// Plays a script: says what the person of the script does next, once the state is ready for it.
public struct KeyScriptPlayer: Sendable {
  /// What comes next.
  public enum Turn: Sendable {
    /// This happens now.
    case event(Event)
    /// Something must happen outside first.
    case waiting
    /// The script is at its end.
    case ended
    /// It waits for something that cannot come any more: what, and in which line.
    case stuck(InputError)
  }

  /// The script.
  public let script: KeyScript
  /// The screen takes the sizes of the script; a real terminal has the size that it has.
  public let resizes: Bool
  private var next = 0
  private var keys: ArraySlice<Key> = []

  /// A player at the start of a script.
  public init(_ script: KeyScript, resizes: Bool) {
    self.script = script
    self.resizes = resizes
  }

  /// The line of the step that was done last, or is under way; 0 before the first.
  public var line: Int { next > 0 ? script.entries[next - 1].line : 0 }

  /// What comes next in this state; to be asked again after every event.
  public mutating func turn(_ state: ExplorerState) -> Turn {
    guard state.isSettled else { return .waiting }
    if let key = keys.popFirst() { return .event(.key(key)) }
    while next < script.entries.count {
      let entry = script.entries[next]
      if case .wait(let wait) = entry.step {
        guard holds(wait, in: state) else { return state.isAtRest ? .stuck(stuck(wait, entry)) : .waiting }
        next += 1
        continue
      }
      next += 1
      switch entry.step {
      case .press(let pressed): keys = pressed[...]
      case .type(let text): keys = text.map(Key.character)[...]
      case .paste(let text): return .event(.paste(text))
      case .mouse(let mouse): return .event(.mouse(mouse))
      case .resize(let size):
        if resizes { return .event(.resize(size)) }
      case .wait: break
      }
      if let key = keys.popFirst() { return .event(.key(key)) }
    }
    return .ended
  }

  private func holds(_ wait: KeyScript.Wait, in state: ExplorerState) -> Bool {
    switch wait {
    case .rest: state.isAtRest
    case .plan: state.shown != nil
    case .text(let text): plainText(render(state, size: state.size)).contains { $0.contains(text) }
    }
  }

  private func stuck(_ wait: KeyScript.Wait, _ entry: KeyScript.Entry) -> InputError {
    let what: String
    switch wait {
    case .text(let text): what = "'\(text)' does not stand on the screen, and nothing is still to come"
    case .plan, .rest: what = "the search has ended without a plan"
    }
    return .unsupported(
      at: InputPlace(file: script.file, line: entry.line, field: "wait"), what: what,
      remedy: "look at the screen at this line, and wait for a text on it")
  }
}
