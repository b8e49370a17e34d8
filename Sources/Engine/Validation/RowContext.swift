/// What a measured run was about, apart from its plan: model, machine, run and runtime (docs/validation.md).
struct RowContext {
  /// The question that the run answered.
  var workload: Workload
  /// Its runtime.
  let runtime: RuntimeProfile
  /// Samples of a micro-batch, as the row tells.
  let microBatch: Int
  /// What the row does not tell and is taken as usual, in words.
  private(set) var assumed: [String] = []

  /// Reads a row with what is known of its publication; throws the first reason why the run cannot be predicted.
  init(_ row: MeasuredRow, conventions: RunConventions) throws(RowSkip) {
    let listed = conventions.setting(of: row.source)
    let setting = listed ?? conventions.assumedSetting(of: row)
    guard let name = row.runtime ?? setting?.runtime(of: row) else { throw RowSkip(reason: "its runtime is not known") }
    if listed == nil && row.runtime == nil { assumed.append("the runtime \(name)") }
    guard let runtime = RuntimeProfile.named(name) else {
      throw RowSkip(reason: "there is no runtime profile '\(name)'")
    }
    self.runtime = runtime
    let batch = try Self.batch(row, setting)
    microBatch = batch.micro
    let cluster = try Self.cluster(row, setting, conventions: conventions)
    let run = TrainingRun(
      sequenceLength: row.model.sequence, globalBatch: batch.global, precision: try Self.precision(row),
      attention: try Self.attention(row, runtime, &assumed), runtime: runtime.name, dropout: setting?.dropout ?? 0)
    let tensorParallel = row.tensorParallel ?? row.stages.map(\.tensorParallel).max() ?? 1
    workload = Workload(
      name: row.id, model: row.model.shape(setting, tensorParallel: tensorParallel, source: row.source),
      cluster: cluster, run: run)
  }

  private static func batch(
    _ row: MeasuredRow, _ setting: RunConventions.Setting?
  ) throws(RowSkip) -> (micro: Int, global: Int) {
    var told = row.microBatch
    if told == nil, setting?.hasMicroBatchAStage == true, let local = row.localBatch,
      local % row.pipelineParallel == 0
    {
      told = local / row.pipelineParallel
    }
    guard let micro = told else { throw RowSkip(reason: "its micro-batch is not told") }
    guard let global = row.globalBatch else { throw RowSkip(reason: "its global batch is not told") }
    return (micro, global)
  }

  private static func precision(_ row: MeasuredRow) throws(RowSkip) -> Precision {
    switch row.precision {
    case "fp16", "amp_fp16": return .fp16
    case "bf16", "amp_bf16": return .bf16
    case "fp8", "amp_fp8", "float8": return .fp8
    default: throw RowSkip(reason: "matrix products in \(row.precision) are not modelled")
    }
  }

  private static func attention(
    _ row: MeasuredRow, _ runtime: RuntimeProfile, _ assumed: inout [String]
  ) throws(RowSkip) -> AttentionKernel {
    switch row.flashAttention {
    case "true", "sdpa(flash)": return .flash
    case "false": return .unfused
    case "unknown":
      // Megatron-LM of 2021 and what was made of it had none; later software has.
      let isOld = row.precision == "fp16" && (runtime.ancestors + [runtime.name]).contains("megatron-lm")
      assumed.append(isOld ? "no flash attention" : "flash attention")
      return isOld ? .unfused : .flash
    default: throw RowSkip(reason: "the attention kernel '\(row.flashAttention)' is not modelled")
    }
  }

  // MARK: Machine

  private static func cluster(
    _ row: MeasuredRow, _ setting: RunConventions.Setting?, conventions: RunConventions
  ) throws(RowSkip) -> Cluster {
    let types = (try? Catalogue.nodeTypes) ?? []
    let name = setting?.machines[row.gpu] ?? conventions.machine(of: row.gpu)
    guard let machine = name, var type = types.first(where: { $0.name == machine }) else {
      throw RowSkip(reason: "no machine in the catalogue has the GPU \(row.gpu)")
    }
    let perNode = min(row.gpusPerNode, row.gpuCount)
    guard row.gpuCount % perNode == 0, perNode <= type.gpusPerNode else {
      throw RowSkip(reason: "\(row.gpuCount) GPUs are no whole nodes of \(perNode)")
    }
    if let fabric = setting?.fabric {
      type.links = type.links.withFabric(fabric)
      type.gpusPerNode = row.gpusPerNode
    }
    return Cluster(nodes: row.gpuCount / perNode, gpusPerNode: perNode, nodeType: type)
  }
}
