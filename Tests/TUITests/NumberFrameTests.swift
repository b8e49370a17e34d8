import Engine
import Foundation
import Testing

@testable import TUI

/// What the screens show of figures that are no numbers, or far from any that a plan has.
///
/// The engine's figures are finite; a screen that is given others must still be drawn, and must not show them as numbers.
@Suite struct NumberFrameTests {
  private static let wild = [
    Double.nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, -0.0, 0, .greatestFiniteMagnitude, 1e18,
    -1e15,
  ]

  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  @Test(
    "no pane shows a number that is none, nor ends the program, whatever figures a plan has", arguments: [1, 4, 16])
  func panes(stages: Int) throws {
    let matrix = try GoldenMatrix(stages: stages)
    for size in GoldenMatrix.sizes {
      for screen in GoldenMatrix.screens(size) {
        let sane = matrix.state(screen, .braille)
        for value in Self.wild {
          for field in Field.allCases where Self.isSlow || value.isNaN && stages == 4 && size.width == 120 {
            var state = sane
            Self.spoil(&state) { field.set(value, in: &$0) }
            Self.expectNumbers(state)
          }
          var state = sane
          Self.spoil(&state) { score in for field in Field.allCases { field.set(value, in: &score) } }
          Self.spoilTimelines(&state, value)
          Self.expectNumbers(state)
        }
      }
    }
  }

  private static func expectNumbers(_ state: ExplorerState) {
    let frame = render(state, size: state.size)
    FrameCheck.expectWhole(frame, state.size)
    FrameCheck.expectNumbers(frame)
  }

  @Test("every format says of a number that is none that there is none, and of any other a number")
  func formats() {
    let formats: [(Double) -> String] = [
      { Format.fixed($0, decimals: 1) }, Format.stepSeconds, { Format.stepDifference($0, reference: 1) },
      { Format.stepDifference(1, reference: $0) }, Format.milliseconds, Format.gibibytes, Format.spareGibibytes,
      { Format.percent($0) }, Format.count, Format.elapsed, LogTicks.label,
    ]
    for (index, format) in formats.enumerated() {
      for value in Self.wild + [-0.04, 0.04, -1e-9, 9.9996, -999.96] {
        #expect(FrameCheck.wildNumbers(in: format(value)).isEmpty, "\(index): \(value) is \(format(value))")
      }
    }
  }

  @Test("ticks and apportioned cells of numbers that are none end, and are none")
  func charts() {
    for low in Self.wild {
      for high in Self.wild {
        #expect(Ticks(low: low, high: high, count: 5).values.allSatisfy { $0.isFinite })
        #expect(LogTicks.values(low: low, high: high, count: 5).allSatisfy { $0.isFinite })
        #expect(Apportion.cells([low, high, 1], cells: 10).reduce(0, +) <= 10)
      }
    }
  }

  @Test("what is searched for in frames is found")
  func words() {
    #expect(FrameCheck.wildNumbers(in: "a nan b") == ["nan"])
    #expect(FrameCheck.wildNumbers(in: "│-inf s│ NaN%") == ["-inf", "NaN"])
    #expect(FrameCheck.wildNumbers(in: "x -0.00 GiB, -0") == ["-0.00", "-0"])
    // A dialog lies over the rest of -0.02 s.
    #expect(FrameCheck.wildNumbers(in: "│ 0.1 s  -0.│ -0.0 x|") == ["-0.0"])
    #expect(FrameCheck.wildNumbers(in: "infeasible, InfiniBand, nano, n/a, 0-3, -0.01, 0.0, +0.0, -") == [])
  }

  // MARK: Spoiling

  /// A figure of a score.
  private enum Field: CaseIterable {
    case iteration, closedForm, bubble, rate, rateEach, tflops, mfu, days, cost, host, hostCapacity
    case stable, delta, passes, transfer, parts, allocated, reserved, context, capacity, headroom, spare, hostEach

    func set(_ value: Double, in score: inout PlanScore) {
      switch self {
      case .iteration: score.iterationSeconds = value
      case .closedForm: score.closedFormSeconds = value
      case .bubble: score.bubbleShare = value
      case .rate: score.tokensPerSecond = value
      case .rateEach: score.tokensPerSecondPerGPU = value
      case .tflops: score.tflopsPerGPU = value
      case .mfu: score.mfu = value
      case .days: score.trainingDays = value
      case .cost: score.trainingCost = value
      case .host: score.hostBytesPerNode = value
      case .hostCapacity: score.hostCapacityBytes = value
      default: for index in score.stages.indices { set(value, in: &score.stages[index]) }
      }
    }

    private func set(_ value: Double, in stage: inout StageScore) {
      switch self {
      case .stable: stage.stableSeconds = value
      case .delta: stage.deltaSeconds = value
      case .passes:
        var pass = PassTimes()
        (pass.elapsed, pass.compute, pass.recomputed, pass.tensorParallel) = (value, value, value, value)
        (pass.collective, pass.hostToDevice, pass.deviceToHost) = (value, value, value)
        (stage.forward, stage.forwardFirst, stage.backward, stage.backwardLast) = (pass, pass, pass, pass)
      case .transfer: stage.pointToPointSeconds = value
      case .hostEach: stage.hostBytesPerGPU = value
      default: set(value, in: &stage.memory)
      }
    }

    private func set(_ value: Double, in memory: inout MemoryBreakdown) {
      switch self {
      case .parts:
        (memory.weights, memory.gradients, memory.optimizer) = (value, value, value)
        (memory.activations, memory.transient, memory.buffers) = (value, value, value)
      case .allocated: memory.allocated = value
      case .reserved: memory.reserved = value
      case .context: memory.context = value
      case .capacity: memory.capacity = value
      case .headroom: memory.headroom = value
      default: memory.spare = value
      }
    }
  }

  /// Changes the score of every plan that the state has.
  private static func spoil(_ state: inout ExplorerState, _ change: (inout PlanScore) -> Void) {
    func spoil(_ plan: inout ScoredPlan?) {
      guard var found = plan else { return }
      change(&found.score)
      plan = found
    }
    spoil(&state.plans.best)
    spoil(&state.plans.taken)
    spoil(&state.plans.preview)
    spoil(&state.plans.chosenReference)
    spoil(&state.plans.optimum)
    for index in state.known.indices { change(&state.known[index].score) }
    if var result = state.search.result {
      spoil(&result.best)
      for index in result.alternatives.indices { change(&result.alternatives[index].score) }
      state.search.result = result
    }
  }

  /// Gives every pass of the timelines wild ends.
  private static func spoilTimelines(_ state: inout ExplorerState, _ value: Double) {
    for known in state.timelines.indices {
      var timeline = state.timelines[known].timeline
      (timeline.makespan, timeline.period) = (value, value)
      for stage in timeline.passes.indices {
        for pass in timeline.passes[stage].indices {
          timeline.passes[stage][pass].end = value
          if pass % 2 == 0 { timeline.passes[stage][pass].start = value }
        }
      }
      state.timelines[known].timeline = timeline
    }
  }
}
