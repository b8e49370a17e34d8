import Engine
import Foundation
import TUI

extension ExplorerHost {
  /// Reads what a launcher runs on a thread of its own, and posts it with its score.
  func importPlan(_ order: ImportOrder, ticket: Int) {
    let (session, mailbox) = (session, mailbox)
    Self.detach { mailbox.post(.imported(Self.answer(order, session), ticket: ticket)) }
  }

  /// What the file of an order describes.
  static func answer(_ order: ImportOrder, _ session: TuningSession) -> ImportAnswer {
    let path = HomePath.expanded(order.path)
    let run = order.workload.run
    var context = LaunchContext(
      file: order.path, folder: PathText.folder(of: path), sequence: run.sequenceLength,
      batch: run.globalBatch)
    context.known = order.workload
    do {
      let (launcher, found) = try Launcher.read(try LaunchText.read(path), as: order.launcher, context)
      let score = try session.edited(found.workload).score(found.plan)
      return .found(launcher, found, ScoredPlan(plan: found.plan, score: score))
    } catch {
      return .failed("\(error)")
    }
  }
}
