import Engine
import Testing

@testable import TUI

/// The two axes of the frontier, and the sizes of the cluster.
@Suite("Frontier axes")
struct FrontierAxesTests {
  @Test("x sweeps the sizes of the cluster; Enter makes one the cluster with its plan, and undo brings the old back")
  func sizes() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    let before = state.draft
    host.press([.character("1"), .character("x")], &state)
    #expect(state.sizes.points.map(\.gpus) == [1, 2, 4] && !state.sizes.isRunning)
    #expect(screen(state).contains("s/iter by GPUs, both logarithmic") && screen(state).contains("3 sizes"))
    // The last size is the cluster itself: nothing to take.
    host.press([.enter], &state)
    #expect(state.draft == before && state.message?.text == "this is the cluster already")
    host.press([.character("h")], &state)
    let point = try #require(state.sizes.point)
    host.press([.enter], &state)
    #expect(state.workload.cluster.gpusPerNode == 2)
    #expect(state.plans.taken?.plan == point.best?.plan && state.plans.taken?.score == point.best?.score)
    // The sizes still answer the question: it differs in its size alone.
    #expect(!state.sizesAreStale && state.sizes.points.count == 3)
    host.press([.character("u")], &state)
    #expect(state.draft == before)
  }

  @Test("sizes of another question are swept again after its search, where they are looked at")
  func follows() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    host.press([.character("1"), .character("x")], &state)
    let ticket = state.sizes.ticket
    var changed = state.workload
    changed.run.globalBatch = 8
    for effect in state.edit(.batch, changed) { host.perform(effect, &state) }
    #expect(state.sizes.ticket == ticket + 1 && !state.sizesAreStale)
    #expect(state.sizes.points.allSatisfy { $0.workload.run.globalBatch == 8 })
  }

  @Test("Esc stops the sweep and keeps what it found; late answers to another are dropped")
  func stops() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    host.press([.character("1"), .character("x")], &state)
    let points = state.sizes.points
    var waiting = try SmallHost.opened()
    let effects = update(&waiting, .key(.character("1"))) + update(&waiting, .key(.character("x")))
    #expect(sweeps(effects))
    let ticket = waiting.sizes.ticket
    _ = update(&waiting, .sizes(.point(points[0]), ticket: ticket))
    _ = update(&waiting, .sizes(.point(points[1]), ticket: ticket - 1))
    #expect(waiting.sizes.points == [points[0]] && screen(waiting).contains("1 size so far"))
    let stop = update(&waiting, .key(.escape))
    #expect(stop.contains { if case .cancelSizes = $0 { true } else { false } })
    #expect(screen(waiting).contains("stopping"))
    _ = update(&waiting, .sizes(.done, ticket: ticket))
    #expect(!waiting.isWorking && waiting.sizes.points == [points[0]])
    // What was stopped is not complete: asked for anew it is swept again.
    _ = update(&waiting, .key(.character("x")))
    #expect(sweeps(update(&waiting, .key(.character("x")))) && waiting.sizes.ticket == ticket + 1)
  }

  @Test("sizes wait for a search that runs, and a search of another question ends their sweep")
  func waits() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    let search = start(&state)
    #expect(!sweeps(update(&state, .key(.character("1"))) + update(&state, .key(.character("x")))))
    #expect(screen(state).contains("tried after the search") && !state.sizes.isRunning)
    let generation = state.search.generation
    _ = update(&state, .engine(.tuned(TuneResult(status: .infeasible)), generation: generation))
    #expect(sweeps(update(&state, .engine(.frontierDone, generation: generation))) && !state.isAtRest)
    let ticket = state.sizes.ticket
    var changed = state.workload
    changed.run.globalBatch = 8
    let effects = state.edit(.batch, changed)
    #expect(effects.contains { if case .cancelSizes = $0 { true } else { false } } && !state.sizes.isRunning)
    _ = update(&state, .sizes(.done, ticket: ticket))
    #expect(!state.sizes.isComplete && state.sizesAreStale)
    for effect in effects + search { host.perform(effect, &state) }
    #expect(state.sizes.isComplete && !state.sizesAreStale && state.isAtRest)
  }

  @Test("sizes of another question are not taken, and say so")
  func stale() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    host.press([.character("1"), .character("x"), .character("h")], &state)
    state.request.pins = try PlanPins(texts: ["stages=2"])
    let before = state.draft
    #expect(screen(state).contains("of another question"))
    host.press([.enter], &state)
    #expect(state.draft == before && state.message?.text.contains("another question") == true)
  }

  @Test("where the price goes, the axis shows seconds until it is known again")
  func priceGoes() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    state.workload.cluster.nodeType.dollarsPerGPUHour = Figure(3.6, .assumed, source: "test")
    host.press([.character("1"), .character("v"), .character("v")], &state)
    #expect(state.frontierUp == .tokenCost && screen(state).contains("simulated $/M tokens by GiB reserved"))
    state.workload.cluster.nodeType.dollarsPerGPUHour = nil
    #expect(state.frontierUp == .seconds && screen(state).contains("simulated s/iter by GiB reserved"))
  }

  @Test("v shows what is known: costs only with a price, and the cost of the training only with its tokens")
  func heights() throws {
    var state = try SmallHost.opened()
    state.workload.cluster.nodeType.dollarsPerGPUHour = nil
    #expect(ups(&state) == [.throughput, .seconds])
    #expect(state.message?.text == "cost is not shown: the rent of a GPU (dollarsPerGPUHour) is not known")
    state.workload.cluster.nodeType.dollarsPerGPUHour = Figure(3.6, .assumed, source: "test")
    #expect(ups(&state) == [.throughput, .tokenCost, .seconds])
    #expect(state.message?.text.contains("trainingTokens") == true)
    state.workload.run.trainingTokens = 16 * 1024 * 1000
    #expect(ups(&state) == [.throughput, .tokenCost, .trainingCost, .seconds])
    // Four GPUs at 3.6 dollars an hour: 0.004 dollars a second; a thousand iterations of 16 x 1024 tokens.
    let workload = state.workload
    #expect(abs(FrontierAxes.Up.tokenCost.value(seconds: 2, of: workload) - 0.008 / 16384 * 1e6) < 1e-12)
    #expect(abs(FrontierAxes.Up.trainingCost.value(seconds: 2, of: workload) - 0.008) < 1e-12)
  }

  @Test("the cost on the axis is the one that the engine gives for the same plan")
  func sameCost() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    state.workload.cluster.nodeType.dollarsPerGPUHour = Figure(3.6, .assumed, source: "test")
    host.press([.character("1"), .character("x")], &state)
    for point in state.sizes.points {
      guard let best = point.best, let cost = point.costPerMillionTokens else { continue }
      let value = FrontierAxes.Up.tokenCost.value(seconds: best.score.iterationSeconds, of: point.workload)
      #expect(abs(value - cost) < 1e-9 * cost)
    }
  }

  @Test("while a search runs the header says the time left and what is tried")
  func timeLeft() throws {
    var state = try Scenes.searching(found: true, size: Size(width: 200, height: 60))
    var progress = state.search.progress
    #expect(WorkStatus(state: state).left == "")
    (progress.done, progress.total, progress.seconds) = (30, 120, 10)
    state.search.progress = progress
    #expect(WorkStatus(state: state).left == "30 s left")
    #expect(screen(state).contains("30 s left") && screen(state).contains("· G 64, S 4, tp 2"))
    progress.seconds = 100
    state.search.progress = progress
    #expect(WorkStatus(state: state).left == "5 min left")
    state.size = Size(width: 80, height: 24)
    #expect(screen(state).contains("searching"))
    // Beside a plan of the person's own, the best so far.
    state.size = Size(width: 200, height: 60)
    let best = try #require(state.plans.best)
    state.plans.take(Samples.slower(best, by: 0.5))
    state.plans.bestWhenTaken = best
    #expect(screen(state).contains("best " + Format.right(Format.stepSeconds(best.score.iterationSeconds), 8)))
  }

  private func sweeps(_ effects: [Effect]) -> Bool {
    effects.contains { if case .sweepSizes = $0 { true } else { false } }
  }

  private func ups(_ state: inout ExplorerState) -> [FrontierAxes.Up] {
    state.axes.up = .seconds
    var found: [FrontierAxes.Up] = []
    repeat {
      _ = state.changeUp()
      found.append(state.axes.up)
    } while state.axes.up != .seconds && found.count < 10
    return found
  }

  private func screen(_ state: ExplorerState) -> String {
    plainText(render(state, size: state.size)).joined(separator: "\n")
  }
}
