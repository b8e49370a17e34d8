import Synchronization

/// Frontiers of stages that were found before, for searches over the same model, machines and runtime
/// (docs/pipeline.md, "A session").
///
/// A frontier holds every point within its caps, so it answers for all tighter ones. Searches with different pins,
/// limits or batches ask for the same ones wherever what a stage depends on is the same. From any thread.
final class FrontierMemory: Sendable {
  /// What all stages of one evaluation of the tape have in common.
  struct Group: Hashable {
    /// One setting for each kind of recomputation.
    var settings: [StageSetting]
    /// Which strategies.
    var grid: UInt64
  }

  /// What tells the stages of a group apart.
  struct Place: Hashable {
    /// Where it stands, and its layers.
    var position: StagePosition
    /// Memory limits.
    var limits: StageLimits
    /// Seconds beside its layers.
    var fixedSeconds: Double
    /// t is the first and last at once.
    var singleMicroBatch: Bool
    /// Model chunks on each GPU.
    var chunks: Int
    /// Allowed numbers of recomputed layers of a pass; nil for all.
    var held: [Int]?
  }

  /// How many points are kept; beyond that everything is forgotten.
  private static let mostPoints = 1_500_000

  private struct State {
    var groups: [Group: [Place: StageFrontier]] = [:]
    var points = 0
  }

  private let state = Mutex(State())

  /// The frontiers that are known of some places of a group, each within the caps that are asked for.
  func frontiers(_ group: Group, _ places: [(place: Place, caps: StageCaps)]) -> [StageFrontier?] {
    state.withLock { state in
      guard let known = state.groups[group] else { return places.map { _ in nil } }
      return places.map { known[$0.place]?.within($0.caps) }
    }
  }

  /// Keeps frontiers of a group.
  func keep(_ group: Group, _ found: [(place: Place, frontier: StageFrontier)]) {
    state.withLock { state in
      if state.points > Self.mostPoints { state = State() }
      for (place, frontier) in found {
        state.points += 1 + frontier.points.count
        state.groups[group, default: [:]][place] = frontier
      }
    }
  }
}

extension StageFrontier {
  /// The part within tighter caps; nil where the caps are wider than those of this one.
  fileprivate func within(_ caps: StageCaps) -> StageFrontier? {
    guard caps.stable <= self.caps.stable, caps.firstLast <= self.caps.firstLast else { return nil }
    return StageFrontier(points.filter { $0.stable <= caps.stable && $0.firstLast <= caps.firstLast }, caps: caps)
  }
}

extension [StagePlace] {
  /// As `fill` without a memory, asking it first and telling it what was found.
  mutating func fill(
    model: StageModel, settings: [StageSetting], grid: StrategyGrid, memory: FrontierMemory?, cancel: CancelToken
  ) -> Bool {
    guard let memory else { return fill(model: model, settings: settings, grid: grid, cancel: cancel) }
    let group = FrontierMemory.Group(settings: settings, grid: grid.fingerprint)
    let keys = map(\.key)
    let known = memory.frontiers(group, indices.map { (keys[$0], self[$0].frontier.caps) })
    var missing: [Int] = []
    for (index, frontier) in known.enumerated() {
      if let frontier { self[index].frontier = frontier } else { missing.append(index) }
    }
    guard !missing.isEmpty else { return true }
    // Somewhat wider caps than asked for: the next question is a little different.
    var wide = missing.map { index in
      var place = self[index]
      place.frontier = StageFrontier(caps: place.frontier.caps.widened)
      return place
    }
    guard wide.fill(model: model, settings: settings, grid: grid, cancel: cancel) else { return false }
    memory.keep(group, zip(missing, wide).map { (keys[$0], $1.frontier) })
    for (index, place) in zip(missing, wide) {
      let caps = self[index].frontier.caps
      self[index].frontier = place.frontier.within(caps) ?? place.frontier
    }
    return true
  }
}

extension StageCaps {
  /// A fifth wider.
  fileprivate var widened: StageCaps { StageCaps(stable: 1.2 * stable, firstLast: 1.2 * firstLast) }
}

extension StagePlace {
  /// What tells it apart from others of its group.
  fileprivate var key: FrontierMemory.Place {
    FrontierMemory.Place(
      position: sweep.formula.position, limits: sweep.limits, fixedSeconds: sweep.fixedSeconds,
      singleMicroBatch: sweep.singleMicroBatch, chunks: sweep.chunks, held: sweep.held)
  }
}
