/// The Llama 3 configurations that torchtitan ships, by the names of their functions (release 0.3).
enum TorchtitanShipped {
  /// Modules that hold them.
  static let modules: Set<String> = [
    "llama3", "torchtitan.models.llama3", "torchtitan.models.llama3.config_registry",
  ]

  /// What a function sets, by its name; nil for others. What costs nothing is left out.
  static func options(_ name: String) -> [(name: String, value: String)]? {
    switch name {
    case "llama3_debugmodel":
      all("debugmodel", batch: 8, sequence: 2048) + [("parallelism.pipeline_parallel_schedule", "Interleaved1F1B")]
    case "llama3_8b": all("8B", batch: 1, sequence: 8192)
    case "llama3_70b":
      all("70B", batch: 8, sequence: 8192, recompute: "FullAC.Config") + [("parallelism.tensor_parallel_degree", "8")]
    case "llama3_405b":
      all("405B", batch: 2, sequence: 8192, recompute: "FullAC.Config") + [
        ("parallelism.tensor_parallel_degree", "8"), ("compile.enable", "true"),
        ("compile.enable_async_tensor_parallel", "true"), ("model_spec.converters.1", "Float8LinearConverter.Config"),
      ]
    default: nil
    }
  }

  private static func all(
    _ flavor: String, batch: Int, sequence: Int, recompute: String = "SelectiveAC.Config"
  ) -> [(name: String, value: String)] {
    [
      ("model_spec", "model_registry"), ("model_spec.1", flavor), ("training.local_batch_size", "\(batch)"),
      ("training.seq_len", "\(sequence)"), ("activation_checkpoint", recompute),
      ("loss", "ChunkedLossWrapper.Config"), ("optimizer", "default_adamw"),
    ]
  }
}
