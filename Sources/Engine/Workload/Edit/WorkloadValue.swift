import Foundation

/// A value that a choice of a workload may have.
public struct WorkloadValue: Sendable, Equatable {
  /// As people write it.
  public var text: String
  /// The workload with it.
  public var workload: Workload
  /// It is what the workload has now.
  public var isCurrent: Bool
}

extension WorkloadEditor {
  /// Values worth offering, the current one among them: numbers in rising order, words in that of their lists.
  ///
  /// Batches are doublings, a quarter to four times the current one, in four steps each; sequences powers of two; nodes
  /// powers of two and one more or less; clusters the kinds that ship, with as many nodes; shares 50 to 100 %.
  public func values(of knob: WorkloadKnob) -> [WorkloadValue] {
    let current = knob.text(of: workload)
    var texts = candidates(knob)
    if !texts.contains(current) { texts.append(current) }
    var found: [WorkloadValue] = []
    for text in texts {
      let isCurrent = text == current
      guard let changed = isCurrent ? workload : try? setting(knob, to: text) else { continue }
      found.append(WorkloadValue(text: text, workload: changed, isCurrent: isCurrent))
    }
    guard knob.isNumber else { return found }
    // Of equal numbers a single batch stands before the range that ends with it.
    return found.enumerated().sorted { left, right in
      let numbers = [left, right].map { knob.number(of: $0.element.workload) ?? 0 }
      return (numbers[0], left.offset) < (numbers[1], right.offset)
    }.map(\.element)
  }

  /// The workload with the next value in a direction, the next larger one for +1; nil where there is none.
  ///
  /// Steps go along `values(of:)`: one back undoes one forth where the value lies on its grid.
  public func step(_ knob: WorkloadKnob, by direction: Int) -> Workload? {
    let values = values(of: knob)
    guard let index = values.firstIndex(where: \.isCurrent), values.indices.contains(index + direction.signum()),
      direction != 0
    else { return nil }
    return values[index + direction.signum()].workload
  }

  /// A value that can be set, nearest to what was typed: a number in the range, a word that differs by a slip.
  ///
  /// Nil where nothing is near.
  public func nearestLegal(_ knob: WorkloadKnob, to text: String) -> String? {
    let typed = text.trimmingCharacters(in: .whitespaces)
    let candidate: String?
    switch knob {
    case .nodes, .gpusPerNode, .sequence, .batch: candidate = whole(knob, typed)
    case .memoryShare: candidate = share(typed)
    case .cluster: candidate = cluster(typed)
    case .precision, .attention, .launcher: candidate = Suggestion.nearest(to: typed, in: knob.words ?? [])
    }
    return candidate.flatMap { (try? setting(knob, to: $0)) == nil ? nil : $0 }
  }

  // MARK: What is offered

  private func candidates(_ knob: WorkloadKnob) -> [String] {
    switch knob {
    case .cluster: return ((try? Catalogue.nodeTypes) ?? []).map(\.name)
    case .nodes: return nodes.map(String.init)
    case .gpusPerNode: return PlanShape.divisors(of: workload.cluster.nodeType.gpusPerNode).map(String.init)
    case .sequence:
      let now = workload.run.sequenceLength
      return Self.grid(now / 8...now.saturated(times: 16), parts: 1).filter { $0 >= min(now, Self.shortest) }
        .map(String.init)
    case .batch:
      let now = workload.run.globalBatch
      return Self.grid(now / 4...now.saturated(times: 4), parts: 4).map(String.init)
    case .precision, .attention, .launcher: return knob.words ?? []
    case .memoryShare: return stride(from: 50, through: 100, by: 5).map { "\($0) %" }
    }
  }

  /// Shorter sequences are not offered unasked, tokens.
  private static let shortest = 128

  private var nodes: [Int] {
    let now = workload.cluster.nodes
    let powers = Self.grid(1...now.saturated(times: 4), parts: 1)
    return Set(powers + [now - 1, now, now + 1]).sorted()
  }

  /// Numbers of a range in `parts` equal steps from each power of two to the next, as far as they are whole.
  static func grid(_ range: ClosedRange<Int>, parts: Int) -> [Int] {
    var found: Set<Int> = []
    var power = 1
    while power <= range.upperBound {
      for part in 0..<parts where (power * part).isMultiple(of: parts) { found.insert(power + power * part / parts) }
      power *= 2
    }
    return found.filter(range.contains).sorted()
  }

  // MARK: What is near

  private func range(_ knob: WorkloadKnob) -> ClosedRange<Int> {
    switch knob {
    case .nodes: 1...ClusterReader.maximumNodes
    case .gpusPerNode: 1...max(1, workload.cluster.nodeType.gpusPerNode)
    case .sequence: WorkloadSource.sequences
    default: BatchReader.allowed
    }
  }

  private func whole(_ knob: WorkloadKnob, _ typed: String) -> String? {
    guard let number = Quantity.number(typed) else { return nil }
    let range = range(knob)
    let inside = min(max(number.rounded(), Double(range.lowerBound)), Double(range.upperBound))
    return "\(Int(inside))"
  }

  private func share(_ typed: String) -> String? {
    let isPercent = typed.hasSuffix("%")
    let digits = isPercent ? typed.dropLast().trimmingCharacters(in: .whitespaces) : typed
    guard let number = Quantity.number(digits) else { return nil }
    let range = WorkloadSource.memoryShares
    // A number beyond 1 can only be meant in per cent.
    let share = isPercent || number > 1 ? number / 100 : number
    return WorkloadKnob.share(min(max(share, range.lowerBound), range.upperBound))
  }

  /// The kind with the nearest name; counts in front of it as far as the kind has them.
  private func cluster(_ typed: String) -> String? {
    let (counts, name) = ClusterReader.counts(typed)
    let own = workload.cluster.nodeType
    let types = ((try? Catalogue.nodeTypes) ?? []) + [own]
    let names = types.flatMap { [$0.name] + Catalogue.aliases(of: $0.name) }
    let known = names.first { $0 == name.lowercased() } ?? Suggestion.nearest(to: String(name), in: names)
    guard let known, let type = try? ClusterReader.nodeType(named: known, at: InputPlace(file: ""), own: own) else {
      return nil
    }
    guard let first = counts.first else { return known }
    let nodes = min(max(first, 1), ClusterReader.maximumNodes)
    guard counts.count > 1 else {
      // A number of GPUs: whole nodes of them where they are more than one node has.
      let gpus = max(first, 1)
      return gpus <= type.gpusPerNode
        ? "\(gpus)x\(known)"
        : "\(min(gpus / type.gpusPerNode, ClusterReader.maximumNodes))x\(type.gpusPerNode)x\(known)"
    }
    return "\(nodes)x\(min(max(counts[1], 1), type.gpusPerNode))x\(known)"
  }
}

extension Int {
  /// The product, or the largest power of two that an `Int` holds half of where it is larger than that.
  fileprivate func saturated(times factor: Int) -> Int {
    let product = multipliedReportingOverflow(by: factor)
    return product.overflow ? 1 << 61 : Swift.min(product.partialValue, 1 << 61)
  }
}
