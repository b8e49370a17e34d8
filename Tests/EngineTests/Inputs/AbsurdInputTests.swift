import Foundation
import FuzzSupport
import Testing

@testable import Engine

/// Numbers that no machine has: refused with what would be right, or answered, in bounded time.
@Suite struct AbsurdInputTests {
  private func load(_ assignments: [String]) throws -> Workload {
    try WorkloadSource.load("gpt-7b-8xl4", set: assignments)
  }

  @Test(
    "what is out of every range is refused with the range",
    arguments: [
      ("model={from: gpt-7b, layers: 1e9}", "1 to 10000"), ("run.batch=1e12", "10000000"),
      ("run.batch=1..1e12", "10000000"), ("run.sequence=1e9", "1 to 100000000"),
      ("cluster=1000000x8xh100", "100000 nodes"),
      ("cluster=0x8xl4", "counts from 1"), ("cluster=8x0xl4", "counts from 1"), ("cluster=2x64xl4", "at most 8"),
      ("cluster=99999999999999999999x8xl4", "counts from 1"),
      ("model={from: gpt-7b, vocabulary: 1e12}", "1 to 100000000"),
      ("cluster={from: 8xl4, dollarsPerGPUHour: 1e300}", "0 to 100000"),
      ("cluster={from: 8xl4, nodes: 0}", "1 to 100000"),
      ("cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, memoryBytes: 1}}}", "1000000 to"),
      ("cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, memoryBandwidth: 1e308}}}", "1000000 to"),
      ("cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, peakFlops: 0}}}", "1000000000 to"),
      ("cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, peakFlops: -.inf}}}", "must be a rate"),
      ("run.dropout=nan", "0 to 0.99"), ("limits.memoryShare=0", "0.01 to 1"), ("limits.headroom=1e300", "within 0 to"),
      ("run.trainingTokens=1e99", "1 to"), ("model={from: gpt-7b, heads: 0}", "1 to 100000"),
      ("model={from: gpt-7b, hidden: 9223372036854775807}", "1 to 1000000"),
    ])
  func refused(assignment: String, range: String) {
    let error = #expect(throws: InputError.self) { try load([assignment]) }
    let text = error?.description ?? ""
    #expect(text.contains(range), "\(text)")
  }

  /// The most, or the least, that readers let through, one for each kind of trouble.
  private static let extremes = [
    ["model={from: gpt-7b, layers: 10000}"], ["run.batch=10000000"], ["run.sequence=100000000"],
    ["cluster=100000x8xh100", "run.batch=10000000"], ["cluster=100000x8xh100", "run.batch=800000"],
    ["model={from: gpt-7b, vocabulary: 100000000}"],
    ["model={from: gpt-7b, hidden: 1000000, heads: 100000, feedForward: 10000000}"],
    ["model={from: gpt-7b, hidden: 1, heads: 1, feedForward: 1, vocabulary: 1, layers: 1}"],
    ["cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, memoryBytes: 1e6}}}"],
    ["cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, memoryBandwidth: 1e16, peakFlops: 1e18}}}"],
    ["cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, memoryBandwidth: 1e6, peakFlops: 1e9}}}"],
    ["cluster={from: 8xl4, node: {from: l4-vm, gpu: {from: l4, launchSeconds: 1, contextBytes: 1e12}}}"],
    ["cluster={from: 8xl4, hostMemoryBytes: 1e15, dollarsPerGPUHour: 1e5}"],
    ["cluster={from: 8xl4, hostMemoryBytes: 1e9}"],
    ["limits.memoryShare=0.01"], ["limits.headroom=1e13"], ["run.batch=1..10000000"], ["run.trainingTokens=1e18"],
    ["model={from: gpt-7b, layers: 10000}", "cluster=1024x8xh100", "run.batch=1048576"],
    ["cluster=9973x8xh100", "run.batch=9999991"], ["run.dropout=0.99", "run.batch=1"],
  ]

