/// What a training runtime overlaps, keeps in memory and adds to the model's own work (docs/model.md, sections 2, 4, 6).
///
/// The formulas read these figures while they are traced, so a search costs the same on every runtime. The values ship
/// in `samples/runtimes`; `RuntimeField.all` names each in files.
public struct RuntimeProfile: Sendable, Equatable {
  /// When communication or the optimizer step takes place.
  public enum Placement: String, Sendable, Equatable, CaseIterable {
    /// Beside kernels.
    case overlapped
    /// With nothing else at work, after the backward that it belongs to.
    case exposed
    /// Beside kernels from ZeRO 3 on, below with nothing else at work.
    case overlappedFromZeRO3 = "overlapped-from-zero-3"
  }

  /// Name for files and flags.
  public var name: String
  /// The profiles that it extends, from the root on.
  public var ancestors: [String] = []
  /// What it is, for people.
  public var title: String
  /// What it overlaps, keeps and can run, a sentence each, with where that stands.
  public var about: [String] = []

  // MARK: States

  /// Bytes of the 16-bit weight that is kept per parameter beside the optimizer's fp32 one.
  public var weightBytes: Figure
  /// Bytes of the gradient that is kept per parameter.
  public var gradientBytes: Figure
  /// Bytes per parameter of the gradients that a micro-batch makes and keeps beside those until its backward is done.
  public var passGradientBytes = Figure(0, .derived, source: "gradients are added to the kept ones as they are made")
  /// Every micro-batch makes a 16-bit gradient of its own that is then added to the kept one; else the first one's is kept.
  public var hasSeparateGradients: Bool
  /// Gradients are reduced before they are added to the kept ones: accumulation runs over a rank's shard.
  public var accumulatesShards: Bool
  /// The product that makes a weight's gradient adds it to the kept one: no kernel of its own does.
  public var fusesAccumulation = false
  /// Bytes of a gradient in collectives.
  public var reductionBytes: Figure
  /// Gradients are all-reduced at every level, though a rank steps its shard alone.
  public var allReducesShards = false
  /// Below ZeRO 3 too it keeps a shard of the weights alone: gathers them in every forward, frees them after the backward.
  public var gathersEveryForward = false

  // MARK: Buffers

  /// Bytes of full-size weights that it holds for layers in work, per parameter of the largest one (ZeRO 3, or offload).
  public var weightBufferBytes = Figure(4, .derived, source: "16-bit weights of a layer and of the next")
  /// Bytes of full-size gradients that it holds for layers in work, per parameter of the largest one (ZeRO 2 and 3).
  public var gradientBufferBytes = Figure(4, .derived, source: "16-bit gradients of a layer and of the one before")
  /// Gathered weights that it keeps for use again, bytes at most (ZeRO 3).
  public var liveWeightBytes = Figure(0, .derived, source: "gathered weights are freed after their layer")
  /// Buffer through which gradients are reduced, bytes (ZeRO 2 and 3).
  public var gradientBucketBytes = Figure(0, .derived, source: "gradients are reduced from where they are")

  // MARK: The end of an iteration

  /// Reduction of gradients over data-parallel ranks in the last backward.
  public var reduction: Placement
  /// Gather of the updated weights of ZeRO 1 and 2.
  public var weightGather: Placement
  /// The optimizer step: beside the next iteration's first forward, layer by layer, or after the last backward.
  public var step: Placement
  /// Bytes that the optimizer step moves per parameter.
  public var stepBytes: Figure
  /// Bytes of copies of the gradients that the step makes beside the kept ones, per parameter that this rank steps: fp32
  /// ones, and what they are flattened into.
  public var stepCopyBytes = Figure(0, .derived, source: "the step reads the kept gradients")
  /// Bytes that checks of the gradients (unscaling, overflow, norm, clipping) move per parameter; 0 for none.
  public var gradientCheckBytes: Figure

  // MARK: Loss

  /// Bytes that the cross entropy's forward moves per logit.
  public var lossForwardBytes: Figure
  /// Bytes that its backward moves per logit.
  public var lossBackwardBytes: Figure
  /// Bytes held per logit at the head's peak.
  public var logitBytes: Figure

  // MARK: Memory of gradients beside the kept ones

