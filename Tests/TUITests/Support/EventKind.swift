import Engine

@testable import TUI

/// Which event one is, for the random ones: whoever adds an event is told by the compiler that it needs a kind here and
/// a generator in `RandomEvents`.
enum EventKind: CaseIterable {
  case key, mouse, paste, resize, engine, list, why, marginal, compare, sizes
  case saved, exists, exported, imported, settingsSaved, session, copied

  /// The kind of an event.
  init(_ event: Event) {
    switch event {
    case .key: self = .key
    case .mouse: self = .mouse
    case .paste: self = .paste
    case .resize: self = .resize
    case .engine: self = .engine
    case .list: self = .list
    case .why: self = .why
    case .marginal: self = .marginal
    case .compare: self = .compare
    case .sizes: self = .sizes
    case .saved: self = .saved
    case .exists: self = .exists
    case .exported: self = .exported
    case .imported: self = .imported
    case .settingsSaved: self = .settingsSaved
    case .session: self = .session
    case .copied: self = .copied
    }
  }

  /// How often it comes, of the sum of all.
  var weight: Int {
    switch self {
    case .key: 72
    case .mouse: 5
    case .paste: 2
    case .resize: 2
    case .engine: 12
    case .list, .why, .compare, .sizes: 3
    case .marginal: 2
    case .saved, .exists, .exported, .imported, .settingsSaved, .session, .copied: 1
    }
  }
}

/// Which message of the engine one is, alike.
enum EngineMessageKind: CaseIterable {
  case improved, considered, progress, frontierPoint, tuned, frontierDone, timeline, scored, unscored

  /// The kind of a message.
  init(_ message: EngineMessage) {
    switch message {
    case .tune(.improved): self = .improved
    case .tune(.considered): self = .considered
    case .tune(.progress): self = .progress
    case .tune(.frontierPoint): self = .frontierPoint
    case .tuned: self = .tuned
    case .frontierDone: self = .frontierDone
    case .timeline: self = .timeline
    case .scored: self = .scored
    case .unscored: self = .unscored
    }
  }
}
