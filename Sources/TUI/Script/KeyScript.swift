/// What a person does in the explorer, written down so that it can be played again (docs/keys-scripts.md).
public struct KeyScript: Sendable, Equatable {
  /// One thing that is done, or waited for.
  public enum Step: Sendable, Equatable {
    /// Keys, one after the other.
    case press([Key])
    /// A text, typed letter by letter.
    case type(String)
    /// A text, pasted at once.
    case paste(String)
    /// The mouse, at a cell.
    case mouse(MouseEvent)
    /// The screen has another size.
    case resize(Size)
    /// Nothing is done until something holds.
    case wait(Wait)
  }

  /// What a script waits for.
  public enum Wait: Sendable, Equatable {
    /// The search has ended, and all that was asked of the engine is answered.
    case rest
    /// There is a plan on the screen.
    case plan
    /// A row of the screen holds the text.
    case text(String)
  }

  /// A step and where it stands.
  public struct Entry: Sendable, Equatable {
    /// The step.
    public var step: Step
    /// Its line in the file, from 1.
    public var line: Int
  }

  /// What messages call it: the file's name.
  public var file: String
  /// The steps in order.
  public internal(set) var entries: [Entry] = []

  /// A script without steps.
  public init(file: String) { self.file = file }

  /// The steps without their lines.
  var steps: [Step] { entries.map(\.step) }
}
