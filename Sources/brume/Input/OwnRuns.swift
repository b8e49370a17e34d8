import Engine
import Foundation
import TUI

/// The person's own table of measured runs, and what it changes: read once, at the first question.
struct OwnRuns: Sendable {
  /// Where the table is; nil where there is none to be: `BRUME_OBSERVED=none`, or no home.
  let path: String?
  /// What it says of clusters.
  let runs: ObservedRuns
  /// The measured runs that error bars come from: those that ship, and the person's own.
  let records: RunRecords

  /// Name of the environment variable that names another table, or `none`.
  static let variable = "BRUME_OBSERVED"

  /// The table of this person; damaged lines are told on standard error.
  static let current: OwnRuns = {
    let path = standardPath
    do {
      let table = try path.map { try read($0) } ?? ObservedTable()
      for problem in table.problems { Console.warn("brume: an observed run is passed over: \(problem)") }
      return OwnRuns(path: path, table: table)
    } catch {
      Console.warn("brume: observed runs are passed over: \(error)")
      return OwnRuns(path: path, table: ObservedTable())
    }
  }()

  /// What a table says.
  init(path: String?, table: ObservedTable) {
    self.path = path
    runs = ObservedRuns(table.runs)
    records = RunRecords.shipped.adding(runs)
  }

  /// `$BRUME_OBSERVED`, else `$XDG_STATE_HOME/brume/observed.jsonl`, by default under `~/.local/state`.
  static var standardPath: String? {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment[variable], !named.isEmpty { return named == "none" ? nil : HomePath.expanded(named) }
    return SessionLog.stateDirectory(environment: { environment[$0] }).map { $0 + "/observed.jsonl" }
  }

  /// The table in a file; an empty one where there is no file.
  static func read(_ path: String) throws -> ObservedTable {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else {
        throw InputError.unreadable(
          file: path, problem: String(cString: strerror(errno)), remedy: "check the path and its permissions")
      }
      return ObservedTable()
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= ObservedTable.mostBytes else {
      throw InputError.unreadable(
        file: path, problem: "this is no file of at most \(ObservedTable.mostBytes >> 20) MiB",
        remedy: "name the table of observed runs")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError.unreadable(file: path, problem: "the file cannot be read", remedy: "check its permissions")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw InputError.unreadable(file: path, problem: "the file is not UTF-8 text", remedy: "name another table")
    }
    return ObservedTable(text: text, file: path)
  }

  /// What was read with the figures that the person's runs moved; a session stays as it was kept.
  func adjusted(_ document: InputDocument) -> InputDocument {
    guard document.session == nil else { return document }
    var document = document
    document.workload = runs.adjusted(document.workload)
    if let plan = document.plan { document.plan?.workload = runs.adjusted(plan.workload) }
    return document
  }
}
