import ArgumentParser
import Engine
import Foundation
import TUI

/// What the explorer starts with: a workload, a plan, or a session that is gone on with.
struct ExplorerOpening {
  /// What was named or chosen.
  var document: InputDocument
  /// What the session notes as its source.
  var source: String?
  /// The file of the session that is gone on with.
  var predecessor: SessionFolder.Entry?

  /// What a name, a path or a session's file holds.
  init(_ name: String, overrides: OverrideOptions) throws {
    document = try overrides.document(name)
    source = name == "-" ? nil : SessionFolder.source(name)
    guard let session = document.session else { return }
    source = session.source
    let path = URL(fileURLWithPath: name).standardizedFileURL.path
    predecessor = SessionFolder.standard?.entries().first { $0.path == path }
  }

  /// A workload that flags describe: a session of it has no file to be found by.
  init(_ workload: Workload) { document = InputDocument(workload: workload) }

  /// The newest session, of those in which `file` was opened where one is named; nil where there is none.
  ///
  /// Sessions that cannot be read are told on standard error and passed over.
  static func newest(of file: String?, overrides: OverrideOptions) throws -> ExplorerOpening? {
    guard let folder = SessionFolder.standard else { return nil }
    let (found, problems) = folder.newest(1, of: file.map(SessionFolder.source))
    for problem in problems { Console.warn("brume: a session is passed over: \(problem)") }
    guard let session = found.first else { return nil }
    return try ExplorerOpening(session.entry.path, overrides: overrides)
  }

  /// The explorer that still has the session which is gone on with, for people.
  private var owner: String? {
    guard case .somebody(let process) = predecessor?.holder else { return nil }
    return process?.words ?? "in another explorer"
  }

  /// The state of the explorer: plans are scored anew.
  func state(
    _ workload: Workload, request: TuneRequest, look: Look, size: Size, session: TuningSession
  ) throws -> ExplorerState {
    if let kept = document.session {
      var state = ExplorerState(
        workload: workload, request: request, look: look, themes: try Theme.shipped(), size: size,
        records: OwnRuns.current.records)
      let scorer = SessionScorer(session)
      state.resume(kept, stillOpenIn: owner) { scorer.score($0) }
      return state
    }
    let opened = try document.plan.map { ScoredPlan(plan: $0.plan, score: try session.score($0.plan)) }
    return ExplorerState(
      workload: workload, request: request, look: look, themes: try Theme.shipped(), size: size, plan: opened,
      records: OwnRuns.current.records)
  }
}

/// Scores plans of several workloads, each plan once.
private final class SessionScorer {
  private var sessions: [TuningSession]
  private var known: [(question: PlanOfWorkload, answer: ScoredPlan?)] = []

  init(_ session: TuningSession) { sessions = [session] }

  /// The plan with its score; nil for one that breaks a rule.
  func score(_ question: PlanOfWorkload) -> ScoredPlan? {
    if let known = known.first(where: { $0.question == question }) { return known.answer }
    let answer = (try? session(question.workload).score(question.plan)).map {
      ScoredPlan(plan: question.plan, score: $0)
    }
    known.append((question, answer))
    return answer
  }

  private func session(_ workload: Workload) -> TuningSession {
    if let known = sessions.first(where: { $0.workload == workload }) { return known }
    let session = sessions[0].edited(workload)
    sessions.append(session)
    return session
  }
}
