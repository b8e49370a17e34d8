import Engine

/// What `compare` found, before it becomes text or JSON.
struct Comparison: Sendable {
  /// What is compared.
  enum Kind: String, Sendable {
    case spaces, clusters, plans, ablation
  }

  /// One space, cluster, plan or step of an ablation.
  struct Entry: Sendable {
    /// What it is called.
    var label: String
    /// The question, on the runtime that the prediction is for.
    var workload: Workload
    /// The space that was searched; nil for a plan that was given.
    var space: SearchSpace?
    /// How the search ended; of a plan that was given, whether it fits.
    var status = SearchStatus.cancelled
    /// The best plan.
    var scored: ScoredPlan?
    /// Seconds that the search took.
    var seconds: Double?
    /// Why nothing fits.
    var infeasibility: Infeasibility?
    /// What the search remarked.
    var notes: [String] = []

    /// The objective, seconds; nil without a plan that fits.
    var objective: Double? { status == .infeasible ? nil : scored?.score.closedFormSeconds }
  }

  /// What is compared.
  var kind: Kind
  /// The question as it was asked.
  var workload: Workload
  /// The entries, in the order of the command line.
  var entries: [Entry] = []

  /// Speed-up of the first over an entry, by the closed form; nil where one of them has no plan.
  func speedup(_ entry: Entry) -> Double? {
    guard let first = entries.first?.objective, let own = entry.objective else { return nil }
    return own / first
  }

  /// How much faster an entry is than the one before it; nil for the first.
  func gain(_ index: Int) -> Double? {
    guard index > 0, let before = entries[index - 1].objective, let own = entries[index].objective else { return nil }
    return before / own
  }

  // MARK: JSON

  /// The object that `--json` prints (docs/formats.md).
  var document: JSONValue {
    let items = entries.indices.map { item($0) }
    return ResultJSON.finished(
      [
        JSONMember("format", "brume/1"), JSONMember("workload", WorkloadJSON.value(workload)),
        JSONMember("compares", .string(kind.rawValue)), JSONMember("spaces", .array(items)),
      ], notes: notes)
  }

  private func item(_ index: Int) -> JSONValue {
    let entry = entries[index]
    let name = kind == .ablation || kind == .spaces ? entry.space?.name : entry.space?.name ?? entry.label
    var members = [
      JSONMember("space", name.map(JSONValue.string) ?? nil), JSONMember("label", .string(entry.label)),
      JSONMember("cluster", .string(entry.workload.cluster.label)),
      JSONMember("status", .string(entry.status.rawValue)),
    ]
    let figures = PlanJSON.figures(entry.scored?.score, lowerBoundSeconds: nil).filter { $0.key != "lowerBoundSeconds" }
    members += figures + [JSONMember("speedup", .optional(speedup(entry)))]
    if kind == .ablation { members.append(JSONMember("gain", .optional(gain(index)))) }
    members.append(JSONMember("tuningSeconds", .optional(entry.seconds)))
    members += PlanJSON.choices(entry.scored, context: .init(runtime: entry.workload.run.runtime)).filter {
      $0.key != "space"
    }
    return .object(members + [JSONMember("stages", PlanJSON.stages(entry.scored))])
  }

  // MARK: Text

  /// The table and its remarks, at most 80 columns wide.
  var lines: [String] {
    let run = workload.run
    let heading =
      "\(workload.model.name)  sequence \(run.sequenceLength)  batch \(run.globalBatch)  \(run.precision.rawValue)"
      + (kind == .clusters ? "" : "  on \(workload.cluster.label) (\(workload.cluster.gpuCount) GPUs)")
    let table = kind == .ablation ? ablationTable : sideBySide
    let common = sharedRuntime.map { ["runtime \($0)"] } ?? []
    return [heading] + common + [""] + table + [""] + (missing + notes).flatMap { TextWrap.lines($0, width: 80) }
  }

