import Engine

/// A line of the Why pane that the cursor can be on.
struct WhyRow {
  /// Tells it from the others, whatever comes or goes above it.
  let place: WhyPlace
  /// What it shows.
  let content: Content

  /// What a row shows.
  enum Content {
    /// A part of the number, so deep in its tree; `share` of the whole number, where it has one.
    case node(ExplanationNode, depth: Int, isOpen: Bool, share: Double?)
    /// What more of a resource buys.
    case marginal(MarginalValue)
    /// A plan one step away; a layer that goes over a border is told by the border, not by what it leaves.
    case neighbour(Neighbour, isMove: Bool)
  }
}

extension ExplorerState {
  /// The parts of the number that are in sight, the number itself first.
  var whyNodes: [WhyRow] {
    guard let tree = why.tree else { return [] }
    var rows: [WhyRow] = []
    collect(tree, path: [], share: tree.hasShares ? 1 : nil, &rows)
    return rows
  }

  /// The worth of resources, as far as it is known.
  var whyValues: [WhyRow] { why.marginal.values.map { WhyRow(place: .marginal($0.step), content: .marginal($0)) } }

  /// The plans one step away.
  var whyNeighbours: [WhyRow] {
    guard let around = why.neighbours else { return [] }
    let steps = [around.below, around.above].compactMap { $0 }.map { WhyRow.Content.neighbour($0, isMove: false) }
    let moves = nearestFirst(around).map { WhyRow.Content.neighbour($0, isMove: true) }
    return (steps + moves).enumerated().map { WhyRow(place: .neighbour($0), content: $1) }
  }

  /// Layers that go over a border, those nearest to the stage first.
  private func nearestFirst(_ around: Neighbours) -> [Neighbour] {
    let stage = around.cell.stage ?? 0
    func distance(_ move: Neighbour) -> Int { abs((move.cell.stage ?? 0) - stage) }
    return around.moves.enumerated()
      .sorted { (distance($0.element), $0.offset) < (distance($1.element), $1.offset) }
      .map(\.element)
  }

  /// All rows, in the order in which the cursor goes through them.
  var whyRows: [WhyRow] { whyNodes + whyValues + whyNeighbours }

  /// The row under the cursor: the number itself where the chosen one is gone.
  var whyRow: WhyRow? {
    let rows = whyRows
    return rows.first { $0.place == why.place } ?? rows.first
  }

  private func collect(_ node: ExplanationNode, path: [String], share: Double?, _ rows: inout [WhyRow]) {
    let isOpen = isWhyOpen(node, path)
    rows.append(
      WhyRow(place: .node(path), content: .node(node, depth: path.count, isOpen: isOpen, share: share)))
    guard isOpen else { return }
    var seen: [String: Int] = [:]
    for child in node.children {
      let count = seen[child.name, default: 0] + 1
      seen[child.name] = count
      let name = count == 1 ? child.name : "\(child.name) \(count)"
      collect(child, path: path + [name], share: share.flatMap { Self.share(of: child, in: node, $0) }, &rows)
    }
  }

  private func isWhyOpen(_ node: ExplanationNode, _ path: [String]) -> Bool {
    !node.children.isEmpty && (why.folds[path] ?? (path.count < Self.openLevels))
  }

  /// Levels of a tree that are open at first.
  private static let openLevels = 2

  /// The share of the whole number that a part makes; nil where parts do not add up, or where another one counts.
  private static func share(of child: ExplanationNode, in node: ExplanationNode, _ share: Double) -> Double? {
    guard node.hasShares else { return nil }
    return switch node.combination {
    case .sum: share * child.value / node.value
    case .times: share
    case .maximum, .minimum: child.value == node.value ? share : nil
    case .leaf, .product, .quotient, .overlap: nil
    }
  }

  // MARK: keys

  /// Moves the cursor of the pane by rows.
  mutating func moveWhy(by steps: Int) -> [Effect] {
    let rows = whyRows
    let current = rows.firstIndex { $0.place == why.place } ?? 0
    guard !rows.isEmpty else { return [] }
    why.place = rows[max(0, min(rows.count - 1, current + steps))].place
    return []
  }

  /// Opens the part under the cursor; where it is open, goes to the first of its own parts.
  mutating func unfoldWhy() -> [Effect] {
    guard case .node(let path) = whyRow?.place, case .node(let node, _, let isOpen, _) = whyRow?.content,
      !node.children.isEmpty
    else { return [] }
    if isOpen { return moveWhy(by: 1) }
    (why.place, why.folds[path]) = (.node(path), true)
    return []
  }

  /// Closes the part under the cursor; where it is closed, goes to what it is a part of.
  mutating func foldWhy() -> [Effect] {
    guard case .node(let path) = whyRow?.place, case .node(_, _, let isOpen, _) = whyRow?.content else { return [] }
    if isOpen {
      (why.place, why.folds[path]) = (.node(path), false)
    } else if !path.isEmpty {
      why.place = .node(path.dropLast())
    }
    return []
  }

  /// A click on a row: the cursor goes there, and a click on the cursor opens or closes it.
  mutating func clickWhy(_ index: Int) {
    let rows = whyRows
    guard rows.indices.contains(index) else { return }
    let wasThere = whyRow?.place == rows[index].place
    why.place = rows[index].place
    guard wasThere, case .node(_, _, let isOpen, _) = rows[index].content else { return }
    _ = isOpen ? foldWhy() : unfoldWhy()
  }
}

extension ExplanationNode {
  /// True where parts are shares of the value: not of a product or a quotient, and not of a difference, whose parts can
  /// be many times what they leave.
  var hasShares: Bool {
    switch combination {
    case .sum:
      value != 0
        && children.filter { $0.value * value < 0 }.reduce(0) { $0 + abs($1.value) } <= Self.largestCorrection
          * abs(value)
    case .times, .maximum, .minimum: value != 0
    case .leaf, .product, .quotient, .overlap: false
    }
  }

  /// A correction, as that of the closed form by the simulated schedule, takes this share of the whole at most; a sum that
  /// takes away more is a difference.
  private static let largestCorrection = 0.1
}
