import Foundation
import Testing

@testable import Engine

/// Sessions that go on from edits and pins, against sessions that start anew.
@Suite struct SessionTests {
  private static func workload() -> Workload {
    TestMachines.tightWorkload(gpusPerNode: 4, layers: 6, batch: 8, gibibytes: 4, hostBytes: 40e9)
  }

  private static let space: SearchSpace = {
    var space = SearchSpace.blank
    space.name = "small"
    space.zeroLevels = [0, 1, 3]
    space.optimizerEighths = [0, 4, 8]
    space.activationEighths = [0, 8]
    return space
  }()

  private static let pins = [
    "zero=3", "zero!=0", "tensorParallel=2", "stages=2", "stages=1,2", "last.zero=0", "1.layers=2", "2.zero=1",
    "checkpointedLayers=0..1", "offload.optimizer=0.5", "last.checkpointedLayers=2", "gradientAccumulation=2",
    "layers=3", "2.offload.activations=1",
  ]

  /// One step of a person: a changed workload, or other pins.
  private static func edit(
    _ workload: inout Workload, _ request: inout TuneRequest, _ noise: inout SyntheticPipelines.Sequence
  ) {
    func pick<Value>(_ values: [Value]) -> Value { values[Int(noise.unit() * Double(values.count))] }
    switch Int(noise.unit() * 8) {
    case 0: workload.run.globalBatch = pick([4, 8, 12, 16])
    case 1: workload.limits.memoryShare = pick([1, 0.8, 0.6, 0.4])
    case 2: workload.cluster.nodes = pick([1, 2])
    case 3: workload.run.sequenceLength = pick([1024, 512])
    case 4: request.alternatives = pick([0, 3, 5])
    case 5: request.pins = PlanPins()
    case 6: request.pins = (try? PlanPins(texts: [pick(pins)])) ?? PlanPins()
    default: request.pins = (try? PlanPins(texts: [pick(pins), pick(pins)])) ?? PlanPins()
    }
  }

  @Test("whatever the way to a question, the answer is that of a session that starts with it")
  func edits() {
    let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
    var noise = SyntheticPipelines.Sequence(seed: 11)
    for _ in 0..<(isSlow ? 500 : 8) {
      var workload = Self.workload()
      var request = TuneRequest(space: Self.space)
      var session = TuningSession(workload: workload, now: { 0 })
      for _ in 0..<5 {
        Self.edit(&workload, &request, &noise)
        session = session.edited(workload)
        request.threads = 1 + Int(noise.unit() * 2)
        let found = session.tune(request)
        let fresh = TuningSession(workload: workload, now: { 0 }).tune(request)
        let label = "\(request.pins.texts), batch \(workload.run.globalBatch), share \(workload.limits.memoryShare)"
        #expect(found.status == fresh.status, "\(label)")
        #expect(found.best == fresh.best, "\(label)")
        #expect(found.alternatives == fresh.alternatives, "\(label)")
        #expect(found.lowerBoundSeconds == fresh.lowerBoundSeconds, "\(label)")
        #expect(found.infeasibility == fresh.infeasibility, "\(label)")
      }
    }
  }

  @Test("asked again, a session has the same answer without another configuration")
  func again() {
    let session = TuningSession(workload: Self.workload(), now: { 0 })
    let request = TuneRequest(space: Self.space)
    let first = session.tune(request)
    let second = session.tune(request)
    #expect(first.best == second.best && first.alternatives == second.alternatives)
    #expect(first.configurations > 0 && second.configurations < first.configurations)
  }

  @Test("a cancelled search leaves nothing behind that changes the next answer")
  func afterCancel() {
    let workload = Self.workload()
    let request = TuneRequest(space: Self.space)
    let fresh = TuningSession(workload: workload, now: { 0 }).tune(request)
    for stop in 1...6 {
      let session = TuningSession(workload: workload, now: { 0 })
      let cancel = CancelToken()
      let count = EventCount()
      let cut = session.tune(request, cancel: cancel) { _ in if count.next() == stop { cancel.cancel() } }
      #expect(cut.best == nil || cut.status != .cancelled)
      let whole = session.tune(request)
      #expect(whole.best == fresh.best && whole.alternatives == fresh.alternatives && whole.status == .optimal)
    }
  }
}

/// Counts events from several threads.
private final class EventCount: @unchecked Sendable {
  private let lock = NSLock()
  private var value = 0

  func next() -> Int {
    lock.lock()
    defer { lock.unlock() }
    value += 1
    return value
  }
}
