/// What the runtime `deepspeed` assumes of DeepSpeed's configuration: its defaults (deepspeed/runtime/zero/config.py).
///
/// The exporter writes them out, and the importer warns where a file says otherwise.
enum DeepSpeedAssumption {
  /// Elements of a bucket of gradients (`reduce_bucket_size`), and of gathered weights.
  static let bucket = 500_000_000
  /// Parameters that ZeRO 3 keeps gathered (`stage3_max_live_parameters`, `stage3_max_reuse_distance`).
  static let live = 1_000_000_000
  /// Elements that ZeRO 3 gathers ahead (`stage3_prefetch_bucket_size`).
  static let prefetch = 50_000_000
  /// Parameters below which ZeRO 3 shards none (`stage3_param_persistence_threshold`).
  static let persistent = 100_000
  /// Elements of a group that the step takes at a time (`sub_group_size`).
  static let group = 1_000_000_000

  /// Whether reductions take place beside the backward (`overlap_comm`): at ZeRO 3.
  static func overlaps(_ level: Int) -> Bool { level == 3 }

  /// Elements of a sub-group that make a share of the states come out: those of a layer on one rank.
  ///
  /// DeepSpeed puts whole sub-groups on the host, `int((1 - ratio) * groups)` of them not: with its default, 1e9
  /// elements, a model of a few billions is one group, and all of it goes (runtime/zero/stage3.py).
  static func subGroup(_ model: ModelShape, dataParallel: Int) -> Int {
    Int(min(9e15, (model.layerParameters / Double(max(1, dataParallel))).rounded(.up)))
  }

  /// Sub-groups of the states on one rank, at a size.
  static func subGroups(_ workload: Workload, dataParallel: Int, size: Int) -> Int {
    let parameters = workload.model.parameterCount(sequenceLength: workload.run.sequenceLength)
    let share = (parameters / Double(max(1, dataParallel))).rounded(.up)
    return Int(min(9e15, (share / Double(max(1, size))).rounded(.up)))
  }
}
