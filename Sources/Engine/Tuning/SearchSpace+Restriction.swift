extension SearchSpace {
  /// The part of the space that a runtime can run: its ZeRO levels, and nothing on the host where it offloads nothing.
  func restricted(to runtime: RuntimeProfile) -> SearchSpace {
    var space = self
    space.zeroLevels = zeroLevels.filter(runtime.zeroLevels.contains)
    space.stagedZeroLevels = stagedZeroLevels?.filter(runtime.zeroLevels.contains)
    return runtime.offloads ? space : space.withoutOffload
  }

  /// The part of the space that plans of so many stages can use: its ZeRO levels and offload are those of `stages`.
  func restricted(toStages stages: Int) -> SearchSpace {
    guard stages > 1 else { return self }
    var space = self
    if let stagedZeroLevels { space.zeroLevels = stagedZeroLevels }
    return stagedOffload ? space : space.withoutOffload
  }

  /// The space with everything on the device.
  var withoutOffload: SearchSpace {
    var space = self
    space.weightEighths = weightEighths.filter { $0 == 0 }
    space.gradientEighths = gradientEighths.filter { $0 == 0 }
    space.optimizerEighths = optimizerEighths.filter { $0 == 0 }
    space.activationEighths = activationEighths.filter { $0 == 0 }
    return space
  }

  /// Some choice of one stage binds another's, so that their frontiers cannot be mixed freely.
  var couplesStages: Bool { statesAlike || checkpointing != .any || layerRule != .any }

  /// The space has plans whose stages differ in mesh or degrees.
  var hasUnlikeStages: Bool { unlikeMeshes || unlikeTensorParallel }

  /// Whether a shape with so many stages and this tensor-parallel degree lies in the space.
  func allows(stages: Int, tensorParallel degree: Int, layers: Int) -> Bool {
    if let maximumStages, stages > maximumStages { return false }
    if let tensorParallel, !tensorParallel.contains(degree) { return false }
    return layerRule != .equal || layers % stages == 0
  }
}
