import Engine
import Foundation
import TUI

extension ExplorerHost {
  /// Exports a plan on a thread of its own, and posts how it ended.
  func export(_ order: ExportOrder) {
    let (workload, mailbox) = (session.workload, mailbox)
    Self.detach { mailbox.post(.exported(Self.answer(order, workload))) }
  }

  private static func answer(_ order: ExportOrder, _ workload: Workload) -> ExportAnswer {
    let clock = MonotonicClock()
    let request = ExportRequest(
      launcher: order.launcher, takesNearest: order.takesNearest, allowsOver: order.allowsOver,
      origin: "the explorer", threads: SearchOptions.allThreads)
    do {
      let result = try request.export(order.plan.plan, of: workload) { clock.seconds }
      guard let scored = result.scored, !result.files.isEmpty else { return refusal(result) }
      let plan = PlanFile(workload: result.workload, scored: scored, space: order.launcher.spaceName)
      let files = result.files + [LaunchFile(name: "plan.yaml", text: plan.text)]
      try LaunchFolder.write(files, to: HomePath.expanded(order.folder), overwrite: order.overwrite)
      return .written(folder: order.folder, files: files.map(\.name))
    } catch OutputError.exists(let path) {
      return .exists(path: path)
    } catch {
      return .failed("\(error)")
    }
  }

  private static func refusal(_ result: LaunchExport) -> ExportAnswer {
    let output = LaunchOutput(result: result, files: [], folder: nil)
    if result.status == .over, result.nearest == nil {
      return .over("on the runtime \(result.workload.run.runtime) this plan does not fit its memory")
    }
    let reasons = result.refusals.map(\.description)
    return .offer(
      reasons: reasons.isEmpty ? ["it does not fit its memory on the runtime \(result.workload.run.runtime)"] : reasons,
      nearest: result.nearest == nil ? [] : output.nearest)
  }
}
