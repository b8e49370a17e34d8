extension RuntimeProfile {
  /// What a runtime cannot offload, and why.
  struct OffloadLimit: Equatable {
    /// The state, as `StageChoice.offload` names it.
    var state: String
    /// Its share, in eighths.
    var eighths: Int
    /// Why not, for people.
    var reason: String
  }

  /// The first share that a runtime which steps on the host cannot keep there, or nil.
  ///
  /// Where gradients wait on the device for the step, nothing but optimizer states goes to the host, and only sharded ones
  /// (ZeRO 1). Else gradients follow the optimizer states, which must be sharded with them (ZeRO 2 and 3); weights can
  /// lie on the host as shards alone, and a part of the optimizer states too (ZeRO 3). One data-parallel rank has nothing to shard.
  func offloadLimit(_ offload: Offload, zero: Int, dataParallel: Int) -> OffloadLimit? {
    guard stepsOnHost else { return nil }
    if sendsGradientsAtStep { return statesLimit(offload, zero: zero, dataParallel: dataParallel) }
    if offload.gradients > 0 {
      return OffloadLimit(
        state: "gradients", eighths: offload.gradients, reason: "gradients follow the optimizer states to the host")
    }
    guard dataParallel > 1 else { return nil }
    if offload.optimizer > 0, zero < 2 {
      return OffloadLimit(state: "optimizer", eighths: offload.optimizer, reason: "it offloads them from ZeRO 2 on")
    }
    if (1..<8).contains(offload.optimizer), zero < 3 {
      return OffloadLimit(state: "optimizer", eighths: offload.optimizer, reason: "it takes a part of them at ZeRO 3")
    }
    if offload.weights > 0, zero < 3 {
      return OffloadLimit(state: "weights", eighths: offload.weights, reason: "it offloads them at ZeRO 3")
    }
    return nil
  }

  /// The limit where optimizer states alone can lie on the host.
  private func statesLimit(_ offload: Offload, zero: Int, dataParallel: Int) -> OffloadLimit? {
    for (state, eighths) in [
      ("weights", offload.weights), ("gradients", offload.gradients), ("activations", offload.activations),
    ] where eighths > 0 {
      return OffloadLimit(state: state, eighths: eighths, reason: "it offloads optimizer states alone")
    }
    guard dataParallel > 1, offload.optimizer > 0, zero < 1 else { return nil }
    return OffloadLimit(state: "optimizer", eighths: offload.optimizer, reason: "it offloads them from ZeRO 1 on")
  }
}
