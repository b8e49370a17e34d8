/// The plans between two plans, where groups of choices are changed one after the other.
struct PlanPath {
  /// Makes the plans on the way.
  let mixture: PlanMixture
  /// Scores them.
  let session: TuningSession
  private var scores: [Set<ChoiceGroup>: ScoredPlan?] = [:]

  /// A path.
  init(mixture: PlanMixture, session: TuningSession) {
    self.mixture = mixture
    self.session = session
  }

  /// The steps, so that all plans on the way keep the rules, in this order and in its reverse.
  mutating func steps() -> [PlanDifference.Step] {
    let blocks = legalBlocks()
    let forward = walk(blocks)
    let backward = walk(blocks.reversed())
    // Blocks are only merged until both orders go; one block of all groups always does.
    guard forward.count == blocks.count + 1, backward.count == blocks.count + 1 else { return [] }
    return blocks.indices.compactMap { index in
      let (before, after) = (forward[index], forward[index + 1])
      let place = blocks.count - 1 - index
      let (since, until) = (backward[place], backward[place + 1])
      let step = PlanDifference.Step(
        groups: blocks[index], changes: changes(blocks[index], before.plan, after.plan, since.plan, until.plan),
        forwardSeconds: after.score.iterationSeconds - before.score.iterationSeconds,
        backwardSeconds: until.score.iterationSeconds - since.score.iterationSeconds,
        forwardPeakBytes: after.score.peakReservedBytes - before.score.peakReservedBytes,
        backwardPeakBytes: until.score.peakReservedBytes - since.score.peakReservedBytes, fits: after.score.fits)
      // What has no effect anywhere is no difference.
      let effects = [step.forwardSeconds, step.backwardSeconds, step.forwardPeakBytes, step.backwardPeakBytes]
      return step.changes.isEmpty && effects.allSatisfy { $0 == 0 } ? nil : step
    }
  }

  // MARK: Blocks

  /// Groups that differ, those together that cannot be changed apart.
  private mutating func legalBlocks() -> [[ChoiceGroup]] {
    let (old, new) = (mixture.old, mixture.new)
    var blocks = ChoiceGroup.allCases.filter { $0.differs(old, new) }.map { [$0] }
    if old.stages.count != new.stages.count, let meshes = blocks.firstIndex(of: [.pipeline]),
      let layers = blocks.firstIndex(of: [.layers])
    {
      // Layers of three stages say nothing about those of two.
      blocks[meshes] += blocks.remove(at: layers)
    }
    while true {
      if let index = firstIllegal(blocks) {
        blocks = merged(blocks, index)
      } else if let index = firstIllegal(blocks.reversed()) {
        blocks = merged(blocks.reversed(), index).reversed()
      } else {
        return blocks.map { block in ChoiceGroup.allCases.filter(block.contains) }
      }
    }
  }

  /// The first block after which there is no plan, when they are changed in this order.
  private mutating func firstIllegal(_ blocks: [[ChoiceGroup]]) -> Int? {
    var taken: Set<ChoiceGroup> = []
    for (index, block) in blocks.enumerated().dropLast() {
      taken.formUnion(block)
      if scored(taken) == nil { return index }
    }
    return nil
  }

  /// A block together with the next one with which there is a plan, or else with the next.
  private mutating func merged(_ blocks: [[ChoiceGroup]], _ index: Int) -> [[ChoiceGroup]] {
    let taken = Set(blocks[...index].joined())
    var partner = index + 1
    for later in blocks.indices where later > index {
      if scored(taken.union(blocks[later])) != nil {
        partner = later
        break
      }
    }
    var blocks = blocks
    blocks[index] += blocks.remove(at: partner)
    return blocks
  }

  // MARK: Plans

  private mutating func walk(_ blocks: [[ChoiceGroup]]) -> [ScoredPlan] {
    var taken: Set<ChoiceGroup> = []
    var plans = [scored(taken)]
    for block in blocks {
      taken.formUnion(block)
      plans.append(scored(taken))
    }
    return plans.compactMap { $0 }
  }

  private mutating func scored(_ taken: Set<ChoiceGroup>) -> ScoredPlan? {
    if let known = scores[taken] { return known }
    var found: ScoredPlan?
    if let plan = mixture.plan(taking: taken), let score = try? session.score(plan) {
      found = ScoredPlan(plan: plan, score: score)
    }
    scores[taken] = .some(found)
    return found
  }

  /// What a block changes, as the two plans themselves say it; where they say nothing (a ZeRO level of one rank, before
  /// there are more), as the plans on the way do.
  private func changes(
    _ block: [ChoiceGroup], _ before: Plan, _ after: Plan, _ since: Plan, _ until: Plan
  ) -> [PlanChange] {
    let knobs = Set(block.flatMap(\.knobs))
    for (old, new) in [(mixture.old, mixture.new), (before, after), (since, until)] {
      let found = PlanChange.all(from: old, to: new).filter { knobs.contains($0.knob) }
      if !found.isEmpty { return found }
    }
    return []
  }
}