  /// Bytes per parameter of fp32 copies of the gradients that stay from one step to the next.
  public var gradientCopyBytes = Figure(0, .derived, source: "gradients have no copy between steps")
  /// Bytes per parameter of copies of all gradients while they are reduced.
  public var reductionCopyBytes = Figure(0, .derived, source: "gradients are reduced from where they are")
  /// Bytes per parameter of weights that stay whole through the iteration of a pipeline although they are sharded.
  public var stagedWeightBytes = Figure(0, .derived, source: "pipelines shard as single stages do")
  /// Bytes per parameter of gradients that add up whole over the micro-batches of a pipeline although they are sharded.
  public var stagedGradientBytes = Figure(0, .derived, source: "pipelines shard as single stages do")
  /// The step's copies are flat buffers: the allocator takes them beside what the passes leave.
  public var flattensStep = false
  /// Bytes of the buckets of data-parallel communication at the end of an iteration.
  public var endBucketBytes = Figure(0, .derived, source: "gradients are reduced from where they are")

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

  /// Tensor-parallel ranks send a part of the hidden state each to the next stage, which gathers it.
  public var splitsPointToPoint = false

  /// Gathers and reductions of sharded layers run beside kernels.
  public var overlapsCollectives = true

  // MARK: Parallelism inside a layer

  /// Context-parallel ranks gather all keys and values at once; else they pass them around a ring.
  public var gathersContext = false
  /// They have equal parts of causal attention: each takes one piece from the start of a sequence and one from its end.
  public var balancesContext = true
  /// With sequence parallelism the inputs of sliced products are kept as shards and gathered again in backward.
  public var gathersInputsAgain = true
  /// With sequence parallelism a layer's gathers and reduce-scatters go piece by piece beside the products.
  public var overlapsTensorCollectives = false
  /// Recomputation ends at the last tensor that backward needs: the product after it is not repeated.
  public var stopsRecomputeEarly = false

  // MARK: What it can run

  /// ZeRO levels that it has, for more than one data-parallel rank.
  public var zeroLevels: [Int]
  /// It can keep shares of its states and activations in host memory.
  public var offloads: Bool
  /// Optimizer states that lie in host memory are stepped there: gradients go down, updated weights come up. Else the
  /// states come to the device for their step.
  public var stepsOnHost = false
  /// With a step on the host gradients stay on the device until it, and go down then, in fp32; else they lie on the host
  /// as they are made.
  public var sendsGradientsAtStep = false
  /// Seconds that the processors of a node need to step one parameter.
  public var hostStepSeconds = Figure(0, .derived, source: "the device steps")

  // MARK: Reserved memory

  /// Reserved beyond allocated, as a share of allocated: fragmentation of the caching allocator.
  public var fragmentation: Figure
  /// Reserved beyond that on the last stage of a pipeline, bytes: blocks sized for logits that layers cannot reuse.
  public var lastStageReserve: Figure
  /// One-sided 90 % error of predicted reserved memory, bytes: the default headroom.
  public var reservedError: Figure

  /// All runtimes that ship; none where their files cannot be read, which `Catalogue.runtimes` tells.
  public static let all: [RuntimeProfile] = (try? Catalogue.runtimes) ?? []

  /// True where the profile `name` extends `other`, directly or not.
  static func extends(_ name: String, _ other: String) -> Bool { named(name)?.ancestors.contains(other) == true }

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

  /// True where no stage starts the next iteration before all have ended this one: the step is at the end, or a norm or
  /// an overflow check needs every gradient first.
  public var hasBarrier: Bool { step != .overlapped || gradientCheckBytes.value > 0 }

  /// One-sided 90 % error of predicted reserved memory, bytes.
  var reservedErrorBytes: Double { reservedError.value }

  /// Reserved bytes of a stage that allocates `passes` at the peak of its passes and `end` for the flat buffers of the
  /// end of the iteration: the blocks that passes leave are too small for those (docs/model.md, section 6).
  func reservedBytes(passes: Double, end: Double, isLastOfMany: Bool) -> Double {
    passes * (1 + fragmentation.value) + end + (isLastOfMany ? lastStageReserve.value : 0)
  }

  /// Bytes of the end's flat buffers in terms of `allocationLimit`: they are not fragmented.
  var endShareOfLimit: Double { 1 / (1 + fragmentation.value) }

  /// Largest allocation whose reserved memory stays within `reserved` bytes.
  func allocationLimit(reserved: Double, isLastOfMany: Bool) -> Double {
    (reserved - (isLastOfMany ? lastStageReserve.value : 0)) / (1 + fragmentation.value)
  }

  /// Bytes that adding a micro-batch's 16-bit gradient to the kept one moves per parameter: read both, write one.
  var accumulationBytes: Double { fusesAccumulation ? 0 : StateBytes.weight + 2 * gradientBytes.value }
}
