import Engine

/// Numbers and reasons of the Why pane in words.
enum WhyText {
  /// A value with its unit, at most ten columns: `62.31 s`, `430.1 ms`, `37.9 GiB`, `8.2 MiB`.
  static func amount(_ value: Double, _ unit: ExplanationNode.Unit) -> String {
    let size = abs(value)
    switch unit {
    case .seconds:
      if size >= 1 || size == 0 { return Format.stepSeconds(value) }
      if size >= 0.9995e-3 { return Format.milliseconds(value) + " ms" }
      return Format.fixed(value * 1e6, decimals: 1) + " us"
    case .bytes:
      if size >= Format.gibibyte * 0.9995 || size == 0 { return Format.gibibytes(value) + " GiB" }
      return Format.fixed(value / Format.gibibyte * 1024, decimals: 1) + " MiB"
    case .one:
      if size >= 1000 { return Format.count(value) }
      return Format.fixed(value, decimals: value == value.rounded() ? 0 : 3)
    }
  }

  /// A difference of iteration times, in smaller units where seconds would say nothing: `-0.41 s`, `+0.12 ms`, `-3.1 us`.
  static func difference(_ seconds: Double, reference: Double) -> String {
    let text = Format.stepDifference(seconds, reference: reference)
    guard seconds != 0, !text.contains(where: { ("1"..."9").contains($0) }) else { return text }
    let (sign, size) = (seconds < 0 ? "-" : "+", abs(seconds))
    if size < 5e-8 { return "0 us" }
    if size < 9.95e-6 { return sign + Format.fixed(size * 1e6, decimals: 1) + " us" }
    return sign + Format.fixed(size * 1000, decimals: size >= 9.5e-3 ? 0 : 2) + " ms"
  }

  /// How a number is made of its parts: the formula, or what is done with them.
  static func formula(_ node: ExplanationNode) -> String {
    let how =
      switch node.combination {
      case .leaf: ""
      case .sum: "the sum of its parts"
      case .maximum: "the largest of its parts"
      case .minimum: "the smallest of its parts"
      case .product: "the product of its parts"
      case .quotient: "the first part over the others"
      case .times: "so many times the part"
      case .overlap: "parts at once, which slow each other down"
      }
    if node.formula.isEmpty { return how.isEmpty ? "not taken apart further" : how }
    return "= " + node.formula + (how.isEmpty || node.combination == .sum ? "" : ": " + how)
  }

  /// Where the figures of a part come from; nil where its own parts tell it.
  static func sources(_ node: ExplanationNode) -> String? {
    guard !node.sources.isEmpty else { return nil }
    return "from " + node.sources.map { "\($0.name) (\($0.provenance.rawValue): \($0.text))" }.joined(separator: "; ")
  }

  // MARK: What more would buy

  /// What a step buys, in at most 14 columns.
  static func worth(_ value: MarginalValue) -> String {
    guard let after = value.after else { return "nothing fits" }
    guard let before = value.before, let seconds = value.seconds else {
      return "fits: " + Format.stepSeconds(after.score.iterationSeconds)
    }
    guard value.binds else { return "no faster plan" }
    return (value.isProved ? "" : "~") + difference(seconds, reference: before.score.iterationSeconds)
  }

  /// What stands at the foot for a step: how the same is found without the explorer, and what the plan would change.
  static func details(_ value: MarginalValue) -> String {
    let set = value.set.map { "--set " + ($0.contains(" ") ? "'\($0)'" : $0) }.joined(separator: " ")
    let changes = value.binds ? value.changes.map(\.text).joined(separator: ", ") : ""
    return set + (changes.isEmpty ? "" : "; then " + changes)
  }

  // MARK: Neighbours

  /// What the neighbour is: `layers 11`, or `layer 1 to 2` for one that is moved over a border.
  static func label(_ neighbour: Neighbour, isMove: Bool, from current: Plan?) -> String {
    guard isMove, let from = neighbour.cell.stage, let plan = neighbour.scored?.plan, let current,
      plan.stages.count == current.stages.count,
      let to = plan.stages.indices.first(where: { plan.stages[$0].layers > current.stages[$0].layers })
    else {
      let name = StageColumn.all.first { $0.knob == neighbour.cell.knob }?.title ?? neighbour.cell.knob.title
      return "\(name) \(neighbour.cell.knob.text(neighbour.value))"
    }
    return "layer \(from + 1) to \(to + 1)"
  }

  /// Why it is worse, in a few words; the foot has the sentence.
  static func verdict(_ verdict: PlanVerdict) -> String {
    switch verdict {
    case .refused(let error): "\(error)"
    case .overflow(let stage, _, _, let bytes): "stage \(stage + 1) over by \(Format.gibibytes(bytes)) GiB"
    case .hostOverflow(let bytes): "host over by \(Format.gibibytes(bytes)) GiB"
    case .slower(_, _, let stage?, _): "waits for stage \(stage + 1)"
    case .slower(let term, _, nil, _): "more \(term.short)"
    case .faster(let term, _): "faster: less \(term.short)"
    case .equal: "as fast"
    }
  }

  /// The sentence for the foot, with what else moves.
  static func details(_ neighbour: Neighbour) -> String {
    let changes = neighbour.changes.map(\.text).joined(separator: ", ")
    return (changes.isEmpty ? "" : changes + ": ") + neighbour.verdict.text
  }
}

extension TimeTerm {
  /// In one or two words.
  fileprivate var short: String {
    switch self {
    case .kernels: "kernels"
    case .recomputation: "recomputation"
    case .tensorParallel: "tp collectives"
    case .collectives: "collectives"
    case .copies: "copies"
    case .step: "step, slowdown"
    case .transfers: "transfers"
    case .imbalance: "imbalance"
    case .bubble: "bubble"
    }
  }
}
