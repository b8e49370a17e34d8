import Engine
import Foundation

/// What `brume observe --list` and `--undo` print: the table, and what it changes.
struct ObserveListOutput {
  private let table: ObservedTable
  private let known: OwnRuns
  private let path: String

  /// What a table says.
  init(_ table: ObservedTable, path: String) {
    self.table = table
    self.path = path
    known = OwnRuns(path: path, table: table)
  }

  // MARK: Text

  /// The runs, then the figures that they move.
  var lines: [String] {
    guard !table.runs.isEmpty else { return ["no observed runs in \(SessionFolder.short(path))"] }
    var text = TextTable([
      ("id", .left), ("date", .left), ("model", .left), ("cluster", .left), ("runtime", .left), ("measured", .right),
      ("predicted", .right), ("error", .right),
    ])
    for run in table.runs {
      let record = known.records.records.last {
        $0.source == ObservedRuns.source && $0.id == ObservedRuns.recordName(run)
      }
      let predicted = record?.timeRatio.map { run.seconds / $0 }
      text.add([
        run.id, run.date ?? "-", run.workload.model.name, run.workload.cluster.label, run.workload.run.runtime,
        Decimals.significant(run.seconds, 4) + " s", predicted.map { Decimals.significant($0, 4) + " s" } ?? "-",
        predicted.map { ($0 < run.seconds ? "" : "+") + Decimals.percent($0 / run.seconds - 1) + " %" } ?? "-",
      ])
    }
    return text.lines() + [""] + figures
  }

  /// What the runs say of each kind of node.
  var figures: [String] {
    let blocks = known.runs.groups.map(Self.verdicts)
    return blocks.isEmpty ? ["no observed runs are left: no figure is adjusted"] : Array(blocks.joined(separator: [""]))
  }

  /// The verdicts on the figures of a kind of node.
  static func verdicts(_ group: ObservedRuns.Group) -> [String] {
    let count = group.runs.count == 1 ? "1 observed run" : "\(group.runs.count) observed runs"
    var lines = ["figures of \(group.key.node), by \(count):"]
    var table = TextTable([("", .left), ("", .left), ("", .left), ("", .left)])
    for verdict in group.verdicts {
      var words = verdict.word.rawValue
      if verdict.word == .notSeen { words = "as told: no run's time hangs on them" }
      var figures = verdict.figures.prefix(3).map { "\($0.name) x\(Decimals.fixed($0.factor, 2))" }.joined(
        separator: ", ")
      if verdict.figures.count > 3 { figures += " and \(verdict.figures.count - 3) more" }
      table.add([
        "  " + verdict.kind.rawValue, "x" + Decimals.fixed(verdict.factor, 2),
        "+- \(Decimals.percent(verdict.deviation)) %", words + (figures.isEmpty ? "" : ": " + figures),
      ])
    }
    lines += table.lines().dropFirst()
    let others = group.verdicts.filter { $0.word == .notToldApart }
    if let first = others.first {
      let names = others.map(\.kind.rawValue).joined(separator: ", ")
      lines.append("  \(names): moved with the others, which of them is not told; a run")
      lines.append("  \(first.kind.tellingRun) would tell")
    } else if !group.verdicts.contains(where: { $0.word == .told }) {
      lines.append(
        "  nothing moves: what the runs are off by is no evidence against a figure, and goes into error bars")
    }
    for run in group.residuals where run.weight < 0.3 {
      lines.append(
        "  \(run.runs.joined(separator: ", ")) \(run.runs.count == 1 ? "counts" : "count") "
          + "\(Decimals.fixed(run.weight, 2)): \(Decimals.percent(abs(exp(run.after) - 1))) % off even so, more than runs are"
      )
    }
    return lines
  }

  /// A run on one line.
  static func line(_ run: ObservedRun) -> String {
    "\(run.id): \(run.workload.model.name) on \(run.workload.cluster.label), "
      + "\(Decimals.significant(run.seconds, 4)) s" + (run.date.map { ", \($0)" } ?? "")
  }

  // MARK: JSON

  /// The document; with the run that was taken back.
  func document(removed: ObservedRun? = nil, dryRun: Bool = false) -> JSONValue {
    var members = [JSONMember("format", "brume/1"), JSONMember("table", .string(path))]
    if let removed {
      members += [JSONMember("removed", Self.value(removed)), JSONMember("taken", .bool(!dryRun))]
    }
    members += [
      JSONMember("runs", .array(table.runs.map(Self.value))),
      JSONMember("clusters", .array(known.runs.groups.map(Self.value))),
    ]
    return .object(members)
  }

  /// A run.
  static func value(_ run: ObservedRun) -> JSONValue {
    [
      "id": .string(run.id), "date": run.date.map { .string($0) } ?? .null, "model": .string(run.workload.model.name),
      "cluster": .string(run.workload.cluster.label), "runtime": .string(run.workload.run.runtime),
      "iterationSeconds": .number(run.seconds), "origin": run.origin.map { .string($0) } ?? .null,
    ]
  }

  /// What the runs of a kind of node say.
  static func value(_ group: ObservedRuns.Group) -> JSONValue {
    [
      "node": .string(group.key.node), "gpu": .string(group.key.gpu), "runs": .strings(group.runs.map(\.id)),
      "evidence": .number(group.evidence),
      "kinds": .array(
        group.verdicts.map { verdict in
          [
            "kind": .string(verdict.kind.rawValue), "verdict": .string(verdict.word.rawValue),
            "factor": .number(verdict.factor), "deviation": .number(verdict.deviation),
            "priorDeviation": .number(verdict.priorDeviation), "sensitivity": .number(verdict.sensitivity),
            "figures": .array(
              verdict.figures.map { ["name": .string($0.name), "factor": .number($0.factor)] }),
          ]
        }),
      "residuals": .array(
        group.residuals.map { run in
          [
            "runs": .strings(run.runs), "before": .number(run.before), "after": .number(run.after),
            "weight": .number(run.weight),
          ]
        }),
    ]
  }
}
