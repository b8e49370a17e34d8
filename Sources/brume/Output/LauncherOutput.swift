import Engine

/// Speed-ups of one launcher's space over others, as JSON and as text.
enum LauncherOutput {
  /// One workload as JSON.
  static func row(_ row: LauncherSpeedups.Row) -> JSONValue {
    let answers = row.answers.enumerated().map { index, answer -> JSONValue in
      [
        "space": .string(answer.space), "ownSeconds": .optional(answer.ownSeconds),
        "sharedSeconds": .optional(answer.sharedSeconds),
        "ownSpeedup": .optional(row.speedup(over: index, \.ownSeconds)),
        "sharedSpeedup": .optional(row.speedup(over: index, \.sharedSeconds)),
      ]
    }
    return [
      "model": .string(row.workload.model.name), "cluster": .string(row.workload.cluster.label),
      "sequence": .int(row.workload.run.sequenceLength), "batch": .int(row.workload.run.globalBatch),
      "flash": .bool(row.workload.run.attention == .flash), "spaces": .array(answers),
    ]
  }

  /// Titles and cells: one row a workload, then mean and largest of each family of models and attention, and of all.
  static func table(_ launchers: LauncherSpeedups) -> (columns: [TextTable.Column], rows: [[String]]) {
    let others = Array(LauncherSpeedups.spaces.dropFirst())
    let columns: [TextTable.Column] =
      [("workload", .left), ("attention", .left), ("batch", .right), ("mist s", .right)]
      + others.map { ("over \($0)", .right) } + others.map { ("over \($0), runtime mist", .right) }
    var rows = launchers.rows.map { row in
      [
        row.workload.name, row.workload.run.attention.rawValue, "\(row.workload.run.globalBatch)",
        row.answers[0].ownSeconds.map { Decimals.significant($0, 5) } ?? "none fits",
      ] + figures { row.speedup(over: $0, $1).map { Decimals.fixed($0, 3) } }
    }
    for group in groups(launchers.rows) {
      rows.append(
        ["mean (largest) of \(group.rows.count): \(group.label)", "", "", ""]
          + figures { index, seconds in
            LauncherSpeedups.summary(group.rows, over: index, seconds).map {
              "\(Decimals.fixed($0.mean, 2)) (\(Decimals.fixed($0.largest, 2)))"
            }
          })
    }
    return (columns, rows)
  }

  /// A cell for each other space on its own runtime, then on that of the first.
  private static func figures(
    _ figure: (Int, KeyPath<LauncherSpeedups.Answer, Double?>) -> String?
  ) -> [String] {
    let others = 1..<LauncherSpeedups.spaces.count
    return others.map { figure($0, \.ownSeconds) ?? "-" } + others.map { figure($0, \.sharedSeconds) ?? "-" }
  }

  /// The rows by family of models and attention, in the order of their first rows, and all of them.
  private static func groups(_ rows: [LauncherSpeedups.Row]) -> [(label: String, rows: [LauncherSpeedups.Row])] {
    func label(_ row: LauncherSpeedups.Row) -> String {
      let family = row.workload.model.name.split(separator: "-").first.map(String.init) ?? row.workload.model.name
      return "\(family), \(row.workload.run.attention == .flash ? "flash" : "no flash") attention"
    }
    var labels: [String] = []
    for name in rows.map(label) where !labels.contains(name) { labels.append(name) }
    return labels.map { name in (name, rows.filter { label($0) == name }) } + [("all", rows)]
  }

  /// The speed-ups as a table for people.
  static func text(_ launchers: LauncherSpeedups) -> [String] {
    let (columns, rows) = table(launchers)
    var table = TextTable(columns)
    for row in rows { table.add(row) }
    return ["speed-ups of mist's space, each space on its own runtime, then all on mist's (closed form)", ""]
      + table.lines(indent: 2)
  }
}
