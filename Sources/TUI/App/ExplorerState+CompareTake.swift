import Engine

/// What a person does with a column of the Compare pane.
extension ExplorerState {
  /// Takes the column under the cursor: its plan, or the workload of its question with its plan.
  mutating func takeCompared() -> [Effect] {
    guard let column = comparedColumn else { return [] }
    guard column.id != .shown else { return say("this is the plan that is shown", .text) }
    switch column.answer {
    case .refused(let why): return say(why, .warning)
    case .noneFits: return say("no plan fits there", .warning)
    case .searching: return say("still searched: \(column.title)", .text)
    case .waiting, .stopped: return wantColumn(column.id)
    case .plan(let plan, _):
      switch column.id {
      case .whatIf, .cluster: return open(column, plan)
      default: return take(column, plan)
      }
    }
  }

  /// Opens the question of a column with its plan; what was shown is the reference, unless the person has chosen one.
  private mutating func open(_ column: CompareColumn, _ plan: ScoredPlan) -> [Effect] {
    guard let asked = column.workload, let space = column.space else { return [] }
    let before = shown
    if asked == workload { remember(plan) }
    let effects = edit(column.meaning) { draft in
      draft.workload = asked
      draft.space = space
      draft.plan = plan.plan
      draft.reference = draft.reference ?? before
    }
    let change = column.meaning.replacing("what if: ", with: "")
    return effects + say("opened: \(change); \(keyText("edit.undo")) gives all back", .good)
  }

  /// Takes a plan of this workload, as it is or as the present runtime can run it; pins that it breaks are released.
  private mutating func take(_ column: CompareColumn, _ plan: ScoredPlan) -> [Effect] {
    let question = column.workload ?? workload
    guard let own = PlanCarrier(from: question, to: workload).carried(plan.plan) else {
      return say("the runtime \(workload.run.runtime) can run no plan like that", .warning)
    }
    if question == workload, own == plan.plan, column.id != .reference { remember(plan) }
    let broken = request.pins.broken(by: own)
    let effects = edit("take \(column.title)") { draft in
      draft.plan = own
      draft.pins.pins.removeAll(where: broken.contains)
    }
    var words = ["taken: \(column.meaning)"]
    if question.run.runtime != workload.run.runtime { words.append("now on the runtime \(workload.run.runtime)") }
    if own != plan.plan { words.append("changed to what that can run") }
    if !broken.isEmpty { words.append("released: " + broken.map(\.text).joined(separator: ", ")) }
    return effects + say(words.joined(separator: "; "), .good)
  }

  /// Makes the plan under the cursor the reference.
  mutating func referToCompared() -> [Effect] {
    guard let column = comparedColumn, let plan = column.plan else {
      return say("there is no plan in this column yet", .warning)
    }
    let effects = edit("reference: \(column.title)") { $0.reference = plan }
    return effects + say("\(column.meaning) is the reference now", .good)
  }

  /// Goes to the column of a question, and searches it next where it has no plan.
  mutating func ask(_ kind: WhatIf) -> [Effect] {
    let id = CompareID.whatIf(kind)
    guard let column = compareColumns.first(where: { $0.id == id }) else { return [] }
    compare.selected = id
    switch column.answer {
    case .refused(let why): return say(why, .warning)
    case .waiting, .stopped: return wantColumn(id)
    default: return []
    }
  }

  // MARK: clusters

  /// Other kinds of node that the workload could run on, as many of them.
  var otherClusters: [Workload] {
    WorkloadEditor(workload).values(of: .cluster).filter { !$0.isCurrent }.map(\.workload)
  }

  /// Opens the list of the kinds of node.
  mutating func openClusters() -> [Effect] {
    let clusters = otherClusters
    guard !clusters.isEmpty else { return say("no other kind of node is known", .warning) }
    dialog = .clusters(ClusterListState(workloads: clusters))
    return []
  }

  /// A key in the list of the kinds of node.
  mutating func handleClusterKey(_ key: Key, _ old: ClusterListState) -> [Effect] {
    var list = old
    let last = list.workloads.count - 1
    switch key {
    case .down, .character("j"): list.row = min(last, list.row + 1)
    case .up, .character("k"): list.row = max(0, list.row - 1)
    case .home, .character("g"): list.row = 0
    case .end, .character("G"): list.row = last
    case .pageDown: list.row = min(last, list.row + 10)
    case .pageUp: list.row = max(0, list.row - 10)
    case .escape, .character("q"):
      dialog = nil
      return []
    case .enter:
      dialog = nil
      return compareCluster(list.workloads[list.row])
    default: return []
    }
    dialog = .clusters(list)
    return []
  }

  private mutating func compareCluster(_ other: Workload) -> [Effect] {
    guard let index = compare.books.lastIndex(where: { $0.question == compareQuestion }) else { return [] }
    let isNew = compare.books[index].add(cluster: other, request: request)
    let id = CompareID.cluster(other.cluster.nodeType.name)
    compare.selected = id
    return isNew ? wantColumn(id) : []
  }
}

/// The list of the kinds of node.
struct ClusterListState: Sendable {
  /// The present workload on each of them.
  let workloads: [Workload]
  /// The row under the cursor.
  var row = 0
}
