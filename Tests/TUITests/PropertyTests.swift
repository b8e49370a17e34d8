import Engine
import Testing

@testable import TUI

/// Random events at random sizes: no trap, and every frame is whole.
@Suite struct PropertyTests {
  @Test("20,000 random events trap nowhere, and every frame is whole", arguments: 0..<4)
  func events(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let plans = PropertyTests.plans
    var state = try Scenes.searching(found: false, size: Size(width: 80, height: 24))
    for step in 0..<5000 {
      _ = update(&state, event(&random, state, plans))
      guard step % 16 == 0 else { continue }
      check(render(state, size: state.size), state.size)
    }
  }

  @Test("every size from 1x1 to 300x100 gives a whole frame")
  func sizes() throws {
    var states: [ExplorerState] = []
    for stages in [1, 4, 16] {
      states.append(try Scenes.finished(stages: stages, size: Size(width: 1, height: 1)))
    }
    states.append(try Scenes.infeasible(size: Size(width: 1, height: 1)))
    var random = SeededRandom(seed: 9)
    for step in 0..<240 {
      let wide = step % 6 == 0
      let size = Size(
        width: Int.random(in: 1...(wide ? 300 : 60), using: &random),
        height: Int.random(in: 1...(wide ? 100 : 30), using: &random))
      var state = states[step % states.count]
      _ = update(&state, .resize(size))
      Scenes.type("\(1 + step % 4)", &state)
      if step % 5 == 0 { Scenes.type(["?", "s", "i"][step % 3], &state) }
      check(render(state, size: size), size)
      check(render(state, pane: Pane.allCases[step % 4], size: size), size)
    }
  }

  @Test("update is pure: the same events give the same frames and effects")
  func pure() throws {
    let plans = [Samples.plan(stages: 4), Samples.plan(stages: 2)]
    func play() throws -> [Frame] {
      var random = SeededRandom(seed: 21)
      var state = try Scenes.finished(stages: 4, size: Size(width: 60, height: 20))
      return (0..<300).compactMap { step in
        let before = render(state, size: Size(width: 60, height: 20))
        _ = update(&state, event(&random, state, plans))
        return step % 10 == 0 ? before : nil
      }
    }
    #expect(try play() == play())
  }

  @Test("names from files cannot steer the terminal")
  func names() throws {
    let name = "\u{1B}]0;x\u{7}漢字\u{202E}e\u{301}\u{9B}"
    var state = ExplorerState(
      workload: Samples.workload(name: name), look: try Scenes.look(), size: Size(width: 100, height: 30))
    state.workload.model.name = name
    _ = start(&state)
    var progress = SearchProgress()
    progress.total = 2
    progress.current = name
    Scenes.send(.tune(.progress(progress)), to: &state)
    Scenes.type("i", &state)
    let frame = render(state, size: state.size)
    check(frame, state.size)
    #expect(plainText(frame)[0].contains("?]0;x?漢字?e\u{301}?"))
    for line in plainText(frame) {
      #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }

  @Test("panes do not draw into each other")
  func overlap() throws {
    let size = Size(width: 120, height: 36)
    let state = try Scenes.finished(stages: 4, size: size)
    let layout = ScreenLayout(size: size, focus: state.focus)
    let whole = render(state, size: size)
    #expect(Pane.allCases.compactMap(layout.area).count == 4)
    for pane in Pane.allCases where !pane.isSide {
      let area = try #require(layout.area(pane))
      var canvas = Canvas(size: size, look: state.look)
      pane.view(state).drawFramed(&canvas, area)
      let blank = Canvas(size: size, look: state.look).frame.cells[0]
      for y in 0..<size.height {
        for x in 0..<size.width {
          let cell = canvas.frame.cells[y * size.width + x]
          if area.contains(x: x, y: y) {
            #expect(cell == whole.cells[y * size.width + x])
          } else {
            #expect(cell == blank)
          }
        }
      }
    }
  }

  // MARK: helpers

  private func check(_ frame: Frame, _ size: Size) {
    let width = max(0, size.width)
    guard frame.size == size, frame.cells.count == width * max(0, size.height) else {
      Issue.record("the frame is not \(size)")
      return
    }
    var broken = 0
    for (index, cell) in frame.cells.enumerated() {
      let isRight = cell.text.isEmpty
      let before = index % width > 0 ? frame.cells[index - 1].text : ""
      if isRight {
        if before.isEmpty || CharacterWidth.of(before) != 2 { broken += 1 }
      } else if cell.text.count != 1 {
        broken += 1
      } else if cell.text.first?.isASCII != true, CharacterWidth.of(cell.text) == 2 {
        let hasRight = index % width < width - 1 && frame.cells[index + 1].text.isEmpty
        if !hasRight { broken += 1 }
      }
    }
    #expect(broken == 0)
    let all = Rect(x: 0, y: 0, width: size.width, height: size.height)
    #expect(frame.hits.allSatisfy { $0.area.intersection(all) == $0.area })
  }

  /// An answer to what Compare or Runs asked, now and then to another order.
  private func compared(_ random: inout SeededRandom, _ state: ExplorerState, _ plan: ScoredPlan) -> Event {
    let late = random.unit() < 0.1 ? 1 : 0
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      let ticket = state.compare.judgement?.ticket ?? 0
      return .compare(.judged(random.unit() < 0.8 ? Samples.robust() : nil), ticket: ticket - late)
    case 1:
      guard let known = state.compare.explanation, let shown = state.shown else { return .key(.character("c")) }
      let comparison = PlanComparison(difference: PlanDifference(old: shown, new: plan), runtime: nil, other: plan)
      return .compare(.explained(known.id, comparison), ticket: state.compare.explanationTicket - late)
    default:
      guard let running = state.compare.running else { return .key(.character("6")) }
      if random.unit() < 0.3 { return .compare(.progress(running.id, random.unit()), ticket: running.ticket - late) }
      let status: SearchStatus = [.optimal, .feasible, .infeasible, .cancelled][Int.random(in: 0..<4, using: &random)]
      return .compare(.solved(running.id, status, status == .cancelled ? nil : plan), ticket: running.ticket - late)
    }
  }

  /// An answer to what was asked of the sizes of the cluster, now and then to another order.
  private func sized(_ random: inout SeededRandom, _ state: ExplorerState, _ plan: ScoredPlan) -> Event {
    let ticket = state.sizes.ticket - (random.unit() < 0.1 ? 1 : 0)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .sizes(.done, ticket: ticket)
    case 1: return .sizes(.progress(SearchProgress()), ticket: ticket)
    default:
      var workload = state.workload
      workload.cluster.nodes = 1 << min(state.sizes.points.count, 8)
      return .sizes(.point(SweepPoint(workload: workload, best: random.unit() < 0.8 ? plan : nil)), ticket: ticket)
    }
  }

