@testable import Engine
@testable import TUI

/// Answers to what Why, Compare, Runs, the sizes of the frontier and an import ask; now and then to another order.
extension RandomEvents {
  /// An answer to a question of the Why pane.
  mutating func why(_ state: ExplorerState) -> Event {
    let plan = pick(desk.plans)
    let message: WhyMessage
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
      let figure = state.why.asked?.figure ?? .iteration
      message = .tree(SharedEngine.explanation(desk.workload, plan.plan)?.tree(figure))
    case 1:
      message = .neighbours(state.why.asked.flatMap { neighbours(of: $0.cell, in: plan, state.request.space) })
    default: message = .binding(random.unit() < 0.5 ? nil : binding(plan))
    }
    return .why(message, ticket: state.why.ticket - late())
  }

  private func neighbours(of cell: PlanCell, in plan: ScoredPlan, _ space: SearchSpace) -> Neighbours? {
    desk.hasHost
      ? SharedEngine.neighbours(desk.workload, of: cell, in: plan.plan, space: space, pins: PlanPins())
      : WhySamples.neighbours(of: cell, in: plan)
  }

  private func binding(_ plan: ScoredPlan) -> PlanBinding {
    PlanBinding(
      limit: .device(stage: 0), fits: true, fullest: 0, moment: .backward, part: .weights, spareBytes: 1,
      spareHostBytes: 2,
      slowest: 0, imbalanceSeconds: 0.5, blocked: nil)
  }

  /// What more of a resource buys.
  mutating func marginal(_ state: ExplorerState) -> Event {
    let ticket = state.why.marginal.ticket - late()
    guard random.unit() < 0.7 else { return .marginal(.done, ticket: ticket) }
    let value = MarginalValue(
      step: pick(ResourceStep.all(of: desk.workload.cluster)), set: [], workload: desk.workload,
      before: pick(desk.plans),
      after: random.unit() < 0.8 ? pick(desk.plans) : nil, samePlanSeconds: nil, isProved: random.unit() < 0.5)
    return .marginal(.value(value), ticket: ticket)
  }

  private static let robust = Samples.robust()

  /// An answer to what Compare or Runs asked.
  mutating func compared(_ state: ExplorerState) -> Event {
    let plan = pick(desk.plans)
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      let ticket = state.compare.judgement?.ticket ?? 0
      return .compare(.judged(random.unit() < 0.8 ? Self.robust : nil), ticket: ticket - late())
    case 1:
      guard let known = state.compare.explanation, let shown = state.shown else { return .key(.character("c")) }
      let comparison = PlanComparison(difference: PlanDifference(old: shown, new: plan), runtime: nil, other: plan)
      return .compare(.explained(known.id, comparison), ticket: state.compare.explanationTicket - late())
    default:
      guard let running = state.compare.running else { return .key(.character("6")) }
      let ticket = running.ticket - late()
      if random.unit() < 0.3 { return .compare(.progress(running.id, random.unit()), ticket: ticket) }
      let status = pick([SearchStatus.optimal, .feasible, .infeasible, .cancelled])
      return .compare(.solved(running.id, status, status == .cancelled ? nil : plan), ticket: ticket)
    }
  }

  /// An answer to what was asked of the sizes of the cluster.
  mutating func sized(_ state: ExplorerState) -> Event {
    let ticket = state.sizes.ticket - late()
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .sizes(.done, ticket: ticket)
    case 1: return .sizes(.progress(SearchProgress()), ticket: ticket)
    default:
      var workload = state.workload
      workload.cluster.nodes = 1 << min(state.sizes.points.count, 8)
      let best = random.unit() < 0.8 ? pick(desk.plans) : nil
      return .sizes(.point(SweepPoint(workload: workload, best: best)), ticket: ticket)
    }
  }

  /// What a launcher runs.
  mutating func imported(_ state: ExplorerState) -> Event {
    let ticket = state.importTicket - late()
    guard random.unit() < 0.7 else { return .imported(.failed("no such file"), ticket: ticket) }
    let plan = pick(desk.plans)
    return .imported(
      .found(.megatronLM, LaunchImport(workload: desk.workload, plan: plan.plan), plan), ticket: ticket)
  }

  private mutating func late() -> Int { random.unit() < 0.1 ? 1 : 0 }
}
