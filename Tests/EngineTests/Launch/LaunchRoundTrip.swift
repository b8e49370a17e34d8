import Foundation
import Testing

@testable import Engine

/// Exports plans into a folder, and reads them back, as a person would.
enum LaunchRoundTrip {
  /// 500 with BRUME_SLOW=1, else 60.
  static let trials = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1" ? 500 : 60

  /// The files of a plan, scored on the workload's runtime.
  static func files(_ found: LaunchCase, _ launcher: Launcher) throws -> [LaunchFile] {
    launcher.exporter.files(
      LaunchJob(
        workload: found.workload, plan: found.plan, score: try found.workload.score(found.plan),
        origin: "test.plan.yaml", importCommand: launcher.importCommand(found.workload)))
  }

  /// The import of `train.sh` among the files, with all flags that its import command has.
  static func read(_ files: [LaunchFile], of workload: Workload, _ launcher: Launcher) throws -> LaunchImport {
    try inFolder(files) { folder in
      let cluster = workload.cluster
      let context = LaunchContext(
        file: "train.sh", folder: folder, cluster: "\(cluster.nodes)x\(cluster.gpusPerNode)x\(cluster.nodeType.name)",
        model: workload.model.name, sequence: workload.run.sequenceLength)
      let script = try #require(files.first { $0.name == "train.sh" })
      return try launcher.importer.read(script.text, context)
    }
  }

  /// Runs a body in a folder with these files, which is removed again.
  static func inFolder<Value>(_ files: [LaunchFile], _ body: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in files {
      try file.text.write(to: folder.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
    }
    return try body(folder.path)
  }

  /// Plan and score of an import are those of the export: equal plans up to what has no effect, times and memory to 1e-12.
  static func check(_ found: LaunchImport, against exported: LaunchCase) throws {
    #expect(canonical(found.plan) == canonical(exported.plan))
    var model = found.workload.model
    model.name = exported.workload.model.name
    model.source = exported.workload.model.source
    #expect(model == exported.workload.model)
    #expect(found.workload.run == exported.workload.run)
    try checkCost(found, against: exported.workload.score(exported.plan))
  }

  /// Times and memory of an import are those of the export to 1e-12.
  static func checkCost(_ found: LaunchImport, against before: PlanScore) throws {
    let after = try found.workload.score(found.plan)
    #expect(abs(after.iterationSeconds - before.iterationSeconds) <= 1e-12 * before.iterationSeconds)
    #expect(abs(after.peakReservedBytes - before.peakReservedBytes) <= 1e-12 * before.peakReservedBytes)
  }

  /// The plan without what has no effect: kinds of recomputation where nothing recomputes, ZeRO levels of one rank.
  static func canonical(_ plan: Plan) -> Plan {
    var plan = plan
    for index in plan.stages.indices {
      if plan.stages[index].checkpointedLayers == 0 { plan.stages[index].recompute = .full }
      if plan.stages[index].dataParallel * plan.contextParallel == 1 { plan.stages[index].zero = 0 }
    }
    return plan
  }
}
