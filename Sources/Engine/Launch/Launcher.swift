/// A program that runs training by a plan: what its files can say is a search space and some runtimes (docs/launchers.md).
public enum Launcher: String, Sendable, Hashable, CaseIterable {
  /// NVIDIA's Megatron-LM on Megatron Core.
  case megatronLM = "megatron-lm"
  /// DeepSpeed under a PyTorch model, or under Megatron-DeepSpeed's where layers are split or staged.
  case deepspeed
  /// Hugging Face Accelerate with PyTorch's FSDP2.
  case accelerate
  /// PyTorch's own trainer.
  case torchtitan
  /// The runtime of the paper.
  case mist

  /// Its name for people.
  public var title: String {
    switch self {
    case .megatronLM: "Megatron-LM"
    case .deepspeed: "DeepSpeed"
    case .accelerate: "Accelerate (FSDP2)"
    case .torchtitan: "torchtitan"
    case .mist: "Mist"
    }
  }

  /// Name of the space of the plans that its files can say.
  public var spaceName: String {
    switch self {
    case .megatronLM: "megatron-core"
    case .deepspeed: "megatron-deepspeed"
    case .accelerate: "fsdp"
    case .torchtitan: "torchtitan"
    case .mist: "mist"
    }
  }

  /// The space of the plans that its files can say.
  public var space: SearchSpace { SearchSpace.named(spaceName) ?? .blank }

  /// Names of the runtimes that its options can bring about; the first is what an exported file asks for.
  public var runtimes: [String] {
    switch self {
    case .megatronLM: ["megatron-core", "megatron-core-exposed", "nemo"]
    case .deepspeed: ["deepspeed"]
    case .accelerate: ["fsdp"]
    case .torchtitan: ["torchtitan", "torchtitan-compiled", "torchtitan-async"]
    case .mist: ["mist"]
    }
  }

  /// The workload on this launcher: on its own runtime where that is one of the launcher's, else on the launcher's first.
  public func workload(_ workload: Workload) -> Workload {
    var workload = workload
    workload.run.launcher = self
    if !runtimes.contains(workload.run.runtime) { workload.run.runtime = runtimes[0] }
    return workload
  }
}
