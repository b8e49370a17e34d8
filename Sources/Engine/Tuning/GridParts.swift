import Synchronization

/// Parts of strategy grids that pins leave: the same for all shapes of a search. From any thread.
final class GridParts: Sendable {
  private struct Key: Hashable {
    var pins: StagePins
    var grid: UInt64
    var isAlone: Bool
  }

  /// A part, with the places of its strategies in the grid.
  typealias Part = (grid: StrategyGrid, places: [Int])

  private let known = Mutex<[Key: Part]>([:])

  /// A part that was kept; `isAlone` says that there is no rank to shard over.
  func part(of grid: StrategyGrid, _ pins: StagePins, _ isAlone: Bool) -> Part? {
    known.withLock { $0[Key(pins: pins, grid: grid.fingerprint, isAlone: isAlone)] }
  }

  /// Keeps a part.
  func keep(_ part: Part, of grid: StrategyGrid, _ pins: StagePins, _ isAlone: Bool) {
    known.withLock { $0[Key(pins: pins, grid: grid.fingerprint, isAlone: isAlone)] = part }
  }
}