  /// The runtime of all entries, where it is one.
  private var sharedRuntime: String? {
    let names = Set(entries.map(\.workload.run.runtime))
    return names.count == 1 ? names.first : nil
  }

  private var sideBySide: [String] {
    let title = [Kind.spaces: "space", .clusters: "cluster", .plans: "plan"][kind] ?? ""
    let shared = sharedRuntime != nil
    var table = TextTable(
      [(title, .left)] + (shared ? [] : [("runtime", .left)]) + [
        ("s/iter", .right), ("closed form", .right), ("speed-up", .right), ("S", .right), ("G", .right), ("tp", .right),
      ])
    for entry in entries {
      table.add(
        [Self.short(entry.label)] + (shared ? [] : [entry.workload.run.runtime]) + [
          Self.seconds(entry, \.iterationSeconds), Self.seconds(entry, \.closedFormSeconds),
          Self.factor(speedup(entry)),
        ] + Self.choices(entry))
    }
    return table.lines()
  }

  private var ablationTable: [String] {
    var table = TextTable([
      ("switched on", .left), ("closed form", .right), ("gain", .right), ("in all", .right), ("tuned s", .right),
      ("S", .right), ("G", .right), ("tp", .right),
    ])
    for (index, entry) in entries.enumerated() {
      table.add(
        [
          entry.label, Self.seconds(entry, \.closedFormSeconds), Self.factor(gain(index)),
          Self.factor(speedup(entry).map { 1 / $0 }), entry.seconds.map { Decimals.fixed($0, 2) } ?? "",
        ] + Self.choices(entry))
    }
    return table.lines()
  }

  /// What has no plan, and why.
  private var missing: [String] {
    entries.compactMap { entry in
      switch entry.status {
      case .optimal, .feasible: return nil
      case .cancelled: return "\(entry.label): no plan was found before the search ended."
      case .infeasible:
        guard let why = entry.infeasibility else {
          return entry.label
            + (entry.space == nil ? ": the plan does not fit its memory." : ": its runtime can run no plan of it.")
        }
        let memory = why.bindsHost ? "host" : "device"
        return "\(entry.label): no plan fits; the nearest misses \(Decimals.gibibytes(why.missingBytes)) GiB of "
          + "\(memory) memory in stage \(why.stage + 1)."
      }
    }
  }

  private var notes: [String] {
    let meaning =
      kind == .ablation
      ? "gain: how much faster than the line before; in all: than the first; by the closed form."
      : "speed-up: of the first over each, by the closed form, which is what a search minimises."
    let open = entries.filter { $0.space != nil && $0.status == .feasible }.map(\.label)
    let unproved = open.isEmpty ? [] : ["not proved best: \(open.joined(separator: ", "))."]
    var remarks: [String] = []
    for note in entries.flatMap(\.notes) where !remarks.contains(note) { remarks.append(note) }
    return [meaning] + unproved + remarks
  }

  private static func seconds(_ entry: Entry, _ figure: KeyPath<PlanScore, Double>) -> String {
    guard let scored = entry.scored, entry.status != .infeasible else {
      return entry.status == .infeasible ? "none fits" : "-"
    }
    return Decimals.significant(scored.score[keyPath: figure], 5)
  }

  private static func factor(_ value: Double?) -> String { value.map { Decimals.fixed($0, 3) + "x" } ?? "-" }

  private static func choices(_ entry: Entry) -> [String] {
    guard let plan = entry.scored?.plan, entry.status != .infeasible else { return ["-", "-", "-"] }
    let degrees = Set(plan.stages.map(\.tensorParallel))
    let tensor = degrees.count == 1 ? "\(degrees.first ?? 1)" : "*"
    return ["\(plan.stages.count)", "\(plan.gradientAccumulation)", tensor]
  }

  /// The end of a long name: that of a path is its file.
  private static func short(_ label: String) -> String {
    label.count > 24 ? "..." + label.suffix(21) : label
  }
}
