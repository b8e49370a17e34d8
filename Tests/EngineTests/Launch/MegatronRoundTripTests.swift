import Foundation
import Testing

@testable import Engine

/// Plans that Megatron-LM can run, written and read again.
@Suite struct MegatronRoundTripTests {
  /// The plan with what has no effect written in one way: sequence parallelism without slices, too.
  private func plain(_ plan: Plan) -> Plan {
    var plan = LaunchRoundTrip.canonical(plan)
    if !plan.stages.contains(where: { $0.tensorParallel > 1 }) { plan.sequenceParallel = false }
    return plan
  }

  @Test("60 random plans (500 with BRUME_SLOW=1) are the same plans, and cost the same, after export and import")
  func roundTrip() throws {
    var plans = try RandomLaunchPlans(.megatronLM, seed: 3)
    var (exported, refused) = (0, Set<String>())
    while exported < LaunchRoundTrip.trials {
      let next = plans.next()
      let (workload, plan) = try #require(next.map { ($0.workload, $0.plan) })
      let refusals = Launcher.megatronLM.refusals(plan, of: workload)
      guard refusals.isEmpty else {
        refused.formUnion(refusals.map(\.what))
        continue
      }
      exported += 1
      let before = try workload.score(plan)
      let job = LaunchJob(workload: workload, plan: plan, score: before, origin: "a test", importCommand: "import")
      let files = MegatronExporter().files(job)
      try keep(files, of: workload, plan, before, number: exported)
      let context = LaunchContext(file: "train.sh", cluster: spec(workload.cluster))
      let found = try MegatronImporter().read(files[0].text, context)
      #expect(plain(found.plan) == plain(plan))
      #expect(found.workload.model.isShaped(as: workload.model))
      #expect(found.workload.cluster == workload.cluster)
      #expect(found.unknown.isEmpty && found.warnings.isEmpty, "\(found.unknown) \(found.warnings)")
      var run = workload.run
      // Without slices nothing of a layer is gathered: nemo is megatron-core then.
      if run.runtime == "nemo", plan.stages[0].tensorParallel == 1 { run.runtime = "megatron-core" }
      #expect(found.workload.run == run)
      try LaunchRoundTrip.checkCost(found, against: before)
    }
    // The generator has plans that are refused for what only the exporter knows.
    #expect(refused.contains { $0.hasPrefix("attention and MLP in parallel") })
  }

  /// With BRUME_EXPORTS=FOLDER the files are kept there, for Tests/Acceptance/accept_megatron.py.
  private func keep(
    _ files: [LaunchFile], of workload: Workload, _ plan: Plan, _ score: PlanScore, number: Int
  ) throws {
    guard let folder = ProcessInfo.processInfo.environment["BRUME_EXPORTS"] else { return }
    let file = PlanFile(workload: workload, scored: ScoredPlan(plan: plan, score: score))
    try LaunchFolder.write(
      files + [LaunchFile(name: "plan.yaml", text: file.text)], to: folder + "/\(number)", overwrite: true)
  }

  private func spec(_ cluster: Cluster) -> String {
    "\(cluster.nodes)x\(cluster.gpusPerNode)x\(cluster.nodeType.name)"
  }

  @Test("exported scripts are clean for bash and shellcheck", .enabled(if: Self.hasShellcheck))
  func clean() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var plans = try RandomLaunchPlans(.megatronLM, seed: 5)
    var paths: [String] = []
    while paths.count < 24 {
      let next = plans.next()
      let (workload, plan) = try #require(next.map { ($0.workload, $0.plan) })
      guard Launcher.megatronLM.refusals(plan, of: workload).isEmpty else { continue }
      let job = LaunchJob(
        workload: workload, plan: plan, score: PlanScore(), origin: "$(touch x)\n`id`", importCommand: "import")
      let own = folder.appendingPathComponent("\(paths.count)").path
      if paths.isEmpty { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
      let files = MegatronExporter().files(job)
      try LaunchFolder.write(files, to: own)
      paths += files.map { own + "/" + $0.name }
    }
    for path in paths { #expect(try run("/bin/bash", ["-n", path]) == "") }
    #expect(try run("/usr/bin/env", ["shellcheck"] + paths) == "")
  }

  private static let hasShellcheck = FileManager.default.isExecutableFile(atPath: "/usr/bin/shellcheck")

  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
