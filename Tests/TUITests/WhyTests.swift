import Engine
import Testing

@testable import TUI

/// The Why pane, with the real engine behind it.
@Suite struct WhyTests {
  private static let medium = Size(width: 120, height: 36)

  private func text(_ state: ExplorerState) -> String {
    plainText(render(state, size: state.size)).joined(separator: "\n")
  }

  /// The explorer with Why open over the lower panes and the cursor in the stage table.
  private func opened(_ keys: String = "2gjjw", size: Size = medium) throws -> (SmallHost, ExplorerState) {
    var host = SmallHost()
    var state = try SmallHost.opened(size: size)
    host.searchesResources = false
    host.type(keys, &state)
    return (host, state)
  }

  @Test("nothing is asked while Why is not in sight, and closing it stops what was asked")
  func outOfSight() throws {
    var state = try SmallHost.opened(size: Self.medium)
    func asked(_ effects: [Effect]) -> [WhyQuestion?] {
      effects.compactMap { effect -> WhyQuestion?? in
        if case .why(let question, _) = effect { return .some(question) }
        return nil
      }
    }
    for key in "2jjlll3jj4" { #expect(asked(update(&state, .key(.character(key)))).isEmpty) }
    #expect(asked(update(&state, .key(.character("w")))).count == 1)
    #expect(asked(update(&state, .key(.character("3")))).count == 1)
    #expect(asked(update(&state, .key(.character("3")))).isEmpty)
    let closing = update(&state, .key(.escape))
    #expect(asked(closing) == [nil])
  }

  @Test("Why speaks of what the cursor is on: a figure, a choice, a row, and goes along with it")
  func subject() throws {
    var (host, state) = try opened()
    func moves(_ keys: String) -> WhyFigure? {
      host.type(keys, &state)
      #expect(state.why.question == state.whyQuestion)
      return state.why.question?.figure
    }
    #expect(moves("ll") == .cell(PlanCell(.checkpointedLayers, stage: 0)))
    #expect(text(state).contains("recomputed layers of stage 1, now 1"))
    #expect(moves("lllll") == .stable(0))
    #expect(moves("j") == .stable(1))
    #expect(moves("l") == .delta(1))
    #expect(moves("l") == .stageMemory(1))
    #expect(moves("l") == .spare(1))
    #expect(moves("kk") == .iteration && state.why.question?.title.contains("now") == true)
    #expect(moves("k") == .tokensPerSecond)
    host.type("w3j", &state)
    #expect(moves("w") == .stageMemory(0))
    #expect(moves("4k") == .stable(0))
    #expect(moves("1") == .iteration)
    let shown = try #require(state.shown)
    #expect(state.why.tree?.value == shown.score.iterationSeconds)
  }

  @Test("the parts of a number are opened and closed, and the cursor stays on what it was on")
  func folding() throws {
    var (host, state) = try opened("2gjjlllllllw")
    #expect(state.why.question?.figure == .stable(0))
    let closed = state.whyNodes.count
    host.type("5", &state)
    #expect(state.focus == .why && state.why.place == .node([]))
    host.type("jj", &state)
    guard case .node(let path) = state.why.place else {
      Issue.record("no part under the cursor")
      return
    }
    #expect(path.count == 2 && path[0] == "forward")
    host.type("l", &state)
    #expect(state.whyNodes.count > closed)
    let opened = state.whyNodes.map(\.place)
    host.type("l", &state)
    #expect(state.why.place == .node(path + [try #require(child(of: path, in: state))]))
    host.type("hh", &state)
    #expect(state.why.place == .node(path) && state.whyNodes.count == closed)
    host.type("hh", &state)
    #expect(state.why.place == .node(["forward"]) && state.whyNodes.count < closed)
    host.type("+j-", &state)
    host.type("j", &state)
    #expect(opened.contains(state.why.place))
    #expect(text(state).contains("= ") || text(state).contains("parts"))
  }

  /// The name of the first part of a node.
  private func child(of path: [String], in state: ExplorerState) -> String? {
    var node = state.why.tree
    for name in path { node = node?.children.first { $0.name == name } }
    return node?.children.first?.name
  }

  @Test("shares of the parts of a sum add up to the whole, and only the largest of several has one")
  func shares() throws {
    let (_, state) = try opened("2gjjlllllllw")
    let shares = state.whyNodes.compactMap { row -> Double? in
      guard case .node(_, let depth, _, let share) = row.content, depth == 1 else { return nil }
      return share
    }
    #expect(shares.count >= 2 && abs(shares.reduce(0, +) - 1) < 1e-9)
  }

  @Test("no part is many times the whole: a difference, a product and a quotient have no shares")
  func noShares() throws {
    var (host, state) = try opened()
    let explanation = try PlanExplanation(workload: SmallHost.workload, plan: SmallHost.plan)
    var shared = 0
    for figure: WhyFigure in [.iteration, .memory, .tokensPerSecond, .mfu, .bubble, .stable(0), .delta(0), .spare(1)] {
      let tree = try #require(explanation.tree(figure))
      state.why.tree = tree
      for row in state.whyNodes { state.why.folds[nodePath(row)] = true }
      let shares = state.whyNodes.compactMap { row -> Double? in
        if case .node(_, _, _, let share) = row.content { share } else { nil }
      }
      #expect(shares.allSatisfy { abs($0) <= 1.1 * 1.1 }, "\(figure): \(shares)")
      if !shares.isEmpty { shared += 1 }
    }
    #expect(shared >= 3)
    #expect(explanation.score.stages[0].deltaSeconds != 0)
    // On the screen: d of a stage has its parts with their seconds, and no percentage.
    host.type("llllllll", &state)
    #expect(state.why.question?.figure == .delta(0))
    let delta = state.whyNodes
    #expect(delta.count > 3)
    #expect(!delta.contains { if case .node(_, _, _, .some) = $0.content { true } else { false } })
    host.type("h", &state)
    #expect(state.why.question?.figure == .stable(0))
    guard case .node(_, _, _, let whole)? = state.whyNodes.first?.content else { return }
    #expect(whole == 1)
  }

  /// The names on the way to a row of the tree; none of another row.
  private func nodePath(_ row: WhyRow) -> [String] {
    if case .node(let path) = row.place { path } else { [] }
  }

  @Test("neighbours of the cell are scored, each with its time, its memory and why it is no better")
  func neighbours() throws {
    var (host, state) = try opened("2gjjllw")
    let around = try #require(state.why.neighbours)
    #expect(around.below?.value == 0 && around.above?.value == 2)
    let slower = try #require(around.above?.seconds)
    let reference = try #require(state.shown?.score.iterationSeconds)
    #expect(text(state).contains("ckpt 2") && text(state).contains(WhyText.difference(slower, reference: reference)))
    host.type("5G", &state)
    #expect(state.why.place == .neighbour(around.all.count - 1))
    #expect(text(state).contains("1.checkpointedLayers 1 -> 2") || text(state).contains("checkpointedLayers 1 -> 2"))
  }

  @Test("answers to an earlier question are dropped")
  func late() throws {
    var (host, state) = try opened("2gjjlllllllw")
    let old = state.why.ticket
    let tree = state.why.tree
    host.type("j", &state)
    #expect(state.why.ticket > old && state.why.tree != tree)
    let now = state.why.tree
    _ = update(&state, .why(.tree(tree), ticket: old))
    _ = update(&state, .why(.neighbours(nil), ticket: old))
    #expect(state.why.tree == now && state.why.neighbours != nil)
  }

  @Test("what more would buy streams in, is kept while the cursor moves, and goes when the question changes")
  func marginal() throws {
    var (host, state) = try opened()
    #expect(state.why.marginal.isRunning && state.why.marginal.values.isEmpty)
    let ticket = state.why.marginal.ticket
    let session = SharedEngine.session(SmallHost.workload)
    let steps = Array(state.whySteps.prefix(2))
    #expect(steps.first?.resource == .deviceMemory)
    for value in session.marginalValues(state.asked, steps: steps) {
      _ = update(&state, .marginal(.value(value), ticket: ticket))
    }
    #expect(state.why.marginal.values.map(\.step) == steps)
    #expect(text(state).contains("1 GiB more device memory per GPU") && text(state).contains("2 of"))
    host.type("jlk", &state)
    #expect(state.why.marginal.values.count == 2 && state.why.marginal.ticket == ticket)
    _ = update(&state, .marginal(.done, ticket: ticket - 1))
    #expect(state.why.marginal.isRunning)
    _ = update(&state, .marginal(.done, ticket: ticket))
    #expect(state.why.marginal.isDone)
    host.type("5jjjjjjjjjjjjjjjjjjjjjjjg", &state)
    host.type("2p", &state)
    #expect(state.why.marginal.values.isEmpty && state.why.marginal.isRunning)
    let before = state.why.marginal.ticket
    _ = update(&state, .key(.escape))
    #expect(!state.why.marginal.isRunning && state.why.marginal.ticket == before + 1)
  }

  @Test("each value is the difference of two searches, and the row says with which --set")
  func worth() throws {
    let (workload, space) = (SmallHost.tinyWorkload, try #require(SearchSpace.named("megatron-lm")))
    var host = SmallHost(workload: workload)
    var state = try SmallHost.opened(
      size: Size(width: 200, height: 60), workload: workload, plan: SmallHost.tinyPlan)
    state.request.space = space
    host.type("2gjj", &state)
    #expect(state.why.tree != nil && state.why.marginal.key == nil)
    host.type("m", &state)
    #expect(state.why.marginal.isDone && state.why.marginal.values.count == state.whySteps.count)
    let value = try #require(state.why.marginal.values.first { $0.binds })
    let before = TuningSession(workload: workload) { 0 }.tune(TuneRequest(space: space, threads: 1)).best
    let after = TuningSession(workload: value.workload) { 0 }.tune(TuneRequest(space: space, threads: 1)).best
    let seconds = try #require(after).score.iterationSeconds - (try #require(before)).score.iterationSeconds
    #expect(value.seconds == seconds)
    state.why.place = .marginal(value.step)
    state.focus = .why
    #expect(text(state).contains("--set " + String(value.set[0].prefix(20))))
    #expect(text(state).contains("no faster plan"))
  }

  @Test("on the widest layout the worth of resources is only searched when it is asked for")
  func wide() throws {
    var (host, state) = try opened("2gjj", size: Size(width: 200, height: 60))
    #expect(state.why.tree != nil && !state.why.marginal.isRunning)
    host.type("5", &state)
    #expect(state.why.marginal.isRunning)
    host.type("2", &state)
    #expect(!state.why.marginal.isRunning)
    host.type("m", &state)
    #expect(state.why.marginal.isRunning)
    host.type("j", &state)
    #expect(state.why.marginal.isRunning)
  }

  @Test("while a search runs the worth of resources waits for it")
  func searching() throws {
    var (_, state) = try opened()
    #expect(state.why.marginal.isRunning)
    let effects = update(&state, .key(.character("r")))
    #expect(!state.why.marginal.isRunning)
    #expect(effects.contains { if case .marginal(nil, _) = $0 { true } else { false } })
    #expect(text(state).contains("after the search"))
    _ = update(&state, .engine(.frontierDone, generation: state.search.generation))
    #expect(state.why.marginal.isRunning)
  }

  @Test("the cell that Why speaks of stays marked while Why has the keys")
  func marked() throws {
    var (host, state) = try opened("2gjjllw")
    func marks(_ state: ExplorerState) -> Int {
      let selected = state.look.style(.selected)
      return render(state, size: state.size).cells.filter { $0.style == selected }.count
    }
    let before = marks(state)
    host.type("5", &state)
    #expect(before > 0 && marks(state) > before)
  }
}
