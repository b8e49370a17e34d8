import Testing

@testable import Engine

/// Searches over sequence and context parallelism, kinds of recomputation and interleaved stages.
@Suite struct ShapeSearchTests {
  /// A space of few strategies that has every dimension of a shape.
  private static let all = SearchSpace(
    name: "all", summary: "for tests", microBatches: nil, zeroLevels: [0, 3], weightEighths: [0],
    gradientEighths: [0], optimizerEighths: [0], activationEighths: [0, 8], weightsNeedGradients: false,
    layerSlack: nil, powerOfTwoMeshes: false, sequenceParallel: [false, true],
    recomputeKinds: [.full, .selective, .selectiveOperators], contextParallel: [1, 2], interleave: [1, 2])

  /// One dimension at a time without its usual value, so that the optimum must use it, and all together.
  enum Part: String, CaseIterable {
    case whole, sequence, core, operators, context, interleave, interleavedCore, gpipe, zeroBubble

    /// The part of the space.
    var space: SearchSpace {
      var space = ShapeSearchTests.all
      switch self {
      case .whole: break
      case .sequence: (space.sequenceParallel, space.interleave) = ([true], [1])
      case .core: (space.recomputeKinds, space.contextParallel) = ([.selective], [1])
      case .operators: (space.recomputeKinds, space.contextParallel) = ([.selectiveOperators], [1])
      case .context: space.contextParallel = [2]
      case .interleave: space.interleave = [2]
      case .gpipe: (space.schedule, space.interleave) = (.gpipe, [1])
      case .zeroBubble: (space.schedule, space.interleave) = (.zeroBubble, [1])
      case .interleavedCore: (space.interleave, space.recomputeKinds) = ([2], [.selective])
      }
      return space
    }
  }

  private func workload(gibibytes: Double) -> Workload {
    TestMachines.tightWorkload(
      gpusPerNode: 4, layers: 4, batch: 4, gibibytes: gibibytes, hostBytes: 1e13, sequence: 2048)
  }

  @Test("the optimum equals enumerating every plan, with all dimensions, with one at a time, and with less memory")
  func enumeration() throws {
    let most = 8.0
    var enumeration = ShapeEnumeration(workload: workload(gibibytes: most))
    let whole = [2, 2.6, 3.4, most].map { (Part.whole, $0) }
    let cases = whole + Part.allCases.dropFirst().map { ($0, 4.5) }
    for (part, gibibytes) in cases {
      let least = enumeration.best(part.space, lessBytes: (most - gibibytes) * 1_073_741_824)
      let expected = try #require(least, "\(part) fits \(gibibytes) GiB")
      let result = TuningSession(workload: workload(gibibytes: gibibytes), now: { 0 })
        .tune(TuneRequest(space: part.space))
      #expect(result.status == .optimal)
      let best = try #require(result.best)
      #expect(abs(best.score.closedFormSeconds / expected - 1) < 1e-12, "\(part), \(gibibytes) GiB")
      #expect(best.score.fits)
      if part == .context { #expect(best.plan.contextParallel == 2) }
      if part.space.interleave == [2] { #expect(best.plan.interleave == 2) }
      #expect(best.plan.schedule == part.space.schedule)
    }
  }

  @Test("GLPK certifies the optimum of interleaved stages")
  func certificate() throws {
    let session = TuningSession(workload: workload(gibibytes: 4.5), now: { 0 })
    let result = session.tune(TuneRequest(space: Part.interleave.space, certify: true))
    let best = try #require(result.best)
    #expect(best.plan.interleave == 2)
    let certificate = try #require(result.certificate)
    #expect(abs(certificate.bound / best.score.closedFormSeconds - 1) < 1e-6)
  }

  @Test("GLPK certifies the optimum of ZB-H1, and a search of one schedule says so")
  func zeroBubbleCertificate() throws {
    let session = TuningSession(workload: workload(gibibytes: 8), now: { 0 })
    let result = session.tune(TuneRequest(space: Part.zeroBubble.space, certify: true))
    let best = try #require(result.best)
    #expect(best.plan.schedule == .zeroBubble && best.plan.stages.count > 1)
    let certificate = try #require(result.certificate)
    #expect(abs(certificate.bound / best.score.closedFormSeconds - 1) < 1e-6)
    #expect(result.covers.contains("schedule zb-h1"))
  }

  @Test("a space restricted to a schedule has its plans alone")
  func restricted() throws {
    #expect(Self.all.restricted(to: .oneForwardOneBackward)?.interleave == [1])
    #expect(Self.all.restricted(to: .interleaved)?.interleave == [2])
    #expect(SearchSpace.mist.restricted(to: .interleaved) == nil)
    let workload = workload(gibibytes: 8)
    for schedule in [PipelineSchedule.gpipe, .zeroBubble] {
      let space = try #require(SearchSpace.everything.restricted(to: schedule))
      let shapes = PlanShape.all(workload: workload, space: space)
      #expect(!shapes.isEmpty && shapes.allSatisfy { $0.schedule == schedule && $0.stages > 1 && $0.interleave == 1 })
      #expect(shapes.contains { $0.microBatches < $0.stages } == (schedule == .gpipe))
    }
  }

  @Test("the answer is the same to the last bit on one and on three threads")
  func threads() throws {
    let session = TuningSession(workload: workload(gibibytes: 2.4), now: { 0 })
    let one = session.tune(TuneRequest(space: Self.all, threads: 1))
    let three = session.tune(TuneRequest(space: Self.all, threads: 3))
    #expect(one.best != nil)
    #expect(one.best == three.best)
    #expect(one.alternatives == three.alternatives)
  }

  @Test("spaces without these dimensions have the shapes that they had")
  func unchanged() {
    let workload = workload(gibibytes: 8)
    for space in [SearchSpace.mist, .mistPaper] {
      let shapes = PlanShape.all(workload: workload, space: space)
      #expect(!shapes.isEmpty)
      for shape in shapes {
        #expect(!shape.sequenceParallel && shape.contextParallel == 1 && shape.interleave == 1)
      }
      let wider = PlanShape.all(workload: workload, space: .everything)
      if space == .mist { #expect(shapes == wider.filter { shape in shapes.contains(shape) }) }
    }
  }

  @Test("every shape of everything is a plan that keeps the rules")
  func legal() throws {
    var workload = workload(gibibytes: 8)
    workload.run.globalBatch = 24
    workload.model.layers = 12
    let shapes = PlanShape.all(workload: workload, space: .everything)
    #expect(Set(shapes).count == shapes.count)
    for shape in shapes where workload.model.layers.isMultiple(of: shape.stages) {
      let stage = StageChoice(
        layers: workload.model.layers / shape.stages, nodes: shape.nodes, gpusPerNode: shape.gpusPerNode,
        microBatch: shape.microBatch, dataParallel: shape.dataParallel, tensorParallel: shape.tensorParallel, zero: 0,
        checkpointedLayers: 0)
      try PlanRules(workload: workload).check(
        Plan(
          gradientAccumulation: shape.microBatches, stages: Array(repeating: stage, count: shape.stages),
          sequenceParallel: shape.sequenceParallel, contextParallel: shape.contextParallel,
          interleave: shape.interleave))
    }
    #expect(shapes.contains { $0.interleave == 3 } && shapes.contains { $0.contextParallel == 4 })
  }
}
