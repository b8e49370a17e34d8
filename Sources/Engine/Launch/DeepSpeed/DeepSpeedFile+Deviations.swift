extension DeepSpeedFile {
  /// Where the file departs from what the runtime `deepspeed` assumes, with what that changes.
  func deviations(for found: LaunchImport) throws(InputError) -> [String] {
    let level = try level
    var warnings = try buffers(level, hidden: found.workload.model.hidden)
    let prefix = "zero_optimization."
    if level > 0, let overlaps = try options.flag(prefix + "overlap_comm"),
      overlaps != DeepSpeedAssumption.overlaps(level)
    {
      warnings.append(
        overlaps
          ? "\(prefix)overlap_comm true: predicted as at its default below ZeRO 3, with reductions after each backward; "
            + "it may be faster, and takes a second bucket of memory"
          : "\(prefix)overlap_comm false: predicted with reductions beside the backward, as at its default at ZeRO 3; "
            + "it is slower")
    }
    if try options.text("data_types.grad_accum_dtype") == "fp32", found.workload.run.precision != .fp8 {
      warnings.append(
        "data_types.grad_accum_dtype fp32: 2 B a parameter more of gradients than predicted "
          + "(the runtime megatron-deepspeed-bf16 has them)")
    }
    return warnings + (try share(of: found))
  }

  /// Buffers that are larger or smaller than assumed.
  private func buffers(_ level: Int, hidden: Int) throws(InputError) -> [String] {
    var warnings: [String] = []
    var sizes = [("reduce_bucket_size", DeepSpeedAssumption.bucket)]
    if level == 3 {
      sizes += [
        ("stage3_max_live_parameters", DeepSpeedAssumption.live),
        ("stage3_max_reuse_distance", DeepSpeedAssumption.live),
      ]
    }
    for (key, assumed) in sizes where level > 0 {
      let name = "zero_optimization." + key
      var value = try options.int(name, in: 0...9_000_000_000_000)
      var shown = value.map(String.init) ?? ""
      if options.isAuto(name), key == "reduce_bucket_size" {
        // Trainer's own value.
        value = hidden * hidden
        shown = "\"auto\" (hidden x hidden, \(hidden * hidden))"
      }
      guard let value, value != assumed else { continue }
      let change = Double(abs(value - assumed)) * 2 / 1e9
      warnings.append(
        "\(name) \(shown): predicted with \(assumed), "
          + "up to \(LaunchHeader.number(change, 3)) GB \(value < assumed ? "more" : "less") memory than it takes")
    }
    return warnings
  }

  /// A share of the states that whole sub-groups cannot make.
  private func share(of found: LaunchImport) throws(InputError) -> [String] {
    guard let stage = found.plan.stages.first, (1..<8).contains(stage.offload.optimizer) else { return [] }
    let size =
      try options.int("zero_optimization.sub_group_size", in: 1...9_000_000_000_000) ?? DeepSpeedAssumption.group
    let groups = DeepSpeedAssumption.subGroups(found.workload, dataParallel: stage.dataParallel, size: size)
    let wanted = Double(stage.offload.optimizer) / 8
    let kept = ((1 - wanted) * Double(groups)).rounded(.down)
    let real = groups > 0 ? 1 - kept / Double(groups) : wanted
    guard abs(real - wanted) > 1.0 / 8 else { return [] }
    return [
      "zero_optimization.offload_optimizer.ratio \(wanted): with \(groups) sub-groups of \(size) elements about "
        + "\(LaunchHeader.number(real, 3)) goes to the host; a smaller sub_group_size gives the share that is predicted"
    ]
  }
}