  @Test("the most and the least that is let through is searched until it is stopped, and scored with finite figures")
  func extremes() throws {
    var worst = (seconds: 0.0, what: "")
    for assignments in Self.extremes {
      let workload = try load(assignments)
      let seconds = try AbsurdSearch(workload: workload, milliseconds: 40).run()
      if seconds > worst.seconds { worst = (seconds, assignments.joined(separator: " ")) }
    }
    print(
      "reliability: \(Self.extremes.count) extremes stopped after 40 ms: ended \(worst.seconds) s later (\(worst.what))"
    )
    // Stopping takes far less on a machine that does nothing else.
    if FuzzedInputTests.isSlow { #expect(worst.seconds < 5, "\(worst.what)") }
  }

  @Test("random numbers within the ranges: searched, scored, explained, without a trap")
  func random() throws {
    var random = SyntheticPipelines.Sequence(seed: 17)
    var (searched, refused) = (0, 0)
    var worst = (seconds: 0.0, what: "")
    for _ in 0..<(FuzzedInputTests.isSlow ? 2_000 : 25) {
      let assignments = Self.randomAssignments(&random)
      let workload: Workload
      do {
        workload = try WorkloadSource.load(
          ["gpt-1.3b-2xl4", "gpt-7b-8xl4", "llama-70b-512xh100"].randomElement(using: &random) ?? "", set: assignments)
      } catch {
        refused += 1
        continue
      }
      let seconds = try AbsurdSearch(workload: workload, milliseconds: 20, random: random.next()).run()
      if seconds > worst.seconds { worst = (seconds, assignments.joined(separator: " ")) }
      searched += 1
    }
    print(
      "reliability: \(searched) random extremes (\(refused) refused) stopped after 20 ms: ended \(worst.seconds) s later "
        + "at most (\(worst.what))")
    if FuzzedInputTests.isSlow { #expect(worst.seconds < 5, "\(worst.what)") }
  }

  /// One to four numbers of the question at random, each spread evenly over the orders of its range.
  private static func randomAssignments(_ random: inout SyntheticPipelines.Sequence) -> [String] {
    func spread(_ low: Double, _ high: Double) -> Double {
      (low * pow(high / low, random.unit())).rounded(.down)
    }
    /// A power of two every other time: others have few plans.
    func whole(_ high: Double) -> Int {
      let number = spread(1, high)
      return Int(Bool.random(using: &random) ? number : pow(2, log2(number).rounded(.down)))
    }
    var assignments: [String] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: assignments.append("run.batch=\(whole(1e7))")
      case 1: assignments.append("run.sequence=\(whole(1e8))")
      case 2:
        let heads = whole(1e3)
        assignments.append(
          "model={from: gpt-1.3b, layers: \(whole(1e4)), heads: \(heads), hidden: \(heads * whole(1e2)), "
            + "vocabulary: \(whole(1e8)), feedForward: \(whole(1e7))}")
      case 3: assignments.append("cluster=\(whole(1e5))x\(Int.random(in: 1...8, using: &random))xh100")
      case 4: assignments.append("limits.memoryShare=\(0.01 + 0.99 * random.unit())")
      case 5:
        assignments.append(
          "cluster={from: \(whole(64))x8xh100, hostMemoryBytes: \(spread(1e9, 1e15)), "
            + "node: {from: h100-sxm, gpu: {from: h100, memoryBytes: \(spread(1e6, 1e14)), peakFlops: \(spread(1e9, 1e18)), memoryBandwidth: \(spread(1e6, 1e16))}}}"
        )
      case 6: assignments.append("run.dropout=\(0.99 * random.unit())")
      default: assignments.append("run.trainingTokens=\(spread(1, 1e18))")
      }
    }
    return assignments
  }
}

/// A search that is stopped soon, with all that is asked of its answer.
struct AbsurdSearch {
  /// The question.
  var workload: Workload
  /// When it is stopped.
  var milliseconds: Int
  /// Chooses the space.
  var random: UInt64 = 0

  /// Seconds from the order to stop to the answer; throws where a figure is not finite.
  func run() throws -> Double {
    let session = TuningSession(workload: workload) { 0 }
    let cancel = CancelToken()
    let deadline = Date().addingTimeInterval(Double(milliseconds) / 1_000)
    let stopper = Thread {
      Thread.sleep(until: deadline)
      cancel.cancel()
    }
    stopper.start()
    let spaces = SearchSpace.all
    var request = TuneRequest(space: spaces[Int(random % UInt64(spaces.count))], threads: 2)
    request.alternatives = 2
    let result = session.tune(request, cancel: cancel)
    let late = Date().timeIntervalSince(deadline)
    for found in [result.best].compactMap({ $0 }) + result.alternatives {
      try EngineReaders.check(found.score)
      // Scored anew it is the same, and it can be saved and read.
      try EngineReaders.check(try session.score(found.plan))
      let file = PlanFile(workload: workload, plan: found.plan)
      try FuzzFinding.check(
        try PlanFile(ConfigNode.parse(file.text, file: "plan.yaml")) == file, "a found plan reads back unequal")
    }
    if let plan = EngineReaders.simplestPlan(of: workload), plan.gradientAccumulation < 100_000 {
      try EngineReaders.check(try session.score(plan))
    }
    return max(0, late)
  }
}
