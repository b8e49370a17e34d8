import Testing

@testable import Engine

/// Questions that one key asks.
@Suite struct WhatIfTests {
  private static func workload(_ sample: String = "gpt-1.3b-2xl4", set: [String] = []) throws -> Workload {
    try WorkloadSource.load(sample, set: set)
  }

  private static func title(_ kind: WhatIf, _ workload: Workload, space: SearchSpace = .mist) -> String {
    do {
      return try kind.question(workload, TuneRequest(space: space)).title
    } catch {
      return "\(error)"
    }
  }

  @Test("each question says what it changes, or why it cannot be asked")
  func titles() throws {
    let large = try Self.workload("gpt-22b-32xa100-40", set: ["run.batch=512", "run.sequence=4095"])
    #expect(Self.title(.twiceTheGPUs, large) == "8 nodes instead of 4")
    #expect(Self.title(.halfTheGPUs, large) == "2 nodes instead of 4")
    #expect(Self.title(.twiceTheBatch, large) == "1024 samples instead of 512")
    #expect(Self.title(.halfTheBatch, large) == "256 samples instead of 512")
    #expect(Self.title(.twiceTheSequence, large) == "8190 tokens instead of 4095")
    #expect(Self.title(.halfTheSequence, large) == "4095 tokens cannot be halved")
    #expect(Self.title(.otherPrecision, large).hasSuffix("has no fp8 units"))
    #expect(Self.title(.otherGPU, large).hasSuffix("instead of 4x8 a100-40-vm"))
    let small = try Self.workload()
    #expect(Self.title(.twiceTheGPUs, small) == "4 GPUs instead of 2")
    #expect(Self.title(.halfTheGPUs, small) == "1 GPUs instead of 2")
    #expect(Self.title(.otherPrecision, small) == "fp8 instead of fp16")
    #expect(Self.title(.otherPrecision, try Self.workload(set: ["run.precision=fp8"])) == "bf16 instead of fp8")
    let full = try Self.workload(set: ["limits.headroom=0"])
    #expect(Self.title(.allTheMemory, full) == "all of the device memory may be used already")
    let torchtitan = Launcher.torchtitan.workload(small)
    #expect(
      Self.title(.noOffload, torchtitan, space: Launcher.torchtitan.space)
        == "no plan of the space torchtitan offloads anything on this runtime")
    let most = try Self.workload(set: ["run.batch=10000000"])
    #expect(Self.title(.twiceTheBatch, most).contains("must be a whole number from 1 to 10000000"))
  }

  @Test("asking for another GPU again and again visits every GPU that ships and comes back")
  func machines() throws {
    let start = try Self.workload()
    var seen: [String] = []
    var now = start
    repeat {
      seen.append(now.cluster.nodeType.gpu.name)
      now = try WhatIf.otherGPU.question(now, TuneRequest()).workload
    } while now.cluster.nodeType.gpu.name != start.cluster.nodeType.gpu.name && seen.count < 100
    #expect(Set(seen) == Set(try Catalogue.nodeTypes.map(\.gpu.name)) && Set(seen).count == seen.count)
    var own = start
    own.cluster.nodeType.gpu.name = "mine"
    #expect(try WhatIf.otherGPU.question(own, TuneRequest()).workload.cluster.nodeType.name == "l4-vm")
  }

  @Test("an answer is what a session of its own finds, and tells days and dollars against the plan as it is")
  func answers() throws {
    let workload = try Self.workload(set: ["run.trainingTokens=1e9", "cluster.dollarsPerGPUHour=0.5"])
    let session = TuningSession(workload: workload) { 0 }
    let now = try #require(session.tune(TuneRequest(alternatives: 0)).best).score
    for kind in [WhatIf.halfTheBatch, .noOffload, .twiceTheGPUs] {
      let question = try kind.question(workload, TuneRequest())
      let answer = session.answer(question)
      let alone = TuningSession(workload: question.workload) { 0 }.tune(question.request)
      #expect(answer.best == alone.best && answer.status == .optimal)
      let best = try #require(answer.best)
      #expect(answer.speedup(over: now) == best.score.tokensPerSecond / now.tokensPerSecond)
      let days = try #require(answer.moreDays(than: now))
      let dollars = try #require(answer.moreDollars(than: now))
      // 1e9 tokens at the two rates; each GPU costs half a dollar an hour.
      let seconds = 1e9 / best.score.tokensPerSecond - 1e9 / now.tokensPerSecond
      #expect(abs(days - seconds / 86_400) < 1e-9 * abs(days) + 1e-12)
      let gpus = Double(question.workload.cluster.gpuCount)
      let cost = (1e9 / best.score.tokensPerSecond * gpus - 1e9 / now.tokensPerSecond * 2) / 3600 * 0.5
      #expect(abs(dollars - cost) < 1e-9 * abs(cost) + 1e-9)
      if kind == .noOffload {
        #expect(best.plan.stages.allSatisfy { $0.offload == .none })
      }
    }
    let untold = TuningSession(workload: try Self.workload()) { 0 }
    let answer = untold.answer(try WhatIf.halfTheBatch.question(untold.workload, TuneRequest()))
    #expect(answer.moreDays(than: now) == nil && answer.moreDollars(than: now) == nil)
  }
}
