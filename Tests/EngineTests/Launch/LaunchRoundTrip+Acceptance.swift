import Foundation

@testable import Engine

extension LaunchRoundTrip {
  /// Leaves the files of a random plan for the acceptance scripts, with the plan, in the folder that BRUME_LAUNCH_OUT
  /// names; nothing where it names none.
  static func leave(_ files: [LaunchFile], of found: LaunchCase, as name: String) throws {
    guard let out = ProcessInfo.processInfo.environment["BRUME_LAUNCH_OUT"] else { return }
    let plan = LaunchFile(name: "plan.yaml", text: PlanFile(workload: found.workload, plan: found.plan).text)
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    try LaunchFolder.write(files + [plan], to: "\(out)/\(name)", overwrite: true)
  }
}
