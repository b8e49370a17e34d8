/// Writes down what a person does, with the waits that make it come out the same when it is played.
public struct KeyScriptRecorder: Sendable {
  /// What was done so far.
  public private(set) var script = KeyScript(file: "")
  private var knowsRest: Bool?
  private var knowsPlan = false

  /// A recorder of nothing so far.
  public init() {}

  /// Takes down an event that comes from the terminal; to be called before the state takes it, and for all other events
  /// too.
  ///
  /// Where the search or a list has ended or the first plan has come since the last step, that is waited for. Ctrl-Z is left out:
  /// a script must not stop the process that plays it.
  public mutating func note(_ event: Event, in state: ExplorerState) {
    if knowsRest == nil { (knowsRest, knowsPlan) = (state.isAtRest, state.shown != nil) }
    if state.isWorkingLong { knowsRest = false }
    switch event {
    case .key(.control("z")): return
    case .key(let key):
      waitForState(state)
      press(key, typing: Self.takesText(state.dialog))
    case .paste(let text):
      waitForState(state)
      add(.paste(text))
    case .mouse(let mouse):
      guard mouse.x >= 0, mouse.y >= 0 else { return }
      waitForState(state)
      add(.mouse(mouse))
    case .resize(let size):
      waitForState(state)
      if size.width > 0, size.height > 0 { add(.resize(size)) }
    default: break
    }
  }

  private mutating func waitForState(_ state: ExplorerState) {
    if state.isAtRest, knowsRest == false {
      add(.wait(.rest))
      (knowsRest, knowsPlan) = (true, state.shown != nil)
    } else if state.shown != nil, !knowsPlan {
      add(.wait(.plan))
      knowsPlan = true
    }
  }

  /// Letters go into a field, and are no commands.
  private static func takesText(_ dialog: Dialog?) -> Bool {
    switch dialog {
    case .help, .save, .export: true
    default: false
    }
  }

  /// A key at the end of the line before, where that is of keys too; letters into a field as a text.
  private mutating func press(_ key: Key, typing: Bool) {
    if typing, case .character(let character) = key {
      guard case .type(let text) = script.steps.last, text.count < Self.longestText else {
        return add(.type(String(character)))
      }
      return replaceLast(.type(text + String(character)))
    }
    guard case .press(let keys) = script.steps.last, keys.count < Self.longestLine else { return add(.press([key])) }
    replaceLast(.press(keys + [key]))
  }

  /// Most keys in a line.
  private static let longestLine = 20
  /// Most letters in a line.
  private static let longestText = 200

  private mutating func add(_ step: KeyScript.Step) {
    script.entries.append(KeyScript.Entry(step: step, line: script.entries.count + 1))
  }

  private mutating func replaceLast(_ step: KeyScript.Step) {
    guard let last = script.entries.indices.last else { return }
    script.entries[last].step = step
  }
}
