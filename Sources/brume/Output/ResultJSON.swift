import Engine

/// What `tune` and `score` print with `--json` (docs/formats.md).
enum ResultJSON {
  /// The answer of a search.
  static func tuned(_ report: Report, result: TuneResult, robust: RobustReport? = nil) -> JSONValue {
    var members = head(report, lowerBoundSeconds: result.lowerBoundSeconds)
    members.append(
      JSONMember("alternatives", .array(result.alternatives.map { PlanJSON.plan($0, context: report.context) })))
    members.append(JSONMember("robust", robust.map { RobustOutput(report: $0).value(context: report.context) } ?? nil))
    members.append(JSONMember("stages", PlanJSON.stages(report.scored)))
    members.append(JSONMember("search", search(result)))
    if let infeasibility = result.infeasibility {
      members.append(JSONMember("infeasibility", self.infeasibility(infeasibility)))
    }
    return finished(members, notes: report.notes)
  }

  /// The score of a plan: no `search`, `alternatives` or `robust`.
  static func scored(_ report: Report) -> JSONValue {
    let members = head(report, lowerBoundSeconds: nil)
    return finished(members + [JSONMember("stages", PlanJSON.stages(report.scored))], notes: report.notes)
  }

  /// An object that ends with its notes, with null for numbers that are not finite and a note about them.
  static func finished(_ members: [JSONMember], notes: [String]) -> JSONValue {
    let (document, paths) = JSONValue.object(members).removingNonFinite()
    guard case .object(let clean) = document else { return document }
    let broken = paths.map { "\($0) is not a finite number; null stands for it" }
    return .object(clean + [JSONMember("notes", .strings(notes + broken))])
  }

  private static func head(_ report: Report, lowerBoundSeconds: Double?) -> [JSONMember] {
    [
      JSONMember("format", "brume/1"), JSONMember("status", .string(report.status.rawValue)),
      JSONMember("workload", report.workload),
    ] + PlanJSON.figures(report.scored?.score, lowerBoundSeconds: lowerBoundSeconds)
      + PlanJSON.choices(report.scored, context: report.context) + [
        JSONMember("errorBar", range(report.confidence?.seconds)),
        JSONMember("memoryErrorBar", range(report.confidence?.reservedBytes)),
        JSONMember("fit", report.confidence.map { .string($0.fit.rawValue) } ?? nil),
      ]
  }

  private static func range(_ range: PlanConfidence.Range?) -> JSONValue {
    guard let range else { return nil }
    return [
      "low": .optional(range.low), "high": .optional(range.high), "from": .string(range.from),
      "runs": .int(range.runs),
    ]
  }

  private static func search(_ result: TuneResult) -> JSONValue {
    [
      "configurations": .int(result.configurations), "plans": .int(result.plans),
      "firstPlanSeconds": .optional(result.firstPlanSeconds), "seconds": .number(result.seconds),
      "covers": .string(result.covers), "solver": "exact",
      "certificate": result.certificate.map { certificate in
        [
          "solver": .string(certificate.solver), "objective": .number(certificate.objective),
          "bound": .number(certificate.bound), "gap": .number(certificate.gap), "covers": .string(certificate.covers),
        ]
      } ?? nil,
    ]
  }

  private static func infeasibility(_ infeasibility: Infeasibility) -> JSONValue {
    guard infeasibility.pins.isEmpty, infeasibility.constraints.isEmpty else {
      return [
        "binds": "pins", "pins": .strings(infeasibility.pins.map(\.text)),
        "constraints": .strings(infeasibility.constraints),
        "suggestions": suggestions(infeasibility),
      ]
    }
    return [
      "stage": .int(infeasibility.stage + 1), "binds": infeasibility.bindsHost ? "host" : "device",
      "part": .string(infeasibility.part.rawValue), "missingBytes": .number(infeasibility.missingBytes),
      "suggestions": suggestions(infeasibility),
    ]
  }

  private static func suggestions(_ infeasibility: Infeasibility) -> JSONValue {
    .array(
      infeasibility.suggestions.map {
        ["text": .string($0.text), "set": .strings($0.set), "flags": .strings($0.flags)]
      })
  }
}
