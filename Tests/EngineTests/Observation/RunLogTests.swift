import Testing

@testable import Engine

/// Logs of four launchers, as they print them, made by hand.
@Suite("Logs of training runs")
struct RunLogTests {
  private static func plan() throws -> PlanFile {
    let document = try InputDocument.load("gpt-22b-32xl4.plan")
    return try #require(document.plan)
  }

  private static func read(_ text: String) throws -> RunLog {
    let file = try plan()
    return try RunLog.read(text, file: "run.log", workload: file.workload, plan: file.plan)
  }

  /// Twelve iterations of Megatron-LM, the first two slow, with colours and the ranks of Slurm before the lines.
  static let megatron: String = {
    var lines = ["using world size: 32, data-parallel size: 8", "> building train, validation and test datasets ..."]
    for step in 1...12 {
      let milliseconds = step == 1 ? 25_841.2 : step == 2 ? 13_002.9 : 12_000.0 + Double(step * 7 % 5)
      lines.append(
        "31: \u{1B}[32m[2025-03-31 05:54:\(10 + step)] iteration \(step)/ 500 | consumed samples: \(step * 512) | elapsed "
          + "time per iteration (ms): \(milliseconds) | learning rate: 6.0E-06 | global batch size: 512 | loss scale: 1.0 |"
          + "\u{1B}[0m")
      if step == 10 {
        lines.append(
          "0: [Rank 0] (after 10 iterations) memory (MB) | allocated: 9909.07763671875 | max allocated: 18000.5 | "
            + "reserved: 19000.0 | max reserved: 20000.0")
        lines.append(
          "[Rank 1] (after 10 iterations) memory (MB) | allocated: 9909.1 | max allocated: 18100.5 | reserved: 19000.0 | "
            + "max reserved: 19900.0")
      }
    }
    return lines.joined(separator: "\n")
  }()

