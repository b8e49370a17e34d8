import Engine

/// What `explain --marginal` prints: what binds a plan, and what more of each scarce resource buys.
struct MarginalOutput {
  /// The plan file, sample or `-`, as it was asked for.
  let name: String
  /// What it holds.
  let file: PlanFile
  /// Name of the space that was searched.
  let space: String
  /// What binds the plan, where that is known.
  let binding: PlanBinding?
  /// The values.
  let values: [MarginalValue]

  /// Assignments to the plan file, which holds its workload under a key.
  private func assignments(_ value: MarginalValue) -> [String] { value.set.map { "workload." + $0 } }

  // MARK: JSON

  /// The object that `--json` prints (docs/formats.md).
  func document() -> JSONValue {
    let members: [JSONMember] = [
      JSONMember("format", "brume/1"), JSONMember("space", .string(space)),
      JSONMember("pins", .strings(file.pins.texts)),
      JSONMember("iterationSeconds", .optional(values.first?.before?.score.iterationSeconds)),
      JSONMember("binding", binding.map(object) ?? .null), JSONMember("values", .array(values.map(object))),
    ]
    return JSONValue.object(members).removingNonFinite().0
  }

  private func object(_ binding: PlanBinding) -> JSONValue {
    let limit: JSONValue
    switch binding.limit {
    case .device: limit = "device"
    case .host: limit = "host"
    case .nothing: limit = .null
    }
    return [
      "limit": limit, "fits": .bool(binding.fits), "fullestStage": .int(binding.fullest + 1),
      "moment": .string(binding.moment.rawValue), "part": .string(binding.part.rawValue),
      "spareBytes": .number(binding.spareBytes), "spareHostBytes": .number(binding.spareHostBytes),
      "slowestStage": .int(binding.slowest + 1), "imbalanceSeconds": .number(binding.imbalanceSeconds),
      "text": .string(binding.text),
    ]
  }

  private func object(_ value: MarginalValue) -> JSONValue {
    [
      "resource": .string(value.step.resource.rawValue), "amount": .number(value.step.amount),
      "unit": .string(value.step.resource.unit), "text": .string(value.step.text),
      "iterationSeconds": .optional(value.after?.score.iterationSeconds), "seconds": .optional(value.seconds),
      "secondsPerUnit": .optional(value.secondsPerUnit), "samePlanSeconds": .optional(value.samePlanSeconds),
      "binds": .bool(value.binds), "proved": .bool(value.isProved), "set": .strings(assignments(value)),
      "changes": .strings(value.changes.map(\.text)),
    ]
  }

  // MARK: Text

  /// Lines of at most 80 columns, but for commands, which are to be copied.
  func lines() -> [String] {
    var lines = binding.map { ExplanationOutput.wrapped($0.text, next: "  ") + [""] } ?? []
    let pins = file.pins.isEmpty ? "" : " under \(file.pins.pins.count) pins"
    if let before = values.first?.before?.score.iterationSeconds {
      lines += ExplanationOutput.wrapped(
        "the best plan of space \(space)\(pins) takes \(Decimals.significant(before, 5)) s; the best with", next: "  ")
    } else {
      lines += ExplanationOutput.wrapped("no plan of space \(space)\(pins) fits; with", next: "  ")
    }
    lines += values.map(row)
    if let value = values.first(where: \.binds) {
      lines += ["", "each by hand, as the first of those that gain:", "  " + command(value)]
      if value.set.count > 1 || values.contains(where: { $0.set.count > 1 }) {
        lines.append("  (links take several --set; --json has those of each value)")
      }
    }
    if values.contains(where: { !$0.isProved }) {
      lines += ["", "*: a search ended before its plan was proved best"]
    }
    return lines
  }

  private func row(_ value: MarginalValue) -> String {
    let name = "  " + value.step.text
    let shown = name + String(repeating: " ", count: max(1, 44 - name.count))
    let mark = value.isProved ? "" : " *"
    guard let seconds = value.seconds, let before = value.before?.score.iterationSeconds else {
      return shown + (value.after == nil ? "no plan fits" : "a plan fits") + mark
    }
    if seconds == 0 { return shown + "      0     there is enough of it" + mark }
    let amount = ExplanationOutput.amount(seconds, .seconds)
    let share = Decimals.percent(seconds / before, 2) + " %"
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(1, width - text.count)) + text
    }
    return shown + right((seconds > 0 ? "+" : "") + amount, 11) + right(share, 10)
      + (value.changes.isEmpty ? "" : "  other plan") + mark
  }

  /// The search that finds the plan of a value.
  private func command(_ value: MarginalValue) -> String {
    let words =
      ["brume", "tune", name, "--space", space] + file.pins.texts.flatMap { ["--pin", $0] }
      + assignments(value).flatMap { ["--set", $0] }
    return words.map(HomePath.quoted).joined(separator: " ")
  }
}
