import Engine
import Synchronization
import Testing

@testable import TUI

/// States as a person would meet them.
enum Scenes {
  static func look(_ charset: Charset = .braille, depth: ColourDepth = .full) throws -> Look {
    Look(theme: try #require(try Theme.named("dark")), depth: depth, charset: charset)
  }

  /// A finished search that was built before: nearly every test begins with one.
  private struct Finished: Hashable {
    var stages: Int
    var size: Size
    var alike: Bool
    var unlike: Bool
  }

  private static let known = Mutex<[Finished: ExplorerState]>([:])

  /// After a search that has found the optimum and the whole frontier.
  static func finished(
    stages: Int, size: Size, charset: Charset = .braille, alike: Bool = false, unlike: Bool = false
  ) throws -> ExplorerState {
    let scene = Finished(stages: stages, size: size, alike: alike, unlike: unlike)
    var state = try known.withLock { $0[scene] } ?? finish(scene)
    known.withLock { $0[scene] = state }
    state.look.charset = charset
    return state
  }

  private static func finish(_ scene: Finished) throws -> ExplorerState {
    let (stages, alike) = (scene.stages, scene.alike)
    var state = ExplorerState(
      workload: Samples.workload(), look: try look(), themes: try Theme.shipped(), size: scene.size,
      records: Samples.records)
    _ = start(&state)
    let best = Samples.plan(stages: stages, alike: alike, unlike: scene.unlike)
    send(.tune(.considered(Samples.considered(4000, around: best))), to: &state)
    send(.tune(.improved(best)), to: &state)
    var result = TuneResult(status: .optimal)
    result.best = best
    result.seconds = 1.4
    result.configurations = 1_234_567
    result.plans = 96
    result.lowerBoundSeconds = best.score.closedFormSeconds
    result.alternatives = [1, 2, 3].map { Samples.slower(best, by: Double($0) * 0.02) }
    result.covers = "all G, S with equal meshes, tp alike in all stages"
    send(.tuned(result), to: &state)
    for step in 0...8 {
      let plan = Samples.plan(stages: stages, saving: Double(step) / 8, alike: alike)
      send(.tune(.frontierPoint(FrontierPoint(memoryShare: 1 - Double(step) * 0.08, best: plan))), to: &state)
    }
    send(.frontierDone, to: &state)
    send(.timeline(best.plan, Samples.timeline(best)), to: &state)
    return state
  }

  /// While the search runs: nothing found yet, or a first plan.
  static func searching(found: Bool, size: Size, charset: Charset = .braille) throws -> ExplorerState {
    var state = ExplorerState(
      workload: Samples.workload(), look: try look(charset), themes: try Theme.shipped(), size: size,
      records: Samples.records)
    _ = start(&state)
    var progress = SearchProgress()
    progress.done = 40
    progress.total = 96
    progress.ruledOut = 12
    progress.configurations = 812_345
    progress.current = "G 64, S 4, tp 2"
    send(.tune(.progress(progress)), to: &state)
    guard found else { return state }
    let plan = Samples.plan(stages: 4, saving: 0.5)
    send(.tune(.considered(Samples.considered(200, around: plan))), to: &state)
    send(.tune(.improved(plan)), to: &state)
    return state
  }

  /// While the sizes of the cluster are swept: nothing fits one node, two and four are found.
  static func sizes(size: Size, charset: Charset = .braille) throws -> ExplorerState {
    var state = try finished(stages: 4, size: size, charset: charset)
    state.workload.cluster.nodeType.dollarsPerGPUHour = Figure(2.5, .assumed, source: "test")
    type("1x", &state)
    for (nodes, growth) in [(1, 0.0), (2, 1.8), (4, 1.0)] {
      var workload = state.workload
      workload.cluster.nodes = nodes
      let best = growth > 0 ? Samples.slower(Samples.plan(stages: nodes), by: growth - 1) : nil
      _ = update(&state, .sizes(.point(SweepPoint(workload: workload, best: best)), ticket: state.sizes.ticket))
    }
    return state
  }

  /// After a search that has found that nothing fits.
  static func infeasible(size: Size) throws -> ExplorerState {
    var state = try searching(found: false, size: size)
    var result = TuneResult(status: .infeasible)
    result.seconds = 0.8
    result.infeasibility = Infeasibility(
      stage: 3, part: .optimizer, missingBytes: 2.4 * Samples.gib,
      suggestions: ["batch 256 instead of 512", "12 nodes instead of 4", "GPUs of 80 GB"].map { FittingChange($0) })
    send(.tuned(result), to: &state)
    return state
  }

  /// A plan from a file that does not fit, opened before any search.
  static func over(size: Size) throws -> ExplorerState {
    let plan = Samples.plan(stages: 2, slack: -4)
    var state = ExplorerState(
      workload: Samples.workload(), look: try look(), themes: try Theme.shipped(), size: size, plan: plan,
      records: Samples.records)
    send(.timeline(plan.plan, Samples.timeline(plan)), to: &state)
    return state
  }

  static func send(_ message: EngineMessage, to state: inout ExplorerState) {
    _ = update(&state, .engine(message, generation: state.search.generation))
  }

  static func press(_ keys: [Key], _ state: inout ExplorerState) {
    for key in keys { _ = update(&state, .key(key)) }
  }

  static func type(_ text: String, _ state: inout ExplorerState) {
    press(text.map { .character($0) }, &state)
  }
}