  @Test("a log of Megatron-LM gives the median after the warm-up, and the largest memory of each stage")
  func readsMegatron() throws {
    let log = try Self.read(Self.megatron)
    #expect(log.writer == "Megatron-LM")
    #expect(log.used == 10 && log.warmUp == 2)
    #expect(abs(log.iterationSeconds - 12.002) < 1e-9)
    #expect(
      log.memory == [
        MeasuredMemory(kind: .allocated, stage: 0, bytes: 18_100.5 * 1_048_576),
        MeasuredMemory(kind: .reserved, stage: 0, bytes: 20_000 * 1_048_576),
      ])
  }

  static let deepSpeed = (1...5).map { step in
    "[2025-06-02 10:00:0\(step),120] [INFO] [logging.py:96:log_dist] [Rank 0] step=\(step), skipped=0, lr=[0.0001], "
      + "mom=[(0.9, 0.95)]\n"
      + "[2025-06-02 10:00:0\(step),121] [INFO] [timer.py:260:stop] epoch=0/micro_step=\(step * 4)/global_step=\(step), "
      + "RunningAvgSamplesPerSec=40.5, CurrSamplesPerSec=\(step < 3 ? 20.0 : 42.666666666666664), MemAllocated=4.32GB, "
      + "MaxMemAllocated=18.5GB\n"
      + "[2025-06-02 10:00:0\(step),122] [INFO] [utils.py:801:see_memory_usage] MA 4.32 GB         Max_MA 18.49 GB "
      + "        CA 20.1 GB         Max_CA 21 GB\n"
      + "time (ms) | fwd_microstep: 100.0 | bwd_microstep: 200.0 | step_microstep: 1.0"
  }.joined(separator: "\n")

  @Test(
    "of DeepSpeed's lines samples per second become seconds of the plan's batch, and those of a micro-step count not")
  func readsDeepSpeed() throws {
    let log = try Self.read(Self.deepSpeed)
    #expect(log.writer == "DeepSpeed")
    #expect(log.used == 3)
    let batch = try Double(Self.plan().workload.run.globalBatch)
    #expect(abs(log.iterationSeconds - batch / 42.666666666666664) < 1e-9)
    #expect(
      log.memory == [
        MeasuredMemory(kind: .allocated, stage: 0, bytes: 18.5 * 1_073_741_824),
        MeasuredMemory(kind: .reserved, stage: 0, bytes: 21 * 1_073_741_824),
      ])
  }

  @Test("DeepSpeed's pipeline engine and its timers of whole steps are read, the more direct of them")
  func readsPipelineEngine() throws {
    let pipeline = (1...6).map { "steps: \($0) loss: 2.3456 iter time (s): 1\($0).5 samples/sec: 103.7" }
    #expect(try Self.read(pipeline.joined(separator: "\n")).iterationSeconds == 15)
    let timers = (1...4).map { "rank=0 time (ms) | fwd: 10\($0).0 | bwd: 200.0 | bwd_inner: 199.0 | step: 50.0" }
    #expect(abs(try Self.read(timers.joined(separator: "\n")).iterationSeconds - 0.3535) < 1e-12)
    #expect(try Self.read((timers + pipeline).joined(separator: "\n")).iterationSeconds == 15)
  }

  static let torchtitan = (0...6).map { step in
    "[rank0]:\u{1B}[36m[titan] 2025-07-01 12:00:0\(step),000 - root - INFO - \u{1B}[31mstep: \(step == 0 ? 1 : step * 10)  "
      + "\u{1B}[32mloss: 10.\(step)123  \u{1B}[33mmemory: 18.5\(step)GiB(82.10%)  \u{1B}[34mtps: "
      + "\(step < 2 ? "120" : "1,024")  \u{1B}[36mtflops: 50.12  \u{1B}[35mmfu: 41.40%\u{1B}[39m"
  }.joined(separator: "\n")

  @Test("torchtitan's tokens per second of a GPU become seconds by the plan's tokens and GPUs")
  func readsTorchtitan() throws {
    let log = try Self.read(Self.torchtitan)
    let workload = try Self.plan().workload
    #expect(log.writer == "torchtitan")
    #expect(log.used == 5 && log.warmUp == 2)
    #expect(abs(log.iterationSeconds - workload.iterationTokens / 1_024 / Double(workload.cluster.gpuCount)) < 1e-9)
    #expect(log.memory == [MeasuredMemory(kind: .reserved, stage: 0, bytes: 18.56 * 1_073_741_824)])
  }

  static let trainer: String = {
    let bars = (1...20).map { step in
      "\r \(step * 5)%|##        | \(step)/20 [00:\(9 + step)<03:00, \(step == 1 ? "41.20" : " 2.01")s/it, loss=2.3]"
    }
    return "{'loss': 2.31, 'learning_rate': 5e-05, 'epoch': 0.01}\n" + bars.joined()
      + "\n{'train_runtime': 44.0, 'train_samples_per_second': 5.0, 'train_steps_per_second': 0.45, 'epoch': 1.0}\n"
  }()

  @Test("Trainer's progress bar counts each step once, and its summary stands in where there is no bar")
  func readsTrainer() throws {
    let log = try Self.read(Self.trainer)
    #expect(log.writer == "Hugging Face Trainer")
    #expect(log.used == 18 && log.iterationSeconds == 2.01)
    #expect(
      try Self.read("12/100 [00:20<03:00,  2.00it/s]\r13/100 [..<.., 2.00it/s]\r14/100 [1<2, 4.0it/s]")
        .iterationSeconds == 0.25)
    for summary in [
      "{'train_runtime': 44.0, 'train_steps_per_second': 0.5}", "{\"train_steps_per_second\": 0.5, \"epoch\": 1}",
      "  train_steps_per_second   =        0.5",
    ] {
      let log = try Self.read(summary)
      #expect(log.iterationSeconds == 2 && log.used == 1 && log.warmUp == 0)
    }
  }

  @Test("a log without times says what was looked for, and one of two iterations that they are warm-up")
  func saysWhatIsMissing() throws {
    let empty = #expect(throws: InputError.self) { try Self.read("nothing here\nepoch 3, acc 0.9\n") }
    #expect("\(try #require(empty))".contains("elapsed time per iteration"))
    #expect("\(try #require(empty))".hasPrefix("run.log: "))
    let short = Self.megatron.split(separator: "\n").prefix(4).joined(separator: "\n")
    let warm = #expect(throws: InputError.self) { try Self.read(short) }
    #expect("\(try #require(warm))".contains("warm-up"))
  }

  @Test("a log says the same in pieces of any size", arguments: [1, 2, 7, 100, 4_096])
  func readsPieces(size: Int) throws {
    let file = try Self.plan()
    for text in [Self.megatron, Self.deepSpeed, Self.torchtitan, Self.trainer] {
      var reader = RunLogReader(workload: file.workload, plan: file.plan)
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(bytes.count, start + size)].withUnsafeBufferPointer { reader.take($0) }
      }
      #expect(try reader.log(file: "run.log") == Self.read(text))
    }
  }

  @Test("of a line without an end the first 64 KiB are looked at")
  func endlessLine() throws {
    let times = (1...5).map { "it \($0) iter time (s): 2" }.joined(separator: "\n") + "\n"
    let line = { (behind: Int) in String(repeating: "x", count: behind) + "iter time (s): 9\n" }
    #expect(try Self.read(times + line(LogLines.mostBytes - 17) + times).used == 9)
    #expect(try Self.read(times + line(LogLines.mostBytes) + times).used == 8)
    let all = Self.read
    #expect(throws: InputError.self) { try all(String(repeating: "iter time (s):", count: 20_000)) }
  }

  @Test("logs that are cut anywhere, or have random bytes in them, are read or refused")
  func survivesDamage() throws {
    let file = try Self.plan()
    var state: UInt64 = 7
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, below)
    }
    for text in [Self.megatron, Self.deepSpeed, Self.torchtitan, Self.trainer] {
      let bytes = Array(text.utf8)
      for _ in 0..<150 {
        let (start, end) = (next(bytes.count), next(bytes.count))
        var cut = Array(bytes[min(start, end)..<max(start, end)])
        for _ in 0..<next(20) where !cut.isEmpty { cut[next(cut.count)] = UInt8(next(256)) }
        let log = try? RunLog.read(
          String(decoding: cut, as: UTF8.self), file: "cut.log", workload: file.workload, plan: file.plan)
        if let log { #expect(log.iterationSeconds.isFinite && log.iterationSeconds > 0 && log.used > 0) }
      }
    }
    for text in [
      "[", "[rank", "tps:", "step: tps: ,,,", "1/", "[,s/it", "\u{1B}", "\u{1B}[", "\u{1B}]", "9999999999999999:",
    ] {
      _ = try? Self.read(text)
    }
  }
}
