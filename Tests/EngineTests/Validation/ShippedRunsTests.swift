import Testing

@testable import Engine

/// The measured runs and published plans that ship.
@Suite struct ShippedRunsTests {
  @Test("every published run ships in the file of its source, with where it stands")
  func table() throws {
    let table = try MeasuredTable.shipped()
    #expect(table.rows.count == 462)
    #expect(table.rows.count { $0.isCore } == 454)
    #expect(Set(table.rows.map(\.source)) == Set(MeasuredTable.shippedSources))
    #expect(Set(table.rows.map(\.id)).count == table.rows.count)
    #expect(table.rows.allSatisfy { $0.url.hasPrefix("https://") && $0.id.hasPrefix($0.source) })
    #expect(table.rows.allSatisfy { $0.isCore == ($0.source != "korthikanti-2022-fig1-memory") })
    let files = MeasuredTable.shippedSources
    for (index, row) in table.rows.enumerated().dropFirst() {
      let before = try #require(files.firstIndex(of: table.rows[index - 1].source))
      #expect(try #require(files.firstIndex(of: row.source)) >= before)
    }
  }

  @Test("one source alone is the same rows, and a report keeps their order")
  func source() throws {
    let source = "narayanan-sc21-table1"
    let table = try MeasuredTable.shipped(source: source)
    #expect(table.rows == (try MeasuredTable.shipped().rows.filter { $0.source == source }))
    let report = try ValidationReport(table)
    #expect(report.rows.map(\.row.id) == table.rows.map(\.id))
    #expect(report.summary.map(\.source) == [source])
    #expect(report.overall.count + report.overall.skipped == 10)
    #expect(try MeasuredTable.shipped(source: "nobody").rows.isEmpty)
  }

  @Test("defaults fill what a row leaves open, key by key in the model, and not what it says")
  func defaults() throws {
    let given = """
      {"brume": 1, "defaults": {"source": "narayanan-sc21-x", "url": "https://u", "gpu": "A100-80GB-SXM", "n_gpus": 8, \
      "gpus_per_node": 8, "model": {"name": "gpt", "family": "gpt", "hidden": 1024, "layers": 10, "heads": 16, \
      "ffn": 4096, "vocab": 50257, "seq": 1024}, "precision": "fp16", "tp": 2, "dp": 4, "recompute": "full", \
      "flash_attention": false}}
      {"id": "a", "measured": {"iteration_s": 1}}
      {"id": "b", "n_gpus": 16, "model": {"layers": 20}, "measured": {"iteration_s": 2}}
      {"brume": 1, "defaults": {"gpu": "H100-80GB-SXM"}}
      """
    let rows = try MeasuredTable(text: given, file: "t.jsonl").rows
    #expect(rows.map(\.gpuCount) == [8, 16])
    #expect(rows.map(\.model.layers) == [10, 20])
    #expect(rows.map(\.model.hidden) == [1024, 1024])
    #expect(rows.map(\.time.iterationSeconds) == [1, 2])
    // Later defaults stand for the earlier ones; a row that they leave open is an error on its own line.
    #expect(throws: InputError.self) {
      try MeasuredTable(text: given + "\n{\"id\": \"c\", \"measured\": {\"iteration_s\": 1}}", file: "t.jsonl")
    }
    #expect(throws: InputError.self) { try MeasuredTable(text: "{\"brume\": 2, \"defaults\": {}}", file: "t.jsonl") }
  }

  @Test("the nine published pairs of plans are scored, each on its own runtime")
  func speedups() throws {
    let report = try SpeedupReport.shipped()
    #expect(report.rows.count == 9)
    #expect(report.rows.map(\.published) == [1.279, 1.193, 1.191, 1.557, 1.374, 1.325, 1.175, 1.141, 1.222])
    for row in report.rows {
      #expect(row.runtime == "mist" && row.other == "megatron-lm-2023")
      #expect(abs(row.error - (row.otherSeconds / row.seconds / row.published - 1)) < 1e-12)
      #expect(abs(row.error) <= 0.2, "\(row.name)")
    }
    #expect(report.meanAbsoluteError ?? 1 <= 0.1)
    #expect(try SpeedupCase.shipped().map(\.workload.cluster.gpuCount) == [2, 4, 8, 2, 4, 8, 2, 4, 8])
  }
}
