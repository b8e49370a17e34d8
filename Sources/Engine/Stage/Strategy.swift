/// How one stage stores its states: ZeRO level and offload shares; with c it is all that the inner search chooses
/// (docs/model.md, section 1).
struct Strategy: Hashable, Sendable {
  /// ZeRO level, 0...3.
  var zero: Int
  /// Shares in host memory.
  var offload: Offload

  /// The values of `StrategyVariables.strategy`, in its order.
  var inputs: [Double] {
    [
      zero >= 3 ? 1 : 0, zero >= 2 ? 1 : 0, zero >= 1 ? 1 : 0, Double(offload.weights) / 8,
      Double(offload.gradients) / 8, Double(offload.optimizer) / 8, Double(offload.activations) / 8,
    ]
  }

  /// Nothing offloaded, or some optimizer states, or all activations: what a first look tries.
  var isUsual: Bool {
    offload.weights == 0 && offload.gradients == 0 && [0, 8].contains(offload.activations)
      && offload.optimizer.isMultiple(of: 4)
  }
}

/// All strategies of a space for one data-parallel degree, in a fixed order: least offload first.
struct StrategyGrid: Sendable {
  /// The strategies.
  let strategies: [Strategy]
  /// The same, near ones together.
  let order: StrategyOrder
  /// Tells grids apart: a hash of all strategies in their order (FNV-1a, 64 bits).
  let fingerprint: UInt64

  /// Strategies of `space` that the runtime can run; with one data-parallel rank the ZeRO levels are alike and only the
  /// lowest is kept (1 at most: nothing is gathered).
  init(space: SearchSpace, runtime: RuntimeProfile, dataParallel: Int) {
    let space = space.restricted(to: runtime)
    let sorted = space.zeroLevels.sorted()
    let levels = dataParallel > 1 ? sorted : sorted.prefix(1).map { min($0, 1) }
    var found: [Strategy] = []
    for zero in levels {
      for weights in space.weightEighths {
        for gradients in space.gradientEighths {
          if space.weightsNeedGradients && weights > 0 && gradients == 0 { continue }
          for optimizer in space.optimizerEighths {
            for activations in space.activationEighths {
              let offload = Offload(
                weights: weights, gradients: gradients, optimizer: optimizer, activations: activations)
              guard runtime.offloadLimit(offload, zero: zero, dataParallel: dataParallel) == nil else { continue }
              found.append(Strategy(zero: zero, offload: offload))
            }
          }
        }
      }
    }
    func amount(_ s: Strategy) -> Int {
      s.offload.weights + s.offload.gradients + s.offload.optimizer + s.offload.activations
    }
    // Least offload first: the good points come early, and the dominance test rejects the rest cheaply.
    strategies = found.enumerated().sorted {
      (amount($0.element), $0.offset) < (amount($1.element), $1.offset)
    }.map(\.element)
    order = StrategyOrder(strategies)
    fingerprint = Self.fingerprint(strategies)
    extremes = Self.extremes(strategies)
  }

  /// The strategies that a quick first look tries.
  var quick: StrategyGrid { StrategyGrid(strategies.filter(\.isUsual)) }

  /// The corners of the grid: each share at its least or its most. The strategy that needs the least memory is one.
  let extremes: [Strategy]

  /// `extremes` of some strategies; complexity: linear.
  private static func extremes(_ strategies: [Strategy]) -> [Strategy] {
    let shares: [(Offload) -> Int] = [{ $0.weights }, { $0.gradients }, { $0.optimizer }, { $0.activations }]
    let ends = shares.map { share in
      strategies.reduce((low: 8, high: 0)) { (min($0.low, share($1.offload)), max($0.high, share($1.offload))) }
    }
    return strategies.filter { strategy in
      zip(shares, ends).allSatisfy { share, ends in
        let eighths = share(strategy.offload)
        return eighths == ends.low || eighths == ends.high
      }
    }
  }

  private static func fingerprint(_ strategies: [Strategy]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for strategy in strategies {
      let offload = strategy.offload
      for value in [strategy.zero, offload.weights, offload.gradients, offload.optimizer, offload.activations] {
        hash = (hash ^ UInt64(value)) &* 0x100_0000_01b3
      }
    }
    return hash
  }

  /// Some strategies, in an order of one's own; complexity: that of `StrategyOrder`.
  init(_ strategies: [Strategy]) {
    self.strategies = strategies
    order = StrategyOrder(strategies)
    fingerprint = Self.fingerprint(strategies)
    extremes = Self.extremes(strategies)
  }
}
