extension ObservedRun {
  /// Keys of a line, in the order in which they are written.
  static let keys = ["brume", "id", "date", "iterationSeconds", "memory", "origin", "workload", "plan"]
  private static let seconds = 1e-9...1e9
  private static let bytes = 1.0...1e15

  /// The line of the table: JSON without a line break.
  var text: String {
    ConfigNode.object([
      ("brume", .number(ConfigNode.formatVersion)), ("id", .text(id)), ("date", date.map { .text($0) }),
      ("iterationSeconds", .number(seconds)), ("memory", memory.isEmpty ? nil : .list(memory.map(Self.node))),
      ("origin", origin.map { .text($0) }), ("workload", WorkloadWriter.node(of: workload)),
      ("plan", PlanFile.node(of: plan)),
    ]).flow
  }

  private static func node(_ amount: MeasuredMemory) -> ConfigNode {
    .object([
      ("kind", .word(amount.kind.rawValue)), ("stage", amount.stage.map { .number($0) }),
      ("bytes", .number(amount.bytes)),
    ])
  }

  /// Reads a line; errors name file, line and field.
  init(_ root: ConfigNode) throws(InputError) {
    let mapping = try root.mapping(Self.keys)
    try mapping.checkFormat()
    id = try mapping.required("id", "the name of the run").string("the name of the run", maximum: 40)
    date = try mapping["date"]?.string("a day, such as 2026-11-23", maximum: 40)
    seconds = try mapping.double("iterationSeconds", Self.seconds)
    origin = try mapping["origin"]?.string("where the figures are from")
    var parts = mapping.entries.filter { ["brume", "workload", "plan"].contains($0.key) }
    parts.append(ConfigNode.Entry(key: "kind", line: root.place.line, value: .word("plan")))
    let file = try PlanFile(ConfigNode(place: root.place, content: .mapping(parts)))
    (workload, plan) = (file.workload, file.plan)
    memory = []
    for item in try mapping["memory"]?.list(0...100_000) ?? [] {
      let amount = try item.mapping(["kind", "stage", "bytes"])
      let kind = try amount.required("kind", "allocated, reserved or nvidia-smi").choice(MeasuredMemory.Kind.self)
      var stage: Int?
      if amount["stage"] != nil { stage = try amount.int("stage", 0...max(0, plan.stages.count - 1)) }
      memory.append(MeasuredMemory(kind: kind, stage: stage, bytes: try amount.double("bytes", Self.bytes)))
    }
  }
}

extension ConfigNode {
  /// The node as JSON on one line; words that are no numbers, `true`, `false` or `null` are quoted.
  ///
  /// Parsing it gives the same content but for the quotes. Complexity: O(length).
  var flow: String {
    switch content {
    case .scalar(let text, let isQuoted):
      if !isQuoted, isNull { return "null" }
      let isBare = !isQuoted && (text == "true" || text == "false" || Quantity.number(text) != nil)
      return isBare ? text : Self.jsonText(text)
    case .sequence(let items): return "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { Self.jsonText($0.key) + ": " + $0.value.flow }.joined(separator: ", ") + "}"
    }
  }

  /// A text in quotes, with escapes that JSON and YAML share.
  private static func jsonText(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case " "..."~", "\u{A1}"..."\u{2027}", "\u{2030}"..."\u{D7FF}", "\u{10000}"..."\u{10FFFF}":
        result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return result + "\""
  }
}
