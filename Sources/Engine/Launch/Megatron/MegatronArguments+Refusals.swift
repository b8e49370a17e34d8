/// What cannot be priced at all, each with its reason.
extension MegatronArguments {
  private struct Refusal {
    var option: String
    /// Values that are not refused; nil for any value.
    var harmless: Set<String>
    var what: String
    var remedy: String

    init(_ option: String, _ what: String, unless harmless: String..., remedy: String) {
      (self.option, self.what, self.remedy) = (option, what, remedy)
      self.harmless = Set(harmless)
    }
  }

  private static let dense = "only dense transformers are modelled: name a script that trains one"

  private static let refusals = [
    Refusal("num_experts", "a mixture of experts", unless: "0", "None", remedy: dense),
    Refusal("expert_model_parallel_size", "a mixture of experts", unless: "1", remedy: dense),
    Refusal("multi_latent_attention", "multi-latent attention", remedy: dense),
    Refusal("experimental_attention_variant", "another kind of attention", unless: "None", remedy: dense),
    Refusal("linear_attention_freq", "linear attention", unless: "None", remedy: dense),
    Refusal("hybrid_layer_pattern", "layers of several kinds", unless: "None", remedy: dense),
    Refusal("hybrid_override_pattern", "layers of several kinds", unless: "None", remedy: dense),
    Refusal("is_hybrid_model", "layers of several kinds", remedy: dense),
    Refusal("heterogeneous_layers_config_path", "layers of unlike widths", unless: "None", remedy: dense),
    Refusal("heterogeneous_layers_config_encoded_json", "layers of unlike widths", unless: "None", remedy: dense),
    Refusal(
      "yaml_cfg", "arguments in a YAML file, which is not read", unless: "None",
      remedy: "give the arguments on the command line"),
    Refusal("perform_rl_step", "reinforcement learning", remedy: "name a script that pretrains"),
    Refusal("freeze_all_layers", "frozen layers", remedy: "name a script that trains all layers"),
    Refusal("fp4_format", "products in fp4", unless: "None", remedy: "take --fp8-format or none"),
    Refusal("tensor_parallel_num_weight_shards", "weights sharded beyond tensor parallelism", remedy: "remove it"),
    Refusal("hybrid_context_parallel", "context parallelism that changes with the sample", remedy: "remove it"),
  ]

  /// Names of the options that are refused unless their values are harmless.
  static let refusedOptions = refusals.map(\.option)

  /// Throws the first option that asks for something that is not priced.
  func refuseOthers() throws(InputError) {
    for refusal in Self.refusals {
      guard let option = options[refusal.option] else { continue }
      if let value = option.values.first?.text, refusal.harmless.contains(value) { continue }
      throw .unsupported(at: option.place, what: "\(refusal.what) (\(option.text))", remedy: refusal.remedy)
    }
    if try isOn(.torchFSDP), try (count(.stages) ?? 1) > 1 {
      throw .conflict(
        at: place(of: .torchFSDP), problem: "PyTorch's FSDP2 with pipeline stages", remedy: "Megatron-LM refuses it")
    }
  }
}
