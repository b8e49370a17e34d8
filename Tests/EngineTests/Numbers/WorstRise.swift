@testable import Engine

/// By how much less work on one channel can lengthen what overlapping channels take together, at most, as a share of it.
///
/// Found exactly: within an order of finishing the elapsed time is linear in the four times, so for each pair of orders,
/// of the longer and of the shorter work, the worst ratio is a linear programme: maximise the one elapsed time while the
/// other is 1. GLPK solves all 576 of them.
struct WorstRise {
  /// Elapsed seconds as a linear form of the four times while the channels finish in some order, and the forms that are
  /// not negative then.
  private struct Cone {
    var elapsed: SIMD4<Double>
    var conditions: [SIMD4<Double>]
  }

  private let cones: [Cone]

  /// For the factors of an interference table.
  init(_ interference: Interference) {
    cones = InterferenceOrders.all.filter { $0.channels.count == 4 }.map { Self.cone($0.channels, interference) }
  }

  private static func cone(_ order: [Channel], _ interference: Interference) -> Cone {
    var left = Channel.allCases.map { channel in
      var form = SIMD4<Double>.zero
      form[channel.rawValue] = 1
      return form
    }
    var cone = Cone(elapsed: .zero, conditions: [])
    for (place, first) in order.dropLast().enumerated() {
      let busy = order[place...]
      let mask = busy.reduce(0) { $0 | 1 << $1.rawValue }
      func factor(_ channel: Channel) -> Double { interference.factors[mask * 4 + channel.rawValue] }
      let overlap = left[first.rawValue] * factor(first)
      cone.elapsed += overlap
      for other in busy.dropFirst() {
        cone.conditions.append(left[other.rawValue] * factor(other) - overlap)
        left[other.rawValue] -= overlap / factor(other)
      }
    }
    if let last = order.last { cone.elapsed += left[last.rawValue] }
    return cone
  }

  /// The worst share for less work on a channel; 0 where less work never takes longer.
  func share(_ channel: Channel) -> Double {
    var worst = 0.0
    for more in cones {
      for less in cones { worst = max(worst, rise(channel, more, less)) }
    }
    return worst
  }

  private func rise(_ channel: Channel, _ more: Cone, _ less: Cone) -> Double {
    var programme = MixedProgramme()
    // The four times, and the lesser one of the channel.
    for index in 0..<5 {
      let isOfLess = index == 4 || index != channel.rawValue
      let cost = isOfLess ? less.elapsed[index == 4 ? channel.rawValue : index] : 0
      _ = programme.add(MixedProgramme.Column(kind: .continuous, bounds: .atLeast(0), cost: -cost))
    }
    func add(_ bounds: MixedProgramme.Bounds, _ form: SIMD4<Double>, isOfLess: Bool) {
      let row = programme.add(bounds)
      for index in 0..<4 where form[index] != 0 {
        programme.set(row, isOfLess && index == channel.rawValue ? 4 : index, form[index])
      }
    }
    add(.fixed(1), more.elapsed, isOfLess: false)
    for form in more.conditions { add(.atLeast(0), form, isOfLess: false) }
    for form in less.conditions { add(.atLeast(0), form, isOfLess: true) }
    let fall = programme.add(.atLeast(0))
    programme.set(fall, channel.rawValue, 1)
    programme.set(fall, 4, -1)
    let outcome = GLPKProgramme.solve(programme, timeLimitSeconds: 5, cancel: CancelToken())
    return outcome.values.isEmpty ? 0 : -outcome.objective - 1
  }
}
