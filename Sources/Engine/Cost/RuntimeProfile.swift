/// What a training runtime overlaps, keeps in memory and adds to the model's own work (docs/model.md, sections 2, 4, 6).
///
/// The formulas read these figures while they are traced, so a search costs the same on every runtime. The values ship
/// in `samples/runtimes`; `RuntimeField.all` names each in files.
public struct RuntimeProfile: Sendable, Equatable {
  /// When communication or the optimizer step takes place.
  public enum Placement: String, Sendable, Equatable, CaseIterable {
    /// Beside kernels.
    case overlapped
    /// With nothing else at work, after the last backward.
    case exposed
  }

  /// Name for files and flags.
  public var name: String
  /// What it is, for people.
  public var title: String

  // MARK: States

  /// Bytes of the 16-bit weight that is kept per parameter beside the optimizer's fp32 one.
  public var weightBytes: Figure
  /// Bytes of the gradient that is kept per parameter.
  public var gradientBytes: Figure
  /// Every micro-batch makes a 16-bit gradient of its own that is then added to the kept one; else the first one's is kept.
  public var hasSeparateGradients: Bool
  /// Gradients are reduced before they are added to the kept ones: accumulation runs over a rank's shard.
  public var accumulatesShards: Bool
  /// Bytes of a gradient in collectives.
  public var reductionBytes: Figure

  // MARK: The end of an iteration

  /// Reduction of gradients over data-parallel ranks in the last backward.
  public var reduction: Placement
  /// Gather of the updated weights of ZeRO 1 and 2.
  public var weightGather: Placement
  /// The optimizer step: beside the next iteration's first forward, layer by layer, or after the last backward.
  public var step: Placement
  /// Bytes that the optimizer step moves per parameter.
  public var stepBytes: Figure
  /// Bytes that checks of the gradients (unscaling, overflow, norm, clipping) move per parameter; 0 for none.
  public var gradientCheckBytes: Figure

  // MARK: Loss

  /// Bytes that the cross entropy's forward moves per logit.
  public var lossForwardBytes: Figure
  /// Bytes that its backward moves per logit.
  public var lossBackwardBytes: Figure
  /// Bytes held per logit at the head's peak.
  public var logitBytes: Figure

  // MARK: Kernels

  /// Bytes of its memory-bound kernels.
  public var traffic = KernelTraffic.least
  /// Rate of its flash attention over that of FlashAttention 2, forward.
  public var flashForwardRate = Figure(1, .derived, source: "FlashAttention 2")
  /// Rate of its flash attention over that of FlashAttention 2, backward.
  public var flashBackwardRate = Figure(1, .derived, source: "FlashAttention 2")
  /// Seconds that the host needs to launch a layer's forward: no layer takes less.
  public var hostForwardSeconds = Figure(0, .assumed, source: "launches are hidden")
  /// Seconds that the host needs to launch a layer's backward.
  public var hostBackwardSeconds = Figure(0, .assumed, source: "launches are hidden")

  // MARK: What it can run

  /// ZeRO levels that it has, for more than one data-parallel rank.
  public var zeroLevels: [Int]
  /// It can keep shares of its states and activations in host memory.
  public var offloads: Bool

  // MARK: Reserved memory

  /// Reserved beyond allocated, as a share of allocated: fragmentation of the caching allocator.
  public var fragmentation: Figure
  /// Reserved beyond that on the last stage of a pipeline, bytes: blocks sized for logits that layers cannot reuse.
  public var lastStageReserve: Figure
  /// One-sided 90 % error of predicted reserved memory, bytes: the default headroom.
  public var reservedError: Figure

  /// All runtimes that ship; none where their files cannot be read, which `Catalogue.runtimes` tells.
  public static let all: [RuntimeProfile] = (try? Catalogue.runtimes) ?? []

  /// The runtime of that name, or nil.
  public static func named(_ name: String) -> RuntimeProfile? { all.first { $0.name == name } }

  /// The paper's runtime: the default of a run.
  public static let mist = named("mist") ?? blank

  /// The runtime that a run names; readers let no other name through.
  static func of(_ run: TrainingRun) -> RuntimeProfile { named(run.runtime) ?? .blank }

  /// A runtime of no cost and no overlap: what a reader fills in.
  static let blank = RuntimeProfile(
    name: "", title: "", weightBytes: none, gradientBytes: none, hasSeparateGradients: false, accumulatesShards: false,
    reductionBytes: none, reduction: .exposed, weightGather: .exposed, step: .exposed, stepBytes: none,
    gradientCheckBytes: none, lossForwardBytes: none, lossBackwardBytes: none, logitBytes: none,
    zeroLevels: [0], offloads: false, fragmentation: none, lastStageReserve: none, reservedError: none)

  private static let none = Figure(0, .assumed, source: "nothing")

  /// One-sided 90 % error of predicted reserved memory, bytes.
  var reservedErrorBytes: Double { reservedError.value }

  /// Reserved bytes of a stage that allocates `allocated` at its peak.
  func reservedBytes(allocated: Double, isLastOfMany: Bool) -> Double {
    allocated * (1 + fragmentation.value) + (isLastOfMany ? lastStageReserve.value : 0)
  }

  /// Largest allocation whose reserved memory stays within `reserved` bytes.
  func allocationLimit(reserved: Double, isLastOfMany: Bool) -> Double {
    (reserved - (isLastOfMany ? lastStageReserve.value : 0)) / (1 + fragmentation.value)
  }

  /// Bytes that adding a micro-batch's 16-bit gradient to the kept one moves per parameter: read both, write one.
  var accumulationBytes: Double { StateBytes.weight + 2 * gradientBytes.value }
}

extension RuntimeProfile {
  /// Share of a rank's gradients that a micro-batch adds to kept ones: (G-1)/G where the first one's are kept as they
  /// are, all where every micro-batch has its own; of the shard (ZeRO 3) where gradients are reduced first.
  func accumulationShare(_ v: StrategyVariables) -> Expression {
    let share = hasSeparateGradients ? v.accumulationShare * 0 + 1 : v.accumulationShare
    return accumulatesShards ? share / v.dataParallel : share
  }

  /// What follows the last backward, or nil where all of it has its place beside other work.
  func endWork(
    operators: ModelOperators, collective: (Expression) -> Expression, shape: TracedShape
  ) -> SlotTrace.EndWork? {
    guard step == .exposed || reduction == .exposed || weightGather == .exposed else { return nil }
    return SlotTrace.EndWork(
      step: step == .exposed
        ? .init(layer: operators.layerStep, embedding: operators.embeddingStep, head: operators.headStep) : nil,
      collective: .init(
        layer: collective(shape.layerParameters), embedding: collective(shape.embeddingParameters),
        head: collective(shape.headParameters)))
  }
}
