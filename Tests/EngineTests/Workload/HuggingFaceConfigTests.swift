import Testing

@testable import Engine

@Suite struct HuggingFaceConfigTests {
  private func read(_ json: String) throws -> HuggingFaceConfig.Imported {
    try HuggingFaceConfig.read(try ConfigNode.parse(json, file: "config.json"), name: "m")
  }

  private func message(_ json: String) -> String {
    do {
      _ = try read(json)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "each family's file gives the parameter count of its model",
    arguments: [
      (
        #"{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "#
          + #""num_hidden_layers": 32, "num_key_value_heads": 8, "vocab_size": 128256, "rope_scaling": null}"#,
        8_030_261_248
      ),
      (
        #"{"model_type":"mistral","hidden_size":5120,"intermediate_size":14336,"num_attention_heads":32,"#
          + #""num_hidden_layers":40,"num_key_value_heads":8,"head_dim":128,"vocab_size":131072}"#, 12_247_782_400
      ),
      (
        #"{"model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_attention_heads": 14, "#
          + #""num_hidden_layers": 24, "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": true, "#
          + #""use_sliding_window": false, "sliding_window": 32768}"#, 494_032_768
      ),
      (
        #"{"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_inner": null, "vocab_size": 50257, "#
          + #""n_ctx": 1024, "task_specific_params": {"text-generation": {"do_sample": true}}}"#, 124_439_808
      ),
      (
        #"{"model_type": "gpt_neox", "hidden_size": 6144, "intermediate_size": 24576, "num_attention_heads": 64, "#
          + #""num_hidden_layers": 44, "vocab_size": 50432, "rotary_pct": 0.25, "hidden_act": "gelu_fast"}"#,
        20_554_567_680
      ),
      (
        #"{"model_type": "falcon", "hidden_size": 4544, "num_attention_heads": 71, "num_hidden_layers": 32, "#
          + #""vocab_size": 65024, "multi_query": true, "parallel_attn": true, "bias": false, "alibi": false, "#
          + #""new_decoder_architecture": false}"#, 6_921_720_704
      ),
      (
        #"{"model_type": "RefinedWebModel", "hidden_size": 4544, "n_head": 71, "n_layer": 32, "vocab_size": 65024, "#
          + #""multi_query": true, "tie_word_embeddings": false}"#, 7_217_189_760
      ),
      (
        #"{"model_type": "falcon", "hidden_size": 8192, "num_attention_heads": 128, "num_kv_heads": 8, "#
          + #""num_hidden_layers": 60, "vocab_size": 65024, "new_decoder_architecture": true}"#, 41_303_293_952
      ),
      (
        #"{"model_type": "mpt", "d_model": 4096, "n_heads": 32, "n_layers": 32, "expansion_ratio": 4, "#
          + #""vocab_size": 50432, "no_bias": true, "attn_config": {"alibi": true, "attn_type": "multihead_attention"}}"#,
        6_649_286_656
      ),
      (
        #"{"model_type": "opt", "hidden_size": 2048, "ffn_dim": 8192, "num_attention_heads": 32, "#
          + #""num_hidden_layers": 24, "vocab_size": 50272, "word_embed_proj_dim": 2048}"#, 1_315_753_984
      ),
    ] as [(String, Double)])
  func counts(_ json: String, _ parameters: Double) throws {
    // OPT's own table of positions has 2,050 rows, two more than the sequence: 1,315,758,080 parameters.
    let shape = try read(json).shape
    #expect(shape.parameterCount(sequenceLength: shape.hidden == 768 ? 1024 : 2048) == parameters)
  }

  @Test("what is not counted is noted in the source of the shape")
  func notes() throws {
    let json =
      #"{"model_type":"mistral","hidden_size":64,"intermediate_size":64,"num_attention_heads":2,"#
      + #""num_hidden_layers":2,"num_key_value_heads":1,"vocab_size":10,"sliding_window":4096}"#
    let imported = try read(json)
    #expect(imported.notes == ["its sliding window of 4096 tokens is not counted"])
    #expect(imported.shape.source.contains("sliding window"))
    #expect(imported.shape.keyValueHeads == 1)
  }

  @Test("Falcon's variants: multi-query, grouped-query, ALiBi and biases")
  func falcon() throws {
    let start =
      #"{"model_type":"falcon","hidden_size":2048,"num_attention_heads":32,"num_hidden_layers":24,"vocab_size":9,"#
    let old = try read(start + #""multi_query":false,"parallel_attn":false,"bias":true,"alibi":true}"#).shape
    #expect(old.keyValueHeads == 32 && old.normsPerLayer == 2 && !old.parallelBlock)
    #expect(old.linearBias && old.queryKeyValueBias && old.positions == .none)
    let eleven = try read(
      start + #""new_decoder_architecture":true,"num_kv_heads":8,"num_ln_in_parallel_attn":1}"#
    ).shape
    #expect(eleven.keyValueHeads == 8 && eleven.normsPerLayer == 1 && eleven.parallelBlock)
    #expect(eleven.feedForward == 8192 && eleven.positions == .rotary)
  }

  @Test("MPT's variants: grouped-query, multi-query, learned positions, biases")
  func mpt() throws {
    let start = #"{"model_type":"mpt","d_model":512,"n_heads":8,"n_layers":2,"vocab_size":9,"#
    let grouped = try read(
      start + #""attn_config":{"attn_type":"grouped_query_attention","kv_n_heads":2,"alibi":false}}"#
    ).shape
    #expect(grouped.keyValueHeads == 2 && grouped.positions == .learned && grouped.normalization == .rmsNorm)
    let biased = try read(start + #""no_bias":false,"attn_config":{"attn_type":"multiquery_attention"}}"#).shape
    #expect(biased.keyValueHeads == 1 && biased.linearBias && biased.normalization == .layerNorm)
    #expect(message(start + #""ffn_config":{"ffn_type":"mptglu"}}"#).contains("the MLP 'mptglu' is not modelled"))
    #expect(
      message(start + #""attn_config":{"attn_type":"linear"}}"#).contains("attn_config.attn_type: found 'linear'"))
  }

  @Test("a mixture of experts is refused by name", arguments: ["mixtral", "qwen2_moe", "deepseek_v3", "llama"])
  func experts(_ family: String) {
    let found = message("{\"model_type\": \"\(family)\",\n \"num_local_experts\": 8}")
    #expect(
      found
        == "config.json:1: model_type: '\(family)' is a mixture of experts, and only dense models are modelled; "
        + "take a model of the families llama, mistral, qwen2, gpt2, gpt_neox, falcon, mpt, opt")
  }

  @Test("an unknown family is refused with those that are known")
  func unknown() {
    #expect(
      message(#"{"model_type": "t5"}"#)
        == "config.json:1: model_type: no known model family is called 't5'; known: llama, mistral, qwen2, gpt2, "
        + "gpt_neox, falcon, mpt, opt")
    #expect(message(#"{"model_type": "qwen3"}"#).contains("'qwen3'; known: llama"))
    #expect(message("{}").contains("'model_type' is missing"))
  }

  @Test("missing, wrong and contradictory keys are named with their line")
  func wrong() {
    let start = "{\n\"model_type\": \"llama\",\n\"hidden_size\": 4096,\n"
    #expect(
      message(start + "\"num_attention_heads\": 32}")
        == "config.json:1: 'intermediate_size' is missing; it must be a whole number from 1 to 1000000")
    #expect(message(start + "\"num_attention_heads\": 0}").hasPrefix("config.json:4: num_attention_heads: found '0'"))
    let rest = "\"num_hidden_layers\":2,\"intermediate_size\":8,\"vocab_size\":8"
    #expect(message(start + rest + ",\"num_attention_heads\": 33}").contains("not a multiple of 33 heads"))
    #expect(
      message(start + rest + ",\"num_attention_heads\": 32,\n\"num_key_value_heads\": 5}")
        == "config.json:5: num_key_value_heads: 32 query heads do not share 5 key and value heads evenly; "
        + "take a divisor of 32")
    #expect(
      message(
        #"{"model_type":"opt","hidden_size":1024,"num_attention_heads":16,"word_embed_proj_dim":512}"#
      ).contains("an embedding of width 512 under a hidden width of 1024"))
  }
}
