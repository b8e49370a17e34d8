/// Arguments that say a plan.
extension MegatronExporter {
  /// Degrees, and the layers of each stage.
  func parallelism(_ plan: Plan) -> [[ShellWord]] {
    var lines = [
      MegatronOption.tensorParallel.line(plan.stages.first?.tensorParallel ?? 1),
      MegatronOption.stages.line(plan.stages.count),
    ]
    if plan.sequenceParallel, plan.stages.contains(where: { $0.tensorParallel > 1 }) {
      lines.append(MegatronOption.sequenceParallel.line())
    }
    if plan.contextParallel > 1 {
      lines.append(MegatronOption.contextParallel.line(plan.contextParallel))
      lines.append(MegatronOption.contextExchange.line("p2p"))
    }
    let layers = plan.stages.map(\.layers)
    if plan.interleave > 1 {
      lines.append(MegatronOption.chunks.line(plan.interleave))
    } else if Set(layers).count > 1 {
      lines.append(MegatronOption.layout.line(MegatronLayout.text(layers)))
    }
    return lines
  }

  /// ZeRO level, recomputation, optimizer states on the host.
  func memory(_ plan: Plan) -> [[ShellWord]] {
    guard let first = plan.stages.first else { return [] }
    var lines: [[ShellWord]] = []
    let eighths = first.offload.optimizer
    // Its host step works on the shards of the distributed optimizer.
    if first.zero > 0 || eighths > 0 { lines.append(MegatronOption.distributedOptimizer.line()) }
    let counts = plan.stages.map(\.checkpointedLayers)
    if let working = plan.stages.first(where: { $0.checkpointedLayers > 0 }) {
      if working.recompute == .full {
        lines.append(MegatronOption.recompute.line("full"))
        lines.append(MegatronOption.recomputeMethod.line("block"))
        // Each chunk of an interleaved stage counts for itself.
        lines.append(MegatronOption.recomputeLayers.line((counts.max() ?? 0) / max(1, plan.interleave)))
      } else {
        lines.append(MegatronOption.recompute.line("selective"))
        lines.append(MegatronOption.recomputeModules.line("core_attn"))
      }
    }
    if eighths > 0 {
      lines.append(MegatronOption.offload.line())
      lines.append(MegatronOption.offloadFraction.line(Double(eighths) / 8))
      lines.append(MegatronOption.precisionAware.line())
    }
    return lines
  }

  /// What the runtime of the prediction overlaps.
  func overlap(_ plan: Plan, _ workload: Workload) -> [[ShellWord]] {
    let runtime = RuntimeProfile.of(workload.run)
    var lines: [[ShellWord]] = []
    guard runtime.reduction == .overlapped else { return lines }
    lines.append(MegatronOption.overlapReduction.line())
    let isSharded = plan.stages.contains { $0.zero > 0 || $0.offload.optimizer > 0 }
    if runtime.weightGather == .overlapped, isSharded { lines.append(MegatronOption.overlapGather.line()) }
    if runtime.overlapsTensorCollectives, plan.stages.contains(where: { $0.tensorParallel > 1 }) {
      lines.append(MegatronOption.overlapTensor.line())
    }
    return lines
  }
}

/// What Megatron-LM cannot do beyond what its space says.
extension MegatronExporter {
  /// Blocks, positions and biases that its GPT model has no arguments for.
  static func modelRefusals(_ model: ModelShape) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    if model.parallelBlock {
      found.append(
        LaunchRefusal(
          what: "attention and MLP in parallel (\(model.name))",
          why: "Megatron Core's transformer layer runs one after the other"))
    } else if model.normsPerLayer != 2 {
      found.append(
        LaunchRefusal(
          what: "\(model.normsPerLayer) norms in a layer (\(model.name))",
          why: "Megatron Core's transformer layer has one before attention and one before the MLP"))
    }
    if model.positions == .none {
      found.append(
        LaunchRefusal(
          what: "ALiBi, or no encoding of positions (\(model.name))",
          why: "Megatron Core has learned and rotary positions; its `none` trains another model"))
    }
    if model.linearBias, !model.queryKeyValueBias {
      found.append(
        LaunchRefusal(
          what: "biases on the attention output and the MLP but not on q, k, v (\(model.name))",
          why: "--add-bias-linear puts them on all products"))
    }
    return found
  }

  /// Products in fp8 whose widths Transformer Engine does not take.
  static func precisionRefusals(_ plan: Plan, _ workload: Workload) -> [LaunchRefusal] {
    guard workload.run.precision == .fp8 else { return [] }
    let model = workload.model
    let slices = plan.stages.first?.tensorParallel ?? 1
    let widths = [model.hidden, model.feedForward / slices, model.heads * model.headWidth / slices]
    guard let other = widths.first(where: { !$0.isMultiple(of: 16) }) else { return [] }
    return [
      LaunchRefusal(
        what: "a product of width \(other) in fp8", why: "Transformer Engine takes multiples of 16",
        knobs: model.hidden.isMultiple(of: 16) ? [.tensorParallel, .dataParallel, .microBatch] : [])
    ]
  }

  /// Overlap of tensor-parallel collectives without what it needs.
  static func overlapRefusals(_ plan: Plan, _ workload: Workload) -> [LaunchRefusal] {
    let runtime = RuntimeProfile.of(workload.run)
    guard runtime.overlapsTensorCollectives, !plan.sequenceParallel,
      plan.stages.contains(where: { $0.tensorParallel > 1 })
    else { return [] }
    return [
      LaunchRefusal(
        what: "tensor-parallel collectives beside products without sequence parallelism",
        why: "--tp-comm-overlap needs --sequence-parallel; take the runtime megatron-core, or sequence parallelism",
        knobs: [.sequenceParallel])
    ]
  }
}
