import Testing

@testable import Engine

/// The fit of 28 interference factors to published measurements.
@Suite struct OverlapFitTests {
  #if DEBUG
    // Thousands of points take a minute without optimisation.
    private static let tables: [OverlapData] = [.l4]
  #else
    private static let tables = OverlapData.allCases
  #endif

  @Test(
    "measured overlap is explained as well as published, for any number of channels better than by two extremes",
    arguments: tables)
  func bars(data: OverlapData) throws {
    let report = try #require(OverlapReport(try data.points(), base: nil))
    let heldOut = try #require(report.heldOut)
    #expect(report.total.fit <= data.bar)
    #expect(heldOut <= report.total.fit + 0.01)
    #expect(report.sets.count == 11 && report.sizes.map(\.channelCount) == [4, 3, 2])
    for size in report.sizes {
      #expect(size.errors.fit < size.errors.perfect && size.errors.fit < size.errors.serial, "\(size)")
    }
    // Exact conditions, imposed by weights.
    #expect(report.fit.worstResponse > -1e-6)
  }

  @Test("the published factors let more work shorten the time, the fitted ones do not")
  func monotone() throws {
    let cases = OverlapCases(try OverlapData.l4.points()).all
    let fit = InterferenceFit(cases)
    let interference = try #require(fit.interference)
    var random = SymbolicRandom(seed: 5)
    for _ in 0..<2_000 {
      var less = SIMD4<Double>.zero
      for channel in 0..<4 { less[channel] = random.once(in: 4) ? 0 : Double.random(in: 0...10, using: &random) }
      var more = less
      more[random.below(4)] += Double.random(in: 0...2, using: &random)
      #expect(interference.elapsed(more) >= interference.elapsed(less) * (1 - 1e-6), "\(less) \(more)")
    }
    let published = try Catalogue.nodeType(named: "a100-40", at: InputPlace(file: "")).interference.published
    #expect((InterferenceOrders.worst(published)?.response ?? 0) < -0.01)
  }

  @Test("what is unsteady or has a part that was never measured alone is left out and counted")
  func leftOut() {
    let group = GroupShape(nodes: 1, gpusPerNode: 2)
    func point(_ work: SIMD4<Double>, _ seconds: Double, _ deviation: Double = 0) -> OverlapPoint {
      OverlapPoint(work: work, group: group, seconds: seconds, deviation: deviation)
    }
    let cases = OverlapCases([
      point([1, 0, 0, 0], 1), point([0, 0, 4, 0], 2), point([0, 0, 8, 0], 4), point([1, 0, 4, 0], 2.5),
      point([1, 0, 6, 0], 3.2), point([1, 0, 4, 0], 2.5, 0.3), point([1, 3, 0, 0], 2), point([0, 3, 0, 0], 1, 0.5),
      point([1, 0, 12, 0], 6.5),
    ])
    #expect(cases.all.map(\.alone) == [[1, 0, 2, 0], [1, 0, 3, 0], [1, 0, 6, 0]])
    #expect(cases.unsteady == 1 && cases.unknown == 1)
  }

  @Test("factors that are known are found again, and what no point tells is said")
  func recovered() throws {
    let truth = try #require(
      Interference(
        published: [
          2.5, 2, 3.5, 3, 2, 1.6, 2.4, 2.1, 1.7, 2.3, 1.9, 2.6, 2.4, 2, 2.2, 2.1, 1.3, 1.05, 1.2, 1.4, 1.1, 1.3, 1.6,
          1.4, 1.5, 1.7, 1.8, 1.9,
        ]))
    var random = SymbolicRandom(seed: 3)
    let cases = (0..<600).map { _ -> OverlapCase in
      var alone = SIMD4<Double>.zero
      for channel in [0, 1, 2] where !random.once(in: 5) { alone[channel] = Double.random(in: 1...8, using: &random) }
      let point = OverlapPoint(
        work: alone, group: GroupShape(nodes: 1, gpusPerNode: 2), seconds: truth.elapsed(alone), deviation: 0)
      return OverlapCase(point: point, alone: alone)
    }.filter { $0.channelCount > 1 }
    let fit = InterferenceFit(cases)
    for (index, factor) in InterferenceFactor.all.enumerated() {
      if factor.set.contains(.deviceToHost) {
        #expect(fit.counts[index] == 0, "\(factor.label)")
      } else {
        #expect(abs(fit.published[index] / truth.published[index] - 1) < 0.01, "\(factor.label)")
      }
    }
  }
}

/// The exact conditions under which more work never shortens the elapsed time.
@Suite struct InterferenceOrdersTests {
  @Test("the response of an order is the slope of the elapsed time there")
  func slopes() throws {
    var random = SymbolicRandom(seed: 11)
    var seen = 0
    for _ in 0..<400 {
      guard let interference = random.interference() else { continue }
      var alone = SIMD4<Double>.zero
      for channel in 0..<4 { alone[channel] = Double.random(in: 0.5...4, using: &random) }
      let ends = interference.ends(alone)
      let channels = Channel.allCases.sorted { ends[$0.rawValue] < ends[$1.rawValue] }
      guard let order = InterferenceOrders.all.first(where: { $0.channels == channels }) else { continue }
      var more = alone
      more[channels[0].rawValue] += 1e-7
      let moved = interference.ends(more)
      guard Channel.allCases.sorted(by: { moved[$0.rawValue] < moved[$1.rawValue] }) == channels else { continue }
      let slope = (interference.elapsed(more) - interference.elapsed(alone)) / 1e-7
      let response = InterferenceOrders.response(order, interference.published)
      #expect(abs(slope - response) < 1e-4 * max(1, abs(response)), "\(order.channels) \(slope) \(response)")
      seen += 1
    }
    #expect(seen > 300)
    #expect(InterferenceOrders.all.count == 48)
  }

  @Test("one disturbed pair by hand: the first of three helps the others by being long")
  func byHand() {
    // C, N and H together: C finishes first; alone the pair N, H takes far longer than with C beside it.
    var published = [Double](repeating: 1, count: 28)
    published[InterferenceFactor.index(of: .collective, in: [.collective, .hostToDevice])] = 5
    published[InterferenceFactor.index(of: .hostToDevice, in: [.collective, .hostToDevice])] = 5
    // dI/dC = 1 * (1 - 5 * (1 - 1/5) - 1) = -4: a second of C saves four of N beside H.
    let order = InterferenceOrders.all.first { $0.channels == [.compute, .collective, .hostToDevice] }
    #expect(order.map { InterferenceOrders.response($0, published) } == -4)
  }
}
