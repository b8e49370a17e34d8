import Engine

/// What `brume bench --search` prints.
struct SearchBenchReport {
  /// Each workload.
  var timings: [SearchBenchmark.Timing]

  /// For people.
  var lines: [String] {
    var table = TextTable([
      ("workload", .left), ("first plan ms", .right), ("optimum ms", .right), ("pins", .right),
      ("nothing fits", .right),
      ("p50 ms", .right), ("p99 ms", .right), ("longest ms", .right),
      ("cancels", .right), ("longest ms", .right),
    ])
    for timing in timings {
      table.add([
        timing.workload, timing.firstPlanSeconds.map(Self.milliseconds) ?? "", Self.milliseconds(timing.optimumSeconds),
        "\(timing.pinSeconds.count)", "\(timing.conflicts)", Self.milliseconds(Self.quantile(timing.pinSeconds, 0.5)),
        Self.milliseconds(Self.quantile(timing.pinSeconds, 0.99)), Self.milliseconds(timing.pinSeconds.last ?? 0),
        "\(timing.cancelSeconds.count)", Self.milliseconds(timing.cancelSeconds.last ?? 0),
      ])
    }
    let head = BenchReport.isDebug ? ["this is a debug build: many times slower than a release build", ""] : []
    let slowest = timings.map { timing in
      "  \(timing.workload), slowest pins: "
        + timing.slowestPins.map { "\($0.pin) \(Self.milliseconds($0.seconds)) ms" }.joined(separator: ", ")
    }
    return head + ["solve, pin and solve again, cancel"] + table.lines(indent: 2) + slowest
  }

  /// For scripts.
  var document: JSONValue {
    .object([
      JSONMember("format", "brume/1"), JSONMember("version", .string(EngineVersion.current)),
      JSONMember("build", BenchReport.isDebug ? "debug" : "release"),
      JSONMember(
        "searches",
        .array(
          timings.map { timing in
            [
              "workload": .string(timing.workload), "firstPlanSeconds": .optional(timing.firstPlanSeconds),
              "optimumSeconds": .number(timing.optimumSeconds), "pins": .int(timing.pinSeconds.count),
              "conflicts": .int(timing.conflicts),
              "pinMedianSeconds": .number(Self.quantile(timing.pinSeconds, 0.5)),
              "pinP99Seconds": .number(Self.quantile(timing.pinSeconds, 0.99)),
              "pinLongestSeconds": .number(timing.pinSeconds.last ?? 0),
              "slowestPins": .strings(timing.slowestPins.map(\.pin)),
              "cancels": .int(timing.cancelSeconds.count),
              "cancelLongestSeconds": .number(timing.cancelSeconds.last ?? 0),
            ]
          })),
    ])
  }

  private static func milliseconds(_ seconds: Double) -> String { Decimals.fixed(seconds * 1000, 1) }

  /// The least value that a share of the others does not exceed.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
  }
}
