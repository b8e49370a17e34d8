/// What a person has chosen for every session: looks, mouse, copying and keys (docs/settings.md).
///
/// What is nil or false follows the terminal. The explorer changes a copy and asks for it to be written.
public struct ExplorerSettings: Sendable, Equatable {
  /// Name of the theme; nil for the first one.
  public var theme: String?
  /// The most that characters may need; a terminal that shows less gets less. Nil for all that it shows.
  public var charset: Charset?
  /// The most colours that are used; nil for all that the terminal has.
  public var depth: ColourDepth?
  /// The terminal reports the mouse.
  public var usesMouse = true
  /// Where `copy` puts what it copies.
  public var copyTarget = CopyTarget.terminal
  /// The keys of the commands.
  public var keymap = Keymap()

  /// The settings of somebody who has changed nothing.
  public init() {}
}

/// Where copied text goes.
public enum CopyTarget: String, Sendable, CaseIterable {
  /// To the terminal, which puts it into the clipboard (OSC 52).
  case terminal
  /// Into a file, whose path is told.
  case file
}

/// What the terminal of this session can do; the settings choose within it.
public struct TerminalAbilities: Sendable, Equatable {
  /// The richest characters that it shows.
  public var charset: Charset
  /// The most colours that it has, none where the person's environment wants none.
  public var depth: ColourDepth
  /// It is not known to ignore what is sent for the clipboard.
  public var takesCopies: Bool

  /// A terminal; by default one that can do everything.
  public init(charset: Charset = .braille, depth: ColourDepth = .full, takesCopies: Bool = true) {
    self.charset = charset
    self.depth = depth
    self.takesCopies = takesCopies
  }
}

extension ExplorerSettings {
  /// The characters on a terminal.
  public func charset(on terminal: TerminalAbilities) -> Charset {
    Self.lesser(charset, terminal.charset)
  }

  /// The colours on a terminal.
  public func depth(on terminal: TerminalAbilities) -> ColourDepth {
    Self.lesser(depth, terminal.depth)
  }

  /// The one of two that asks less of a terminal; cases go from little to much.
  private static func lesser<Value: CaseIterable & Equatable>(_ wanted: Value?, _ most: Value) -> Value {
    guard let wanted else { return most }
    return Value.allCases.first { $0 == wanted || $0 == most } ?? most
  }
}
