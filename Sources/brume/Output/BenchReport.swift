import Engine

/// What `brume bench` prints.
struct BenchReport {
  /// Name of the workload of the whole search.
  var workload: String
  /// Worker threads of the search.
  var threads: Int
  /// Its answer.
  var result: TuneResult
  /// Largest resident memory of the process after the search, bytes.
  var peakResidentBytes: Double
  /// The tape alone.
  var tapes: [TapeBenchmark.Result]
  /// The solver between the stages alone.
  var pipelines: [PipelineBenchmark.Timing]
  /// The solver between stages of unlike meshes alone.
  var meshes: [MeshBenchmark.Timing]

  /// True in a build without optimisation.
  static var isDebug: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }

  private var searchRate: Double { result.seconds > 0 ? Double(result.configurations) / result.seconds : 0 }

  /// For people.
  var lines: [String] {
    var lines = Self.isDebug ? ["this is a debug build: many times slower than a release build", ""] : []
    lines += ["whole search: \(workload), \(threads) threads: \(result.status.rawValue)"]
    lines += searchTable.lines(indent: 2) + ["", "tape (one core)"] + tapeTable.lines(indent: 2)
    lines += ["", "between the stages (one core, made-up problems)"] + pipelineTable.lines(indent: 2)
    return lines + ["", "unlike meshes, all numbers of stages (one core, made-up problems)"]
      + meshTable.lines(indent: 2)
  }

  /// For scripts.
  var document: JSONValue {
    let (document, _) = JSONValue.object([
      JSONMember("format", "brume/1"), JSONMember("version", .string(EngineVersion.current)),
      JSONMember("build", Self.isDebug ? "debug" : "release"), JSONMember("search", searchDocument),
      JSONMember("tape", .array(tapes.map(Self.document))),
      JSONMember("pipeline", .array(pipelines.map(Self.document))),
      JSONMember("meshes", .array(meshes.map(Self.document))),
    ]).removingNonFinite()
    return document
  }

  private var searchTable: TextTable {
    var table = TextTable([("", .left), ("", .right), ("", .left)])
    if let first = result.firstPlanSeconds { table.add(["first plan", Decimals.significant(first, 3), "s"]) }
    table.add(["end of the search", Decimals.significant(result.seconds, 3), "s"])
    table.add(["configurations", Decimals.count(Double(result.configurations)), ""])
    table.add(["configurations per second", Decimals.count(searchRate), ""])
    table.add(["peak resident memory", Decimals.fixed(peakResidentBytes / 1_048_576, 1), "MiB"])
    return table
  }

  private var tapeTable: TextTable {
    var table = TextTable([
      ("expression", .left), ("operations", .right), ("registers", .right), ("compile us", .right),
      ("configurations/s", .right),
    ])
    for tape in tapes {
      table.add([
        tape.name, "\(tape.operations)", "\(tape.registers)", Decimals.fixed(tape.compileSeconds * 1e6, 0),
        Decimals.count(tape.configurationsPerSecond),
      ])
    }
    return table
  }

  private var pipelineTable: TextTable {
    var table = TextTable([
      ("size", .left), ("layers", .right), ("S", .right), ("G", .right), ("median ms", .right),
      ("longest ms", .right), ("GLPK ms", .right), ("gap %", .right),
    ])
    for timing in pipelines {
      table.add([
        timing.size.name, "\(timing.size.layers)", "\(timing.size.stages)", "\(timing.size.microBatches)",
        Decimals.fixed(timing.medianSeconds * 1000, 2), Decimals.fixed(timing.longestSeconds * 1000, 2),
        timing.certifySeconds.map { Decimals.fixed($0 * 1000, 1) } ?? "",
        timing.certifyGap.map { Decimals.percent($0, 3) } ?? "",
      ])
    }
    return table
  }

  private var meshTable: TextTable {
    var table = TextTable([
      ("size", .left), ("layers", .right), ("kinds", .right), ("G", .right), ("S", .right), ("cold ms", .right),
      ("bounded ms", .right), ("cut ms", .right), ("places", .right), ("GLPK ms", .right), ("gap %", .right),
    ])
    for timing in meshes {
      let shape = timing.size.shape
      table.add([
        timing.size.name, "\(shape.layers)", "\(timing.kinds)", "\(shape.microBatches)", "\(timing.stages)",
        Decimals.fixed(timing.coldSeconds * 1000, 1), Decimals.fixed(timing.warmSeconds * 1000, 1),
        Decimals.fixed(timing.cutSeconds * 1000, 1), "\(timing.survivors)",
        timing.certifySeconds.map { Decimals.fixed($0 * 1000, 1) } ?? "",
        timing.certifyGap.map { Decimals.percent($0, 3) } ?? "",
      ])
    }
    return table
  }

  private var searchDocument: JSONValue {
    [
      "workload": .string(workload), "threads": .int(threads), "status": .string(result.status.rawValue),
      "firstPlanSeconds": .optional(result.firstPlanSeconds), "seconds": .number(result.seconds),
      "configurations": .int(result.configurations), "configurationsPerSecond": .number(searchRate),
      "peakResidentBytes": .number(peakResidentBytes),
    ]
  }

  private static func document(_ tape: TapeBenchmark.Result) -> JSONValue {
    [
      "name": .string(tape.name), "operations": .int(tape.operations), "instructions": .int(tape.instructions),
      "registers": .int(tape.registers), "compileSeconds": .number(tape.compileSeconds),
      "configurationsPerSecond": .number(tape.configurationsPerSecond),
    ]
  }

  private static func document(_ timing: PipelineBenchmark.Timing) -> JSONValue {
    [
      "name": .string(timing.size.name), "layers": .int(timing.size.layers), "stages": .int(timing.size.stages),
      "microBatches": .int(timing.size.microBatches), "points": .int(timing.size.points),
      "medianSeconds": .number(timing.medianSeconds), "longestSeconds": .number(timing.longestSeconds),
      "certifySeconds": .optional(timing.certifySeconds), "certifyGap": .optional(timing.certifyGap),
    ]
  }

  private static func document(_ timing: MeshBenchmark.Timing) -> JSONValue {
    let shape = timing.size.shape
    return [
      "name": .string(timing.size.name), "layers": .int(shape.layers), "devices": .int(shape.devices),
      "kinds": .int(timing.kinds), "microBatches": .int(shape.microBatches), "stages": .int(timing.stages),
      "coldSeconds": .number(timing.coldSeconds), "boundedSeconds": .number(timing.warmSeconds),
      "cutSeconds": .number(timing.cutSeconds), "places": .int(timing.survivors),
      "certifySeconds": .optional(timing.certifySeconds), "certifyGap": .optional(timing.certifyGap),
    ]
  }
}
