import Foundation
import Testing

@testable import Engine

/// How far from monotone the shipped interference factors are, and that no optimum is further (docs/model.md, section 4).
@Suite struct InterferenceBoundTests {
  /// What docs/model.md states of a set of factors: by how much less work on a channel can lengthen a slot at most, as a
  /// share of it; C, N, H, D.
  private static let stated: [(type: String, shares: SIMD4<Double>)] = [
    ("a100-40-vm", [0.1184, 0.0243, 0, 0]), ("l4-vm", [0.0662, 0, 0.1314, 0]), ("l4-node", [0, 0, 0, 0]),
    ("v100-16-vm", [0.0498, 0, 0, 0]), ("a10g-vm", [0.3729, 0, 1.0552, 0]),
  ]

  private static func shares(_ interference: Interference) -> SIMD4<Double>? {
    stated.first { entry in
      (try? Catalogue.nodeType(named: entry.type, at: InputPlace(file: "")))?.interference == interference
    }?.shares
  }

  @Test("every shipped set of factors has the worst rises that are stated, and every node type that ships is of one")
  func exact() throws {
    for (name, shares) in Self.stated {
      let type = try Catalogue.nodeType(named: name, at: InputPlace(file: ""))
      let worst = WorstRise(type.interference)
      for channel in Channel.allCases {
        let share = worst.share(channel)
        #expect(
          share <= shares[channel.rawValue] + 1e-9 && share > shares[channel.rawValue] - 2e-4,
          "\(name) \(channel): \(share)")
      }
    }
    for type in try Catalogue.nodeTypes { #expect(Self.shares(type.interference) != nil, "\(type.name)") }
  }

  @Test(
    "no less work on a channel lengthens a slot by more than is stated, nor by more a second than the worst response")
  func slots() throws {
    var random = SymbolicRandom(seed: 31)
    let trials = RandomWorkloads.isSlow ? 2_000_000 : 20_000
    for (name, shares) in Self.stated {
      let interference = try Catalogue.nodeType(named: name, at: InputPlace(file: "")).interference
      let responses = Channel.allCases.map { channel in
        InterferenceOrders.all.filter { $0.channels[0] == channel }
          .reduce(0) { min($0, InterferenceOrders.response($1, interference.published)) }
      }
      var worst = SIMD4<Double>.zero
      for _ in 0..<trials {
        var more = SIMD4<Double>.zero
        for channel in 0..<4 where !random.once(in: 6) {
          more[channel] = exp2(Double.random(in: -8...0, using: &random))
        }
        let channel = random.below(4)
        var less = more
        less[channel] *= Double.random(in: 0...1, using: &random)
        let (before, after) = (interference.elapsed(more), interference.elapsed(less))
        let limit = before * (1 + shares[channel]) * (1 + 1e-12)
        let byResponse = before - responses[channel] * (more[channel] - less[channel]) + before * 1e-12
        if after > limit || after > byResponse { Issue.record("\(name): \(more) to \(less)") }
        if before > 0 { worst[channel] = max(worst[channel], after / before - 1) }
      }
      if RandomWorkloads.isSlow { print("reliability: interference \(name): \(trials) slots, worst rises \(worst)") }
    }
  }

  @Test("with the shipped factors a faster part makes the optimum slower by no more than is stated of its channel")
  func optima() throws {
    var workloads = try RandomWorkloads(seed: 805)
    let trials = RandomWorkloads.isSlow ? 1_000 : 8
    var (pairs, slower, worst) = (0, 0, 0.0)
    for _ in 0..<trials {
      let question = workloads.next()
      guard let shares = Self.shares(question.workload.cluster.nodeType.interference),
        let before = question.answer().best?.score.closedFormSeconds
      else { continue }
      for resource in Workload.Resource.allCases where !resource.isMemory {
        var more = question
        let factor = workloads.pick([1.02, 1.3, 4])
        more.workload = question.workload.with(factor, of: resource)
        let label = "\(resource.rawValue): \(question.label)"
        guard let after = more.answer().best?.score.closedFormSeconds else {
          Issue.record("fits no more: \(label)")
          continue
        }
        let limit =
          resource.channels.reduce(1) { $0 * (1 + shares[$1.rawValue]) } + question.allowance(resource, factor)
        #expect(after <= before * limit * (1 + 1e-11), "\(label): \(after / before - 1)")
        pairs += 1
        slower += after > before * (1 + 1e-9) ? 1 : 0
        worst = max(worst, after / before - 1)
      }
    }
    #expect(pairs > trials)
    if RandomWorkloads.isSlow {
      print(
        "reliability: faster parts, shipped factors: \(pairs) pairs of searches, \(slower) slower, worst by \(worst)")
    }
  }
}
