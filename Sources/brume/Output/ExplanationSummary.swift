import Engine
import TUI

/// The short answer above the tree of `brume explain`: where the time goes, or what the memory must fit into.
struct ExplanationSummary {
  /// The score that is explained.
  let score: PlanScore
  /// Its plan.
  let plan: Plan
  /// Its trees, which tell recomputation from the other kernels.
  let explanation: PlanExplanation

  /// Lines of at most 80 columns and a blank one; none for other terms than time and memory.
  ///
  /// - Parameter stage: from 1; nil for the whole plan.
  func lines(term: String, stage: Int?) -> [String] {
    switch term {
    case "time": time(stage)
    case "memory": memory(stage)
    default: []
    }
  }

  // MARK: Time

  /// Seconds of a stage in one iteration, by what it does.
  private struct Shares {
    var kernels = 0.0
    var recomputation = 0.0
    var tensorParallel = 0.0
    var exposed = 0.0
    var transfers = 0.0

    var busy: Double { kernels + recomputation + tensorParallel + exposed + transfers }
  }

  private func time(_ stage: Int?) -> [String] {
    let whole = score.iterationSeconds
    let chosen = stage.map { [$0 - 1] } ?? Array(score.stages.indices)
    guard whole > 0, !chosen.isEmpty else { return [] }
    let shares = chosen.map(shares(of:))
    func mean(_ part: (Shares) -> Double) -> Double { shares.map(part).reduce(0, +) / Double(shares.count) }
    let rows = [
      ("kernels, forward and backward", mean(\.kernels)),
      ("kernels, recomputation", mean(\.recomputation)),
      ("tensor-parallel collectives", mean(\.tensorParallel)),
      ("other collectives and copies, where not hidden", mean(\.exposed)),
      ("transfers between stages", mean(\.transfers)),
      ("waiting with nothing to do", whole - mean(\.busy)),
    ]
    let place = stage.map { "in stage \($0)" } ?? (chosen.count > 1 ? "mean of the \(chosen.count) stages" : "")
    var lines = [
      "where the \(Decimals.significant(whole, 5)) s of an iteration go\(place.isEmpty ? "" : ", \(place)"):"
    ]
    // All with the decimals of the whole, so that a person who adds them up gets it.
    let decimals = Decimals.places(whole, significant: 5)
    let seconds = Apportion.rounded(rows.map(\.1), total: whole, decimals: decimals)
    let percents = Apportion.rounded(rows.map { $0.1 / whole * 100 }, total: 100, decimals: 1)
    for (index, row) in rows.enumerated() where abs(row.1) > 1e-6 * whole {
      lines.append(
        "  " + left(row.0, 48) + right(Decimals.fixed(seconds[index], decimals) + " s", 12)
          + right(Decimals.fixed(percents[index], 1) + " %", 9))
    }
    return lines + (stage == nil ? pace : []) + [""]
  }

  /// `stage 2 sets the pace: 128 micro-batches of 844.4 ms; the fastest, stage 7, takes 757.1 ms`.
  private var pace: [String] {
    let times = score.stages.map(\.stableSeconds)
    guard times.count > 1, plan.gradientAccumulation > 1,
      let slowest = times.indices.max(by: { times[$0] < times[$1] }),
      let fastest = times.indices.min(by: { times[$0] < times[$1] })
    else { return [] }
    return ExplanationOutput.wrapped(
      "stage \(slowest + 1) sets the pace: \(plan.gradientAccumulation) micro-batches of "
        + "\(ExplanationOutput.amount(times[slowest], .seconds)); the fastest, stage \(fastest + 1), takes "
        + ExplanationOutput.amount(times[fastest], .seconds), next: "  ")
      + ExplanationOutput.wrapped(
        "bubble \(Decimals.percent(score.bubbleShare)) %: also counts a stage that waits for its first micro-batch "
          + "while its optimizer step and copies go on", next: "  ")
  }

  private func shares(of index: Int) -> Shares {
    let stage = score.stages[index]
    let rounds = Double(plan.gradientAccumulation)
    func sum(_ part: (PassTimes) -> Double) -> Double {
      part(stage.forwardFirst) + part(stage.backwardLast) + (rounds - 1) * (part(stage.forward) + part(stage.backward))
    }
    let again = rounds * Self.seconds(of: "recomputation", in: explanation.stages[index].stable)
    return Shares(
      kernels: sum(\.compute) - again, recomputation: again, tensorParallel: sum(\.tensorParallel),
      exposed: sum(\.exposed), transfers: 2 * rounds * stage.pointToPointSeconds)
  }

  /// All parts of that name, each as often as it counts.
  private static func seconds(of name: String, in node: ExplanationNode) -> Double {
    if node.name == name { return node.value }
    let below = node.children.reduce(0) { $0 + seconds(of: name, in: $1) }
    if case .times(let count) = node.combination { return count * below }
    return below
  }

  // MARK: Memory

  private func memory(_ stage: Int?) -> [String] {
    let fullest = score.stages.indices.min { score.stages[$0].memory.spare < score.stages[$1].memory.spare }
    guard let index = stage.map({ $0 - 1 }) ?? fullest else { return [] }
    let memory = score.stages[index].memory
    let room = memory.reserved + memory.spare
    let rows = [
      ("device memory", memory.capacity),
      ("less the CUDA context and its libraries", -memory.context),
      ("less what is kept free", room - (memory.capacity - memory.context)),
      ("reserved at the peak, in the \(memory.peakInBackward ? "backward" : "forward") pass", -memory.reserved),
    ]
    let shown = Apportion.rounded(rows.map { $0.1 / Self.gibibyte }, total: memory.spare / Self.gibibyte, decimals: 3)
    let last = (memory.spare < 0 ? "over" : "spare", memory.spare / Self.gibibyte)
    let name = stage == nil && score.stages.count > 1 ? "stage \(index + 1), the tightest," : "stage \(index + 1)"
    let host =
      "host memory: \(Decimals.gibibytes(score.hostBytesPerNode, 1)) of "
      + "\(Decimals.gibibytes(score.hostCapacityBytes, 1)) GiB per node"
    return ["how \(name) fits its device:"]
      + (zip(rows.map(\.0), shown) + [last]).map { "  " + left($0, 48) + right(Decimals.fixed($1, 3) + " GiB", 12) }
      + [host, ""]
  }

  private static let gibibyte = 1_073_741_824.0

  private func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
