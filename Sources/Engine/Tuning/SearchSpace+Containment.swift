extension SearchSpace {
  /// Whether every plan of `other` is one of this space, computed from the knobs (docs/spaces.md).
  ///
  /// A true answer is a proof; so on one runtime this space's best plan is never slower (closed form). Names, texts and
  /// runtimes are not compared.
  public func contains(_ other: SearchSpace) -> Bool {
    containsShapes(of: other) && containsLayers(of: other) && containsRecompute(of: other)
      && containsStates(of: other.restricted(toStages: 1), in: restricted(toStages: 1))
      && (other.maximumStages == 1 || containsStagedStates(of: other))
  }

  /// A list of allowed values holds another; nil is all of them.
  private static func holds<Value: Equatable>(_ outer: [Value]?, _ inner: [Value]?) -> Bool {
    guard let outer else { return true }
    guard let inner else { return false }
    return inner.allSatisfy(outer.contains)
  }

  private func containsShapes(of other: SearchSpace) -> Bool {
    let stages = maximumStages.map { most in (other.maximumStages ?? .max) <= most } ?? true
    // Of one stage nothing is unlike anything, and nothing is interleaved.
    let isSingle = other.maximumStages == 1
    let alike =
      isSingle
      || ((unlikeMeshes || !other.unlikeMeshes) && (unlikeTensorParallel || !other.unlikeTensorParallel)
        && Self.holds(interleave, other.interleave))
    // Without tensor parallelism there is no sequence to split.
    let sequence = other.tensorParallel == [1] || Self.holds(sequenceParallel, other.sequenceParallel)
    return stages && alike && sequence && Self.holds(microBatches, other.microBatches)
      && Self.holds(tensorParallel, other.tensorParallel) && Self.holds(contextParallel, other.contextParallel)
      && (!powerOfTwoMeshes || other.powerOfTwoMeshes)
  }

  private func containsLayers(of other: SearchSpace) -> Bool {
    if other.maximumStages == 1 || other.layerRule == .equal { return true }
    if let layerSlack, (other.layerSlack ?? .max) > layerSlack { return false }
    return layerRule == .any || (layerRule == .equalInner && other.layerRule == .equalInner)
  }

  private func containsRecompute(of other: SearchSpace) -> Bool {
    if other.checkpointing == .none { return true }
    guard Self.holds(recomputeKinds, other.recomputeKinds) else { return false }
    switch checkpointing {
    case .any: return true
    case .sameCount:
      // Any number of one stage is a common one, but for the kinds that take all layers.
      return other.checkpointing != .any || (other.maximumStages == 1 && other.recomputeKinds == [.full])
    case .allOrNoneAlike: return other.checkpointing == .allOrNoneAlike
    case .none: return false
    }
  }

  private func containsStates(of other: SearchSpace, in space: SearchSpace) -> Bool {
    let rule = !space.weightsNeedGradients || other.weightsNeedGradients || other.weightEighths.allSatisfy { $0 == 0 }
    return rule && Self.holds(space.zeroLevels, other.zeroLevels)
      && Self.holds(space.weightEighths, other.weightEighths)
      && Self.holds(space.gradientEighths, other.gradientEighths)
      && Self.holds(space.optimizerEighths, other.optimizerEighths)
      && Self.holds(space.activationEighths, other.activationEighths)
  }

  private func containsStagedStates(of other: SearchSpace) -> Bool {
    let (outer, inner) = (restricted(toStages: 2), other.restricted(toStages: 2))
    let lists = [inner.zeroLevels, inner.weightEighths, inner.gradientEighths, inner.optimizerEighths]
    let isSingle = (lists + [inner.activationEighths]).allSatisfy { $0.count == 1 }
    return containsStates(of: inner, in: outer) && (!statesAlike || other.statesAlike || isSingle)
  }
}

extension SearchSpace {
  /// Names of the other spaces that this one contains.
  public func contained(among spaces: [SearchSpace]) -> [String] {
    spaces.filter { $0.name != name && contains($0) }.map(\.name)
  }

  /// Names of the other spaces that contain this one.
  public func containing(among spaces: [SearchSpace]) -> [String] {
    spaces.filter { $0.name != name && $0.contains(self) }.map(\.name)
  }
}
