import Engine

/// A column of the stage table.
struct StageColumn: Sendable {
  /// Title.
  let title: String
  /// Columns; every value fits.
  let width: Int
  /// Blank columns before it.
  let gap: Int
  /// What it means, for the line under the table.
  let meaning: String
  /// The choice that is edited in it; nil for a figure. The mesh follows the number of stages.
  let knob: PlanKnob?
  /// The value of a row, whose stages have the same choices; figures are those of the worst stage.
  let value: @Sendable (StageChoice, [StageScore]) -> String

  private init(
    _ title: String, _ width: Int, gap: Int = 1, _ meaning: String, knob: PlanKnob? = nil,
    value: @escaping @Sendable (StageChoice, [StageScore]) -> String
  ) {
    self.title = title
    self.width = width
    self.gap = gap
    self.meaning = meaning
    self.knob = knob
    self.value = value
  }

  /// All columns, from the left.
  static let all: [StageColumn] = choices + shares + figures

  /// Columns that most plans have alike in all stages: where the table is narrow they stand in the plan's row.
  static let often: Range<Int> = 1..<5
  /// The first of the offload columns.
  static let firstOffload = 7
  /// All four of them.
  static let offloads = 7..<11
  /// The other three.
  static let otherOffloads = 8..<11
  /// The first column that is a figure and no choice.
  static let firstFigure = 11
  /// Columns of the stage numbers before the table, the cursor mark included.
  static let numberWidth = 6

  /// Columns of a table with all of them.
  static let wholeWidth = all.reduce(numberWidth) { $0 + $1.gap + $1.width }

  private static let choices: [StageColumn] = [
    StageColumn("layers", 6, "transformer layers of the stage", knob: .layers) { choice, _ in "\(choice.layers)" },
    StageColumn("mesh", 5, "nodes × GPUs per node that the stage runs on", knob: .nodes) { choice, _ in
      "\(choice.nodes)×\(choice.gpusPerNode)"
    },
    StageColumn("b", 2, "samples of a micro-batch on one data-parallel rank", knob: .microBatch) { choice, _ in
      "\(choice.microBatch)"
    },
    StageColumn("dp", 3, "data-parallel ranks", knob: .dataParallel) { choice, _ in "\(choice.dataParallel)" },
    StageColumn("tp", 2, "tensor-parallel ranks", knob: .tensorParallel) { choice, _ in "\(choice.tensorParallel)" },
    StageColumn("ZeRO", 4, "dp shards 1 optimizer, 2 + gradients, 3 + weights", knob: .zero) { choice, _ in
      "\(choice.zero)"
    },
    StageColumn("ckpt", 4, "layers recomputed; s attention, o some operators", knob: .checkpointedLayers) {
      choice, _ in
      choice.checkpointedLayers == 0 ? "·" : "\(choice.checkpointedLayers)\(mark(choice.recompute))"
    },
  ]

  private static let shares: [StageColumn] = [
    StageColumn("W", 1, "eighths of the weights kept in host memory", knob: .weightOffload) { choice, _ in
      eighths(choice.offload.weights)
    },
    StageColumn("G", 1, gap: 0, "eighths of the gradients kept in host memory", knob: .gradientOffload) { choice, _ in
      eighths(choice.offload.gradients)
    },
    StageColumn("O", 1, gap: 0, "eighths of the optimizer states kept in host memory", knob: .optimizerOffload) {
      choice, _ in
      eighths(choice.offload.optimizer)
    },
    StageColumn("A", 1, gap: 0, "eighths of the activations kept in host memory", knob: .activationOffload) {
      choice, _ in
      eighths(choice.offload.activations)
    },
  ]

  private static let figures: [StageColumn] = [
    StageColumn("t ms", 7, "steady micro-batch: forward, backward, transfer") { _, scores in
      Format.milliseconds(scores.map(\.stableSeconds).max() ?? 0)
    },
    StageColumn("d ms", 7, "extra time of the first and last micro-batch") { _, scores in
      Format.milliseconds(scores.map(\.deltaSeconds).max() ?? 0)
    },
    StageColumn("GiB", 5, "device memory reserved at the peak") { _, scores in
      Format.gibibytes(scores.map(\.memory.reserved).max() ?? 0)
    },
    StageColumn("spare", 6, "GiB that could still be reserved") { _, scores in
      let spare = scores.map(\.memory.spare).min() ?? 0
      return (spare < 0 ? "!" : "") + Format.spareGibibytes(spare)
    },
  ]

  /// What recomputed layers recompute, in at most one column; nothing for all of it.
  private static func mark(_ kind: RecomputeKind) -> String {
    switch kind {
    case .full: ""
    case .selective: "s"
    case .selectiveOperators: "o"
    }
  }

  /// An eighth count in one column.
  static func eighths(_ count: Int) -> String { count == 0 ? "·" : "\(count)" }
}
