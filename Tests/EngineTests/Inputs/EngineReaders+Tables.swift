import Foundation
import FuzzSupport

@testable import Engine

/// Hardware files, measured tables, points, logs and saved outputs of machines.
extension EngineReaders {
  /// Files of clusters, and the shipped ones of GPUs, node types, runtimes, spaces and models.
  static func hardware() throws -> [FuzzedReader] {
    let place = InputPlace(file: "EngineReaders")
    let clusters = try ["8xl4", "4x8xh100"].map { try WorkloadSource.cluster($0, at: place) }
    let base = try Catalogue.nodeType(named: "l4-vm", at: place)
    let files =
      clusters.map { ClusterFile.text(of: $0) } + [
        ClusterFile.text(of: clusters[0], over: base), "brume: 1\ncluster:\n  from: 8xl4\n  nodes: 4\n",
        "brume: 1\ncluster:\n  nodes: 2\n  gpusPerNode: 4\n  node:\n    from: l4-vm\n    gpu:\n      from: h100\n"
          + "      memoryBytes: 60 GiB\n",
      ]
    func shipped(_ folder: String) -> [String] {
      ShippedFiles.paths.filter { $0.hasPrefix(folder) && $0.hasSuffix(".yaml") }.compactMap { ShippedFiles.text($0) }
    }
    // Others go on with what stands in the file before them.
    let runtimes = shipped("samples/runtimes/").filter {
      !$0.contains("extends: fsdp") && !$0.contains("extends: megatron-lm")
    }
    let sample = try WorkloadSource.load("gpt-7b-8xl4")
    return [
      FuzzedReader("cluster file", .yaml, weight: 2, place: "mine.yaml", corpus: files) { text, number in
        let root = try ConfigNode.parse(text, file: "mine.yaml").mapping(ClusterFile.keys)
        try root.checkFormat()
        var workload = sample
        workload.cluster = try ClusterReader.cluster(try root.required("cluster", "a cluster"), folder: "/nowhere")
        try use(workload, number)
        return .read
      },
      FuzzedReader("runtimes", .yaml, place: "runtimes.yaml", corpus: runtimes) { text, _ in
        _ = try RuntimeReader.profiles([try ConfigNode.parse(text, file: "runtimes.yaml")])
        return .read
      },
      FuzzedReader("models", .yaml, weight: 2, place: "models.yaml", corpus: shipped("samples/models/paper")) {
        text, _ in
        let root = try ConfigNode.parse(text, file: "models.yaml").mapping(["brume", "models"])
        for entry in try root["models"]?.anyMapping().entries ?? [] {
          let shape = try ModelReader.shape(
            try entry.value.mapping(ModelReader.keys), name: entry.key, defaultSource: "models.yaml")
          try FuzzFinding.check(shape.parameterCount(sequenceLength: 16).isFinite, "no parameters")
        }
        return .read
      },
    ]
  }

  /// Measured runs, published plans, points of the profiler, runs of a person.
  static func tables() throws -> [FuzzedReader] {
    let measured = ShippedFiles.paths.filter { $0.hasPrefix("samples/measured/") && $0.hasSuffix(".jsonl") }
      .compactMap { ShippedFiles.text($0).map { first($0, lines: 3) } }
    var observed = ObservedTable()
    observed.append(try ObservedTableTests.run(1.07))
    observed.append(try ObservedTableTests.run(0.9, date: "2026-11-23", among: observed.runs))
    return [
      FuzzedReader("measured table", .lines, place: "runs.jsonl", corpus: measured) { text, number in
        let table = try MeasuredTable(text: text, file: "runs.jsonl")
        guard number.isMultiple(of: dearly) else { return .read }
        for row in try ValidationReport(table).rows {
          let error = row.error ?? 0
          try FuzzFinding.check(error.isFinite, "an error of \(error)")
        }
        return .read
      },
      FuzzedReader(
        "published plans", .lines, place: "plans.jsonl",
        corpus: [PublishedPlanTests.staged() + "\n" + PublishedPlanTests.degrees + "\n"]
      ) { text, _ in
        _ = try PublishedPlanTable(text: text, file: "plans.jsonl")
        return .read
      },
      FuzzedReader("points", .lines, weight: 2, place: nil, corpus: [CalibrationReaderTests.every]) { text, number in
        try use(try CalibrationReader.points(text, file: "points.jsonl"), number)
        return .read
      },
      FuzzedReader("points as a table", .plain, weight: 4, place: nil, corpus: try pointTables()) { text, number in
        try use(try CalibrationReader.points(text, file: "points.csv", gpu: number % 2 == 0 ? "l4" : nil), number)
        return .read
      },
      FuzzedReader("observed runs", .lines, place: nil, corpus: [observed.text]) { text, number in
        let table = ObservedTable(text: text, file: "observed.jsonl")
        for problem in table.problems.prefix(50) {
          if let wrong = FuzzSweep.problem(of: "\(problem)", place: "observed.jsonl:") { throw FuzzFinding(wrong) }
        }
        guard number.isMultiple(of: dearly) else { return .read }
        for run in table.runs.prefix(2) { _ = ObservedRuns([run]).adjusted(run.workload) }
        return table.runs.isEmpty ? .nothing : .read
      },
      FuzzedReader("records", .plain, weight: 2, place: nil, corpus: [first(RunRecords.shipped.text, lines: 6)]) {
        text, _ in
        let records = RunRecords(text: text)
        return records.records.isEmpty ? .nothing : .read
      },
    ]
  }