  private static let plans = (0..<12).map { index in
    Samples.plan(stages: [1, 2, 4, 16][index % 4], saving: Double(index / 4) / 2, slack: index == 5 ? -40 : 0)
  }
  private static let timelines = Dictionary(
    plans.map { ($0.plan, Samples.timeline($0)) }, uniquingKeysWith: { first, _ in first })

  private static let keys: [Key] =
    "hjklzxbtrsiqTCMgG+-<>?1234567yn~ é漢,:eupPUXH*[]wc.:NaADdfvom".map { .character($0) } + [
      .enter, .escape, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end,
      .pageUp, .pageDown, .function(1), .control("l"), .control("u"), .control("z"), .alt("x"),
    ]

  private func event(_ random: inout SeededRandom, _ state: ExplorerState, _ plans: [ScoredPlan]) -> Event {
    let plan = plans[Int.random(in: 0..<plans.count, using: &random)]
    let generation = state.search.generation - (random.unit() < 0.1 ? 1 : 0)
    func engine(_ message: EngineMessage) -> Event { .engine(message, generation: generation) }
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<70: return .key(PropertyTests.keys[Int.random(in: 0..<PropertyTests.keys.count, using: &random)])
    case 70..<74:
      return .resize(
        Size(width: Int.random(in: 0...130, using: &random), height: Int.random(in: 0...44, using: &random)))
    case 74..<80:
      let actions: [MouseEvent.Action] = [.press, .wheelUp, .wheelDown, .release, .drag]
      guard random.unit() < 0.3 else { return .key(.down) }
      return .mouse(
        MouseEvent(
          action: actions[Int.random(in: 0..<5, using: &random)], x: Int.random(in: -2...140, using: &random),
          y: Int.random(in: -2...50, using: &random)))
    case 80..<82: return .paste("a\u{1B}b漢\n")
    case 82..<86: return engine(.tune(.improved(plan)))
    case 86..<88: return engine(.tune(.considered(Samples.considered(20, around: plan))))
    case 88..<90: return engine(.tune(.frontierPoint(FrontierPoint(memoryShare: 1, best: plan))))
    case 90..<92:
      var result = TuneResult(status: random.unit() < 0.8 ? .optimal : .infeasible)
      result.best = result.status == .optimal ? plan : nil
      return engine(.tuned(result))
    case 92: return engine(.frontierDone)
    case 93..<96:
      guard let shown = state.shown else { return .key(.tab) }
      let empty = Timeline(passes: [], transfers: [], makespan: 0, criticalPath: [])
      return engine(.timeline(shown.plan, random.unit() < 0.1 ? empty : PropertyTests.timelines[shown.plan] ?? empty))
    case 96: return .saved(path: "x.yaml", error: random.unit() < 0.5 ? nil : "disk full")
    case 97: return .exists(path: "x.yaml")
    case 98: return random.unit() < 0.5 ? compared(&random, state, plan) : sized(&random, state, plan)
    default: return .key(.character("h"))
    }
  }
}