  /// Points are fitted, now and then; a cluster that comes out is written and read.
  private static func use(_ points: CalibrationPoints, _ number: Int) throws {
    guard number.isMultiple(of: dearly) else { return }
    let base = try WorkloadSource.cluster("8xl4", at: InputPlace(file: "--cluster"))
    let report = try Calibration(points, base: base, label: "8xl4").report()
    let text = ClusterFile.text(of: report.cluster)
    do {
      let root = try ConfigNode.parse(text, file: "fitted.yaml").mapping(ClusterFile.keys)
      let back = try ClusterReader.cluster(try root.required("cluster", "a cluster"))
      try FuzzFinding.check(back == report.cluster, "a fitted cluster reads back unequal")
    } catch let error as InputError {
      throw FuzzFinding("a fitted cluster that was written is refused: \(error)")
    }
  }

  /// Logs of the four launchers.
  static func logs() throws -> [FuzzedReader] {
    guard let plan = try InputDocument.load("gpt-22b-32xl4.plan").plan else { return [] }
    let logs = [RunLogTests.megatron, RunLogTests.deepSpeed, RunLogTests.torchtitan, RunLogTests.trainer]
    return [
      FuzzedReader("log", .plain, weight: 6, place: "run.log", corpus: logs) { text, _ in
        let log = try RunLog.read(text, file: "run.log", workload: plan.workload, plan: plan.plan)
        try FuzzFinding.check(
          RunLog.seconds.contains(log.iterationSeconds) && log.used > 0, "a log of \(log.iterationSeconds) s")
        try FuzzFinding.check(log.memory.allSatisfy { $0.bytes.isFinite && $0.bytes > 0 }, "memory of \(log.memory)")
        return .read
      }
    ]
  }

  /// Outputs of nvidia-smi, Slurm, InfiniBand and /proc.
  static func machines() throws -> [FuzzedReader] {
    // Slices and a card that is not in the catalogue are refused.
    let texts = try SavedMachine.allCases.filter { $0 != .mig && $0 != .unknown }.map { try $0.text() }
    return [
      FuzzedReader("machine", .plain, weight: 2, place: "saved.txt", corpus: texts) { text, _ in
        let guess = try ClusterGuess(DetectedMachine([text]), at: InputPlace(file: "saved.txt"))
        do {
          try FuzzFinding.check(try guess.readBack() == guess.cluster, "a detected cluster reads back unequal")
        } catch let error as InputError {
          throw FuzzFinding("a detected cluster that was written is refused: \(error)")
        }
        for warning in guess.warnings {
          if let wrong = FuzzSweep.problem(of: warning.description, place: nil) { throw FuzzFinding(wrong) }
        }
        return .read
      }
    ]
  }

  private static func first(_ text: String, lines: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).prefix(lines).joined(separator: "\n") + "\n"
  }

  /// The three kinds of tables of points.
  private static func pointTables() throws -> [String] {
    let overlap = try String(contentsOfFile: OverlapData.l4.path, encoding: .utf8)
    return [
      first(overlap, lines: 8),
      "gpu,collective,gpus_one_node,MiB,ms\nl4,all_gather,8,64,12.5\nl4,all_reduce,4,128,30\n",
      "gpu,hidden,ffn,heads,seq,micro_batch,tensor_parallel,operator,forward_us\nl4,4096,16384,32,2048,1,1,enc-attention-qkv,850\n",
    ]
  }
}
